//! Capabilities in words.

use crate::vendor::{Capabilities, ObjectCapabilities, Passwords};

/// What is possible with accounts and with groups, and the variants if there are any; a line each.
pub(super) fn capabilities(capabilities: &Capabilities) -> Vec<String> {
    let groups = capabilities
        .groups
        .as_ref()
        .map_or_else(|| "none".to_owned(), object);
    let mut lines = vec![
        format!("users: {}", object(&capabilities.users)),
        format!("groups: {groups}"),
    ];
    if !capabilities.variants.is_empty() {
        lines.push(format!("variants: {}", capabilities.variants.join(", ")));
    }
    lines
}

/// What is possible with one kind of object.
pub(super) fn object(object: &ObjectCapabilities) -> String {
    let able = [
        (true, "create"),
        (true, "change"),
        (object.rename, "rename"),
        (object.disable, "disable"),
        (object.delete, "delete"),
        (object.list, "list"),
    ];
    let mut words: Vec<String> = able
        .iter()
        .filter(|(can, _)| *can)
        .map(|(_, word)| (*word).to_owned())
        .collect();
    words.extend(
        object
            .members
            .map(|style| format!("members {}", members(Some(style)))),
    );
    words.extend(
        object
            .passwords
            .map(|it| format!("passwords ({})", passwords(it))),
    );
    words.extend(special(object));
    words.extend(
        object
            .marker
            .as_ref()
            .map(|field| format!("marker in {field}")),
    );
    words.join(", ")
}

/// What not every vendor has: revocation, collections, references.
pub(super) fn special(object: &ObjectCapabilities) -> Vec<String> {
    let revoke = object.revoke.then(|| "revoke".to_owned());
    let collections = object.collections.iter();
    let collections = collections.map(|name| format!("collection {name}"));
    let references = (!object.references.is_empty()).then(|| "references by name".to_owned());
    revoke
        .into_iter()
        .chain(collections)
        .chain(references)
        .collect()
}

/// How members are written.
pub(super) fn members(style: Option<&str>) -> &'static str {
    match style {
        None => "without members",
        Some("list") => "as a list",
        Some(_) => "one by one",
    }
}

/// What can be done about passwords.
pub(super) fn passwords(passwords: Passwords) -> String {
    let made = if passwords.generated {
        "generated, "
    } else {
        ""
    };
    let written = if passwords.changeable {
        "can be changed"
    } else {
        "on creation only"
    };
    let none = if passwords.optional { ", or none" } else { "" };
    format!("{made}{written}{none}")
}
