//! Capabilities in words.

use crate::vendor::{Capabilities, ObjectCapabilities, Passwords};

/// What is possible with accounts and with groups, a line each.
pub(super) fn capabilities(capabilities: &Capabilities) -> [String; 2] {
    let groups = capabilities
        .groups
        .as_ref()
        .map_or_else(|| "none".to_owned(), object);
    [
        format!("users: {}", object(&capabilities.users)),
        format!("groups: {groups}"),
    ]
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
        (object.revoke, "revoke"),
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
    words.extend(object.collections.iter().cloned());
    words.extend(
        object
            .marker
            .as_ref()
            .map(|field| format!("marker in {field}")),
    );
    words.join(", ")
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
pub(super) fn passwords(passwords: Passwords) -> &'static str {
    match (passwords.generated, passwords.changeable) {
        (true, true) => "generated, can be changed",
        (true, false) => "generated, on creation only",
        (false, true) => "can be changed",
        (false, false) => "on creation only",
    }
}
