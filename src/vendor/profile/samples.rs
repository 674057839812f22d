//! The samples beside the built-in profiles are read as the profiles say.

use serde_json::{Value, json};

use super::super::class::FailureClass;
use super::super::exchange::{Answer, Operation};
use super::super::membership::Membership;
use super::super::object::ObjectProfile;
use super::Profile;
use crate::scim::ResourceKind;

fn profile(vendor: &str) -> Profile {
    Profile::compile(
        vendor,
        Profile::builtin(vendor).unwrap(),
        &toml::Table::new(),
    )
    .unwrap()
}

fn answer(status: u16, sample: &str) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        size: sample.len(),
        body: Some(serde_json::from_str(sample).unwrap()),
        unreadable: false,
    }
}

fn user(vendor: &str) -> ObjectProfile {
    profile(vendor).object(ResourceKind::User).unwrap().clone()
}

fn group(vendor: &str) -> ObjectProfile {
    profile(vendor).object(ResourceKind::Group).unwrap().clone()
}

#[test]
fn truenas_of_two_generations() {
    let core = include_str!("../../../config/vendors/truenas/samples/user-core-13.json");
    let observed = user("truenas").observe_one(&answer(200, core)).unwrap();
    assert_eq!(
        (observed.id.as_str(), observed.key.as_str()),
        ("37", "jdoe")
    );
    assert_eq!((observed.active, observed.protected), (Some(true), false));
    assert_eq!(observed.fields["group"], json!(45));

    let newest = include_str!("../../../config/vendors/truenas/samples/user-25.10.json");
    let observed = user("truenas").observe_one(&answer(200, newest)).unwrap();
    assert_eq!((observed.id.as_str(), observed.active), ("71", Some(false)));
    assert_eq!(observed.fields["email"], Value::Null);
    assert!(!observed.fields.contains_key("password"));

    let team = include_str!("../../../config/vendors/truenas/samples/group-25.10.json");
    let observed = group("truenas").observe_one(&answer(200, team)).unwrap();
    assert_eq!(observed.key, "team");
    assert_eq!(observed.members, Some(vec!["71".to_owned()]));
}

#[test]
fn fortiauthenticator_with_and_without_the_newer_fields() {
    let sample = include_str!("../../../config/vendors/fortiauthenticator/samples/users.json");
    let observed = user("fortiauthenticator")
        .observe_many(&answer(200, sample))
        .unwrap();
    assert_eq!(
        (observed[0].active, observed[0].left_alone),
        (Some(false), true)
    );
    assert_eq!((observed[1].active, observed[1].left_alone), (None, false));
    assert_eq!(observed[0].fields["mobile_number"], json!("+46-701234567"));

    let sample =
        include_str!("../../../config/vendors/fortiauthenticator/samples/memberships.json");
    let group = group("fortiauthenticator");
    let Some(Membership::Objects(objects)) = group.membership() else {
        panic!("memberships are objects");
    };
    assert_eq!(
        objects.read(&answer(200, sample), "8"),
        Ok(vec![("6".to_owned(), "41".to_owned())])
    );
}

#[test]
fn nimble_with_its_marker_and_its_two_messages() {
    let sample = include_str!("../../../config/vendors/nimble/samples/users-detail.json");
    let observed = user("nimble").observe_many(&answer(200, sample)).unwrap();
    assert_eq!(observed[0].marker.as_deref(), Some("2819c223"));
    assert_eq!(observed[0].active, Some(false));
    assert_eq!(observed[0].fields["role"], json!("operator"));

    let sample = include_str!("../../../config/vendors/nimble/samples/conflict.json");
    let classified = profile("nimble")
        .classify(Operation::Create, &answer(409, sample))
        .unwrap();
    assert_eq!(classified.class, FailureClass::Conflict);
    assert_eq!(
        classified.shown.as_deref(),
        Some(
            "messages/0/code: SM_http_conflict; messages/1/code: SM_eexist; messages/1/arguments/arg: name"
        )
    );
}

#[test]
fn foreman_lists_and_groups() {
    let sample = include_str!("../../../config/vendors/foreman/samples/users.json");
    let observed = user("foreman").observe_many(&answer(200, sample)).unwrap();
    assert_eq!(observed[0].key, "JDoe");
    assert_eq!(observed[0].active, Some(true));
    // A list shows neither roles nor titles: unknown, not none.
    assert!(!observed[0].fields.contains_key("organization_ids"));
    assert!(!observed[0].fields.contains_key("role_ids"));

    let sample = include_str!("../../../config/vendors/foreman/samples/usergroup.json");
    let observed = group("foreman").observe_one(&answer(200, sample)).unwrap();
    assert_eq!(observed.members, Some(vec!["12".to_owned()]));
    assert_eq!(observed.fields["role_ids"], json!(["Manager"]));
}
