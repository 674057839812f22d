//! `[[directory.*.schema]]`: extension schemas that a deployment declares (RFC 7643 §3.3, §7).

mod attribute;

use std::sync::Arc;

use scim_filter_parser::{Path, parse_path};

use super::errors::Findings;
use super::file;
use super::places::KeyPath;
use crate::scim::ResourceKind;
use crate::scim::schema::{Extension, Schema, SchemaSet};
use attribute::attributes;

/// The schemas of RFC 7643 and those that are declared; a wrong declaration is reported and left
/// out.
pub(super) fn schemas(
    declared: &[file::Schema],
    list: &KeyPath,
    findings: &mut Findings,
) -> Arc<SchemaSet> {
    let core = SchemaSet::core();
    let mut taken: Vec<String> = core
        .schemas()
        .iter()
        .map(|known| known.id.clone())
        .collect();
    let mut extensions = Vec::new();
    for (index, schema) in declared.iter().enumerate() {
        let path = list.item(index);
        let id = id(schema, &taken, &path.key("id"), findings);
        taken.extend(id.clone());
        let extension = extension(schema, id, &path, findings);
        extensions.extend(extension);
    }
    SchemaSet::with_extensions(extensions)
}

fn extension(
    declared: &file::Schema,
    id: Option<String>,
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<Extension> {
    let name = declared.name.clone().filter(|name| !name.trim().is_empty());
    if name.is_none() {
        findings.error(
            &path.key("name"),
            "the schema has no name",
            "name it for people, for example name = \"Workwear\"",
        );
    }
    let kind = match declared.resource {
        Some(file::SchemaResource::User) => Some(ResourceKind::User),
        Some(file::SchemaResource::Group) => Some(ResourceKind::Group),
        None => {
            findings.error(
                &path.key("resource"),
                "it is not said which resources the schema extends",
                "write resource = \"User\" or resource = \"Group\"",
            );
            None
        }
    };
    if declared.attribute.is_empty() {
        findings.error(
            &path.key("attribute"),
            "the schema has no attributes",
            "declare each in a section [[directory.default.schema.attribute]]",
        );
    }
    let attributes = attributes(&declared.attribute, &path.key("attribute"), findings);
    Some(Extension {
        kind: kind?,
        schema: Schema {
            id: id?,
            name: name?,
            description: declared.description.clone().unwrap_or_default(),
            attributes,
        },
    })
}

/// The URN, if it is one that paths can name and that is not taken.
fn id(
    declared: &file::Schema,
    taken: &[String],
    key: &KeyPath,
    findings: &mut Findings,
) -> Option<String> {
    const EXAMPLE: &str = "for example id = \"urn:example:params:scim:schemas:workwear:2.0:User\"";
    let Some(id) = &declared.id else {
        findings.error(
            key,
            "the schema has no id",
            format!("give it a URN, {EXAMPLE}"),
        );
        return None;
    };
    if !can_be_named(id) {
        findings.error(
            key,
            format!("{id:?} is no URN that the path of an attribute could begin with"),
            format!("begin with urn:, then letters, digits, dots, hyphens and colons, {EXAMPLE}"),
        );
        return None;
    }
    let clash = taken.iter().find(|other| clashes(id, other));
    if let Some(other) = clash {
        findings.error(
            key,
            format!("{id:?} is taken, or could be mistaken for an attribute: there is {other:?}"),
            "choose a URN that neither equals nor continues another schema's",
        );
        return None;
    }
    Some(id.clone())
}

/// RFC 7644 §3.10: an attribute of an extension is named by the URN, a colon, and its name.
fn can_be_named(id: &str) -> bool {
    let has_scheme = id
        .get(..4)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:"));
    let path = parse_path(&format!("{id}:probe"));
    has_scheme
        && matches!(
            path,
            Ok(Path::Attribute(path))
                if path.urn.as_deref() == Some(id)
                    && path.name == "probe"
                    && path.sub_attribute.is_none()
        )
}

/// Whether one URN equals the other, or continues it so that it reads as one of its attributes.
pub(super) fn clashes(id: &str, other: &str) -> bool {
    let (id, other) = (id.to_ascii_lowercase(), other.to_ascii_lowercase());
    id == other || id.starts_with(&format!("{other}:")) || other.starts_with(&format!("{id}:"))
}
