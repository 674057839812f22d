//! `[[directory.*.role]]` and `[[directory.*.entitlement]]`: what the directory lists for identity
//! providers to assign.

use crate::config::appliance::ConfiguredAppliance;
use crate::config::errors::Findings;
use crate::config::file;
use crate::config::places::KeyPath;
use crate::delivery::Scope;
use crate::directory::DirectorySettings;
use crate::scim::assignable::{Assignable, AssignableKind};
use crate::scim::folds_alike;

/// A value is an id, which stands in URLs.
const LONGEST_VALUE: usize = 128;
/// Okta cuts longer descriptions.
const LONGEST_DESCRIPTION: usize = 1000;

/// The roles, then the entitlements; wrong ones are reported and left out.
pub(super) fn assignables(
    directory: &file::Directory,
    section: &KeyPath,
    findings: &mut Findings,
) -> Vec<Assignable> {
    let mut found: Vec<Assignable> = Vec::new();
    for (kind, declared) in [
        (AssignableKind::Role, &directory.role),
        (AssignableKind::Entitlement, &directory.entitlement),
    ] {
        let list = section.key(key(kind));
        for (index, one) in declared.iter().enumerate() {
            let path = list.item(index);
            let assignable = assignable(kind, one, &path, findings);
            let Some(assignable) = assignable else {
                continue;
            };
            // Tables compare without regard to case.
            let twin = found
                .iter()
                .find(|other| other.kind == kind && folds_alike(&other.value, &assignable.value));
            if let Some(twin) = twin {
                findings.error(
                    &path.key("value"),
                    format!("there is a {} {:?} already", key(kind), twin.value),
                    "give each its own value; upper and lower case do not differ",
                );
                continue;
            }
            found.push(assignable);
        }
    }
    found
}

/// The key that declares a kind.
fn key(kind: AssignableKind) -> &'static str {
    match kind {
        AssignableKind::Role => "role",
        AssignableKind::Entitlement => "entitlement",
    }
}

fn assignable(
    kind: AssignableKind,
    declared: &file::Assignable,
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<Assignable> {
    let value = declared.value.clone().unwrap_or_default();
    let fits = !value.is_empty()
        && value.trim() == value
        && value.chars().count() <= LONGEST_VALUE
        && !value.contains(|character: char| character.is_control() || character == '/')
        && !matches!(value.as_str(), "." | ".." | ".search");
    if !fits {
        findings.error(
            &path.key("value"),
            format!("{value:?} cannot be the value of a {}", key(kind)),
            format!(
                "write what users are to have in `{}`, at most {LONGEST_VALUE} characters without \
                 a slash, for example value = \"storage-admin\"",
                kind.attribute()
            ),
        );
    }
    let description = declared.description.clone();
    let length = description
        .as_deref()
        .map_or(0, |text| text.chars().count());
    if length > LONGEST_DESCRIPTION {
        findings.error(
            &path.key("description"),
            format!("the description has {length} characters"),
            format!("write at most {LONGEST_DESCRIPTION}"),
        );
    }
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    fits.then(|| Assignable {
        kind,
        display: filled(&declared.display).unwrap_or_else(|| value.clone()),
        category: filled(&declared.category),
        description: filled(&description),
        value,
    })
}

/// Warns of roles and entitlements that change nothing anywhere: whoever assigns them believes
/// otherwise.
pub(in crate::config) fn assignables_reach_a_table(
    directories: &[DirectorySettings],
    appliances: &[ConfiguredAppliance],
    findings: &mut Findings,
) {
    for directory in directories {
        for assignable in &directory.assignables {
            let read = appliances
                .iter()
                .filter(|appliance| appliance.policy.serves(&directory.name))
                .any(|appliance| reads(appliance, assignable));
            if !read {
                let (name, value) = (key(assignable.kind), &assignable.value);
                findings.warning(
                    &KeyPath::new("directory").key(&directory.name).key(name),
                    format!(
                        "the {name} {value:?} is offered, but no appliance of this directory reads \
                         it: add a line {{ {name} = {value:?}, value = ... }} to the `choose` of a row"
                    ),
                );
            }
        }
    }
}

fn reads(appliance: &ConfiguredAppliance, assignable: &Assignable) -> bool {
    let attribute = assignable.kind.attribute();
    let by_scope = match &appliance.policy.users {
        Some(Scope::Matching(filter)) => filter.to_string().to_lowercase().contains(attribute),
        Some(Scope::All) | None => false,
    };
    by_scope || appliance.profile.reads(assignable.kind, &assignable.value)
}
