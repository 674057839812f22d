//! One role, as clients meet it.

use scim_filter_parser::parse_filter;
use serde_json::json;

use super::{Assignable, AssignableKind, judge_filter};
use crate::scim::query::Projection;
use crate::scim::{ErrorKind, Tolerances, Tolerated};

fn role() -> Assignable {
    Assignable {
        kind: AssignableKind::Role,
        value: "administrator".to_owned(),
        display: "Storage administrator".to_owned(),
        category: None,
        description: Some("Everything".to_owned()),
    }
}

#[test]
fn it_has_the_form_that_okta_documents() {
    let shown = role().render("https://host/Roles/x", "W/\"1\"", &Projection::everything());
    assert_eq!(
        shown,
        json!({
            "schemas": ["urn:okta:scim:schemas:core:1.0:Role"],
            "id": "administrator",
            "displayName": "Storage administrator",
            "description": "Everything",
            "meta": {
                "resourceType": "Role", "location": "https://host/Roles/x", "version": "W/\"1\"",
            },
        })
    );
    let names = [("attributes".to_owned(), "displayname".to_owned())];
    let projection = Projection::from_parameters(&names).unwrap();
    let shown = role().render("https://host/Roles/x", "W/\"1\"", &projection);
    let keys: Vec<&String> = shown.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["schemas", "id", "displayName"]);
}

#[test]
fn its_version_follows_what_it_says() {
    let renamed = Assignable {
        display: "Array administrator".to_owned(),
        ..role()
    };
    assert_eq!(role().version(), role().version());
    assert_ne!(role().version(), renamed.version());
    assert!(role().version() > 0);
}

#[test]
fn filters_follow_the_schema() {
    for (filter, matches) in [
        (r#"id eq "administrator""#, true),
        (r#"id eq "Administrator""#, false),
        (r#"displayName sw "storage""#, true),
        (r#"type pr"#, false),
        (r#"description pr and not (displayName co "guest")"#, true),
        (
            r#"urn:okta:scim:schemas:core:1.0:Role:displayName co "ADMIN""#,
            true,
        ),
    ] {
        let filter = parse_filter(filter).unwrap();
        assert_eq!(role().matches(&filter), matches, "{filter}");
    }
}

#[test]
fn a_filter_that_makes_no_sense_is_refused_and_an_unknown_name_only_by_strict_directories() {
    let judge = |text: &str, tolerances| {
        let mut tolerated = Tolerated::within(tolerances);
        let filter = parse_filter(text).unwrap();
        judge_filter(&filter, AssignableKind::Role, &mut tolerated)
            .and_then(|()| tolerated.verdict())
            .map_err(|error| error.kind)
    };
    let invalid = Err(ErrorKind::InvalidFilter);
    assert_eq!(judge("displayName gt null", Tolerances::all()), invalid);
    assert_eq!(judge(r#"shoeSize eq "42""#, Tolerances::all()), Ok(()));
    assert_eq!(judge(r#"shoeSize eq "42""#, Tolerances::none()), invalid);
}
