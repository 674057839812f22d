//! Several directories, the appliances that serve them, roles and entitlements.

use super::{APPLIANCE, TOKEN, config, error, errors};
use crate::scim::ResourceKind;
use crate::scim::assignable::AssignableKind;
use crate::scim::{Tolerance, Tolerances};

/// A second directory, with a token of its own.
const PARTNERS: &str = "[[directory.partners.token]]\nname = \"entra\"\n\
    sha256 = \"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752\"\n";

/// An appliance, with these lines in its table.
fn with(lines: &str) -> String {
    format!("{TOKEN}{PARTNERS}{APPLIANCE}{lines}")
}

#[test]
fn a_further_directory_has_the_documented_defaults_and_settings_of_its_own() {
    let config = config(&format!(
        "[directory.default]\nunique_group_names = false\nstrict = true\n\
         [directory.partners]\npatch_answer = \"no_content\"\n\
         tolerate.pathless_patch = false\n{}",
        with("directories = [\"default\", \"partners\"]\n")
    ));
    let [default, partners] = &config.directories[..] else {
        panic!("two directories");
    };
    assert_eq!((&*default.name, &*partners.name), ("default", "partners"));
    assert!(!default.unique_group_names && default.tolerances.are_none());
    assert!(partners.unique_group_names, "not what `default` says");
    assert!(partners.patch_no_content);
    let all_but_one = Tolerances::all().with(Tolerance::PathlessPatch, false);
    assert_eq!(partners.tolerances, all_but_one);
    assert_eq!(partners.tokens[0].name, "entra");
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
}

#[test]
fn an_appliance_says_which_directories_it_serves() {
    let served = |lines: &str| -> Vec<String> {
        let config = config(&with(lines));
        let served = config.appliances[0].policy.directories.iter();
        served.cloned().collect()
    };
    assert_eq!(served(""), ["default"]);
    assert_eq!(served("directory = \"partners\"\n"), ["partners"]);
    let both = "directories = [\"partners\", \"default\", \"partners\"]\n";
    assert_eq!(served(both), ["default", "partners"]);
}

#[test]
fn what_all_appliances_serve_can_be_said_in_one_place() {
    let second = APPLIANCE.replace("nas-1", "nas-2");
    let config = config(&format!(
        "{TOKEN}{PARTNERS}[appliance_defaults]\ndirectories = [\"default\", \"partners\"]\n\
         {APPLIANCE}{second}directory = \"partners\"\n"
    ));
    assert_eq!(config.appliances[0].policy.directories.len(), 2);
    assert_eq!(config.appliances[1].policy.directories.len(), 1);
}

#[test]
fn a_directory_that_there_is_not_gets_a_suggestion() {
    assert_eq!(
        error(&with("directory = \"partner\"\n")),
        "scim-bridge.toml:13: appliance.nas-1.directory: there is no directory \"partner\"; \
         did you mean \"partners\"? There are default and partners"
    );
    let several = errors(&with("directories = [\"default\", \"sales\", \"hr\"]\n"));
    assert_eq!(several.len(), 2, "{several:#?}");
    assert!(several[1].contains("declare it as [directory.sales]"));
    let none = error(&with("directories = []\n"));
    assert!(none.contains("serves no directory"), "{none}");
    let both = error(&with(
        "directory = \"default\"\ndirectories = [\"partners\"]\n",
    ));
    assert!(both.contains("keep one of them"), "{both}");
}

#[test]
fn a_name_stands_in_a_url() {
    for (name, reason) in [
        ("v2", "reserved"),
        ("HR", "cannot be the name"),
        ("\"h r\"", "cannot be the name"),
        ("hr-", "hyphen"),
    ] {
        let other = PARTNERS.replace("partners", name);
        let message = error(&format!("{TOKEN}{other}{APPLIANCE}"));
        assert!(message.contains(reason), "{name}: {message}");
        assert!(message.contains("/scim/<name>/v2"), "{name}: {message}");
    }
}

#[test]
fn every_directory_needs_a_token_that_opens_no_other() {
    let message = error(&format!("{TOKEN}[directory.partners]\n{APPLIANCE}"));
    assert!(message.contains("directory.partners.token"), "{message}");
    let same = TOKEN.replace("default", "partners");
    let message = error(&format!("{TOKEN}{same}{APPLIANCE}"));
    assert!(
        message.contains("the same token as \"okta\" of the directory \"default\""),
        "{message}"
    );
}

#[test]
fn a_directory_that_nothing_follows_is_warned_about() {
    let config = config(&with(""));
    assert_eq!(config.warnings.len(), 1, "{:?}", config.warnings);
    assert!(config.warnings[0].contains("directory.partners: no appliance serves"));
}

fn schema(directory: &str, kind: &str) -> String {
    format!(
        "[[directory.{directory}.schema]]\nid = \"urn:example:workwear:2.0:User\"\n\
         name = \"Workwear\"\nresource = \"User\"\n\
         [[directory.{directory}.schema.attribute]]\nname = \"badge\"\ntype = \"{kind}\"\n"
    )
}

#[test]
fn a_table_can_read_what_any_of_its_directories_declares() {
    let own = "directories = [\"default\", \"partners\"]\n\
        [appliance.user.fields.full_name]\nfrom = [\"urn:example:workwear:2.0:User:badge\"]\n";
    let config = config(&format!("{}{}", with(own), schema("partners", "string")));
    let schemas = config.appliances[0].profile.schemas();
    assert_eq!(schemas.extensions(ResourceKind::User).count(), 2);
    let alone = error(&format!(
        "{}{}",
        with(&own.replace(", \"partners\"", "")),
        schema("partners", "string")
    ));
    assert!(alone.contains("names no attribute of a User"), "{alone}");
}

#[test]
fn two_declarations_of_one_schema_must_agree_where_an_appliance_serves_both() {
    let both = with("directories = [\"default\", \"partners\"]\n");
    let same = schema("default", "string") + &schema("partners", "string");
    config(&format!("{both}{same}"));
    let different = schema("default", "string") + &schema("partners", "integer");
    let message = error(&format!("{both}{different}"));
    assert!(message.contains("do not go together"), "{message}");
    // Served by none in common, they are each directory's own affair.
    config(&format!("{}{different}", with("")));
}

#[test]
fn a_password_that_one_of_the_directories_refuses_is_warned_about_by_name() {
    let config = config(&format!(
        "[directory.partners]\nstrict = true\n{}",
        with("directories = [\"default\", \"partners\"]\naccount_password = \"sync\"\n")
    ));
    assert_eq!(config.warnings.len(), 1, "{:?}", config.warnings);
    assert!(config.warnings[0].contains("the directory \"partners\" refuses"));
}

const ROLES: &str = "[[directory.default.role]]\nvalue = \"storage-admin\"\n\
    display = \"Storage administrator\"\ntype = \"Storage\"\n\
    [[directory.default.entitlement]]\nvalue = \"vpn\"\n";

#[test]
fn roles_and_entitlements_are_offered_and_those_that_nothing_reads_are_warned_about() {
    let own = "[appliance.user.fields.full_name]\n\
        choose = [{ role = \"Storage-Admin\", value = \"Admin\" }]\n";
    let config = config(&format!("{TOKEN}{ROLES}{APPLIANCE}{own}"));
    let [role, entitlement] = &config.directories[0].assignables[..] else {
        panic!("one of each");
    };
    assert_eq!(role.kind, AssignableKind::Role);
    assert_eq!(role.display, "Storage administrator");
    assert_eq!(role.category.as_deref(), Some("Storage"));
    assert_eq!((&*entitlement.value, &*entitlement.display), ("vpn", "vpn"));
    assert_eq!(config.warnings.len(), 1, "{:?}", config.warnings);
    assert!(config.warnings[0].contains("the entitlement \"vpn\" is offered"));
    // A scope that looks at entitlements counts as well.
    let scope = "users = 'entitlements.value eq \"vpn\"'\n";
    let config = super::config(&format!("{TOKEN}{ROLES}{APPLIANCE}{scope}{own}"));
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
}

#[test]
fn a_role_has_a_value_of_its_own() {
    for (role, reason) in [
        ("display = \"Admin\"", "cannot be the value of a role"),
        ("value = \"a/b\"", "without a slash"),
        ("value = \" admin\"", "cannot be the value"),
        (
            "value = \"STORAGE-ADMIN\"",
            "there is a role \"storage-admin\" already",
        ),
    ] {
        let message = error(&format!(
            "{TOKEN}{ROLES}[[directory.default.role]]\n{role}\n{APPLIANCE}"
        ));
        assert!(message.contains(reason), "{role}: {message}");
    }
}
