//! `directory` and `directories`: which directories an appliance serves, and the schemas of all of
//! them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::directory::DEFAULT_DIRECTORY;
use crate::config::errors::{Findings, closest, listing};
use crate::config::file;
use crate::config::places::KeyPath;
use crate::config::schema::clashes;
use crate::directory::DirectorySettings;
use crate::scim::ResourceKind;
use crate::scim::schema::{Extension, SchemaSet};

/// The directories that an appliance serves; those that there are not are reported and left out.
pub(super) fn served<'a>(
    appliance: &file::Appliance,
    directories: &'a [DirectorySettings],
    path: &KeyPath,
    findings: &mut Findings,
) -> Vec<&'a DirectorySettings> {
    let (names, key) = match (&appliance.directory, &appliance.directories) {
        (Some(_), Some(_)) => {
            findings.error(
                &path.key("directories"),
                "`directory` is set, too",
                "keep one of them: directories = [\"default\", \"partners\"] lists several",
            );
            return Vec::new();
        }
        (None, Some(names)) => (names.clone(), path.key("directories")),
        (Some(name), None) => (vec![name.clone()], path.key("directory")),
        (None, None) => (vec![DEFAULT_DIRECTORY.to_owned()], path.key("directory")),
    };
    if names.is_empty() {
        findings.error(
            &key,
            "the appliance serves no directory",
            "name at least one, or take the key out to serve \"default\"",
        );
    }
    let names: BTreeSet<String> = names.into_iter().collect();
    let known = || directories.iter().map(|directory| directory.name.as_str());
    let mut served = Vec::new();
    for name in &names {
        match directories.iter().find(|directory| directory.name == *name) {
            Some(directory) => served.push(directory),
            None => findings.error(
                &key,
                format!("there is no directory {name:?}"),
                match closest(name, known()) {
                    Some(meant) => {
                        format!("did you mean {meant:?}? There are {}", listing(known()))
                    }
                    None => format!(
                        "there are {}; declare it as [directory.{name}]",
                        listing(known())
                    ),
                },
            ),
        }
    }
    served
}

/// The schemas of all directories that an appliance serves: its table and scopes can name what any
/// of them declares. A user of the others has no value there.
pub(super) fn schemas(
    served: &[&DirectorySettings],
    path: &KeyPath,
    findings: &mut Findings,
) -> Arc<SchemaSet> {
    if let [only] = served {
        return Arc::clone(&only.schemas);
    }
    let mut union: Vec<(&str, Extension)> = Vec::new();
    for directory in served {
        for extension in extensions(&directory.schemas) {
            let id = &extension.schema.id;
            let other = union
                .iter()
                .find(|(_, known)| clashes(id, &known.schema.id));
            match other {
                None => union.push((&directory.name, extension)),
                Some((_, known)) if *known == extension => {}
                Some((first, known)) => findings.error(
                    &path.key("directories"),
                    format!(
                        "the directories {first:?} and {:?} declare {:?} and {id:?}, which do not go \
                         together",
                        directory.name, known.schema.id
                    ),
                    "declare the schema in the same way in both, or under another id",
                ),
            }
        }
    }
    SchemaSet::with_extensions(union.into_iter().map(|(_, extension)| extension).collect())
}

/// What a directory declares.
fn extensions(schemas: &SchemaSet) -> Vec<Extension> {
    let declared: BTreeSet<&str> = schemas.declared().map(|known| known.id.as_str()).collect();
    let of_kind = |kind| {
        schemas
            .extensions(kind)
            .filter(|schema| declared.contains(schema.id.as_str()))
            .map(move |schema| Extension {
                kind,
                schema: schema.clone(),
            })
    };
    of_kind(ResourceKind::User)
        .chain(of_kind(ResourceKind::Group))
        .collect()
}
