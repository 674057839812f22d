//! `strict`, single tolerances, and what suites disagree on.

use super::{APPLIANCE, TOKEN, config, error};
use crate::scim::{Tolerance, Tolerances};

fn directory(lines: &str) -> String {
    format!("[directory.default]\n{lines}\n{TOKEN}{APPLIANCE}")
}

#[test]
fn strict_tolerates_nothing() {
    let config = config(&directory("strict = true"));
    assert!(config.directories[0].tolerances.are_none());
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
}

#[test]
fn a_tolerance_is_switched_alone() {
    let loaded = config(&directory("tolerate.string_boolean = false"));
    assert_eq!(
        loaded.directories[0].tolerances,
        Tolerances::all().with(Tolerance::StringBoolean, false)
    );
    let loaded = config(&directory("strict = true\ntolerate.password = true"));
    assert_eq!(
        loaded.directories[0].tolerances,
        Tolerances::none().with(Tolerance::Password, true)
    );
    assert!(
        loaded.warnings[0].contains("interopProfileConformant"),
        "{:?}",
        loaded.warnings
    );
}

#[test]
fn an_unknown_tolerance_gets_a_suggestion() {
    assert_eq!(
        error(&directory("tolerate.string_booleans = false")),
        "scim-bridge.toml:2: directory.default.tolerate.string_booleans: \
         there is no such tolerance; did you mean `string_boolean`?"
    );
    let far = error(&directory("tolerate.anything_else = false"));
    assert!(far.ends_with("docs/strict.md lists them"), "{far}");
}

#[test]
fn a_password_that_is_refused_cannot_be_synchronised() {
    let text = directory("strict = true") + "account_password = \"sync\"\n";
    let config = config(&text);
    assert!(
        config
            .warnings
            .iter()
            .any(|warning| warning.contains("tolerate.password = true")),
        "{:?}",
        config.warnings
    );
}

#[test]
fn unknown_members_of_a_new_group_can_be_refused() {
    let refusing = config(&directory("unknown_member_on_create = \"refuse\""));
    assert!(!refusing.directories[0].accept_unknown_members);
}
