//! Plans as an operator reads them.

use std::sync::Arc;

use super::draft::{Draft, Outcome};
use super::subject::PlannedResource;
use super::{show, targets};
use crate::appliance::{CallObserver, Unobserved};

const CONFIGURATION: &str = r#"
[[directory.default.token]]
name = "okta"
sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

[appliance_defaults]
username = "bridge"
password = "appliance secret"

[[appliance]]
name = "nas-1"
vendor = "truenas"
url = "https://nas-1"
groups = "all"
bind_groups = { "NAS admins" = "builtin_administrators" }

[[appliance]]
name = "array-1"
vendor = "nimble"
url = "https://array-1"
users = 'groups.display eq "Storage"'
"#;

const JANE: &str = r#"{"userName": "Jane.Doe@corp.example", "displayName": "Jane Doe",
    "emails": [{"value": "jane.doe@corp.example", "primary": true}], "password": "jane's secret"}"#;

fn plan(resource: &str, groups: &[&str]) -> (String, Vec<Draft>) {
    plan_with(CONFIGURATION, resource, groups)
}

fn plan_with(configuration: &str, resource: &str, groups: &[&str]) -> (String, Vec<Draft>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scim-bridge.toml");
    std::fs::write(&file, configuration).unwrap();
    let config = crate::config::load(Some(&file), std::iter::empty()).unwrap();
    let observer: Arc<dyn CallObserver> = Arc::new(Unobserved);
    let path = folder.path().join("resource.json");
    std::fs::write(&path, resource).unwrap();
    let mut resource = PlannedResource::read(&path, None, &config.directories[0]).unwrap();
    let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
    resource.add_groups(&groups);
    let drafts: Vec<Draft> = targets(&config.appliances, &observer)
        .unwrap()
        .iter()
        .map(|target| Draft::of(target, &resource))
        .collect();
    (show::text(&resource, &drafts), drafts)
}

#[test]
fn an_absent_account_is_looked_for_and_created() {
    let (text, drafts) = plan(JANE, &[]);
    assert_eq!(drafts[0].outcome, Outcome::Create);
    assert!(
        text.contains("nas-1 (truenas): create \"jane.doe\""),
        "{text}"
    );
    assert!(text.contains("  find     GET /api/v2.0/user"), "{text}");
    assert!(text.contains("  create   POST /api/v2.0/user"), "{text}");
    assert!(text.contains("\"full_name\":\"Jane Doe\""), "{text}");
}

#[test]
fn what_is_assumed_of_an_appliance_that_was_not_asked_is_said() {
    let (text, _) = plan(JANE, &[]);
    assert_eq!(text.matches("has not been asked").count(), 1, "{text}");
    assert!(text.contains("\"rest\" is assumed"), "{text}");
}

#[test]
fn a_pinned_variant_is_planned_for_without_asking() {
    let configuration = CONFIGURATION.replace(
        "vendor = \"truenas\"",
        "vendor = \"truenas\"\nvariant = \"jsonrpc\"",
    );
    let (text, _) = plan_with(&configuration, JANE, &[]);
    assert!(text.contains("  find     user.query"), "{text}");
    assert!(text.contains("  create   user.create"), "{text}");
    assert!(!text.contains("has not been asked"), "{text}");
    assert!(!text.contains("secret\""), "{text}");
}

#[test]
fn no_secret_is_shown() {
    let (text, drafts) = plan(JANE, &["Storage"]);
    let json = serde_json::to_string(&drafts.iter().map(show::json).collect::<Vec<_>>()).unwrap();
    for shown in [text, json] {
        assert!(shown.contains("********"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}

#[test]
fn the_scope_decides_with_the_groups_that_are_given() {
    let (text, drafts) = plan(JANE, &[]);
    assert_eq!(drafts[1].outcome, Outcome::OutOfScope);
    assert!(
        text.contains("array-1 (nimble): out of scope; the filter in `users` leaves it out"),
        "{text}"
    );
    let (_, drafts) = plan(JANE, &["Storage"]);
    assert_eq!(drafts[1].outcome, Outcome::Create);
    assert_eq!(drafts[1].key.as_deref(), Some("janedoe"));
}

#[test]
fn an_inactive_user_gets_no_account() {
    let (_, drafts) = plan(r#"{"userName": "jane", "active": false}"#, &[]);
    assert_eq!(drafts[0].outcome, Outcome::NoAccount);
    assert!(drafts[0].calls.is_empty());
}

#[test]
fn a_protected_account_is_refused() {
    let (text, drafts) = plan(r#"{"userName": "root"}"#, &[]);
    assert_eq!(drafts[0].outcome, Outcome::Refused);
    assert!(drafts[0].calls.is_empty());
    assert!(text.contains("protected"), "{text}");
}

#[test]
fn a_bound_group_is_never_created() {
    let (text, drafts) = plan(r#"{"displayName": "nas ADMINS", "members": []}"#, &[]);
    assert_eq!(drafts[0].key.as_deref(), Some("builtin_administrators"));
    assert!(!text.contains("create"), "{text}");
    assert_eq!(drafts[1].outcome, Outcome::OutOfScope);
    assert!(text.contains("has no groups"), "{text}");
}
