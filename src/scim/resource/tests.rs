use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{Incoming, Member, read_resource};
use crate::scim::schema::SchemaSet;
use crate::scim::{ErrorKind, ResourceKind, ScimError, Tolerance};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn read_user(body: Value) -> Result<Incoming, ScimError> {
    read_resource(ResourceKind::User, body, &SchemaSet::core())
}

fn read_group(body: Value) -> Result<Incoming, ScimError> {
    read_resource(ResourceKind::Group, body, &SchemaSet::core())
}

/// A body whose only attribute beside `userName` is this one, and what becomes of the attribute.
fn attribute(name: &str, value: Value) -> Value {
    let incoming = read_user(json!({"userName": "u", name: value})).unwrap();
    incoming.document.get(name).cloned().unwrap_or(Value::Null)
}

#[test]
fn a_body_as_the_rfc_has_it_stays_as_it_is() {
    let body = json!({
        "schemas": [USER, ENTERPRISE],
        "userName": "mira@corp.example",
        "externalId": "701984",
        "name": {"givenName": "Mira", "familyName": "Lind"},
        "emails": [
            {"value": "mira@corp.example", "type": "work", "primary": true},
            {"value": "mira@home.example", "type": "home", "primary": false},
        ],
        "active": false,
        ENTERPRISE: {"department": "Grid", "manager": {"value": "26"}},
    });
    let incoming = read_user(body.clone()).unwrap();
    assert_eq!(Value::Object(incoming.document), body);
    assert!(incoming.active_given);
    assert!(incoming.tolerated.is_empty(), "{:?}", incoming.tolerated);
}

#[test]
fn what_only_the_service_writes_is_ignored() {
    let incoming = read_user(json!({
        "schemas": [USER], "userName": "u", "id": "7", "groups": [],
        "meta": {"resourceType": "User", "created": 5},
        ENTERPRISE: {"manager": {"value": "26", "displayName": "Boss", "$ref": "../Users/26"}},
    }))
    .unwrap();
    assert_eq!(
        Value::Object(incoming.document),
        json!({
            "schemas": [USER, ENTERPRISE], "userName": "u", "active": true,
            ENTERPRISE: {"manager": {"value": "26"}},
        })
    );
}

#[test]
fn names_are_known_in_any_case_and_kept_as_the_schema_has_them() {
    let incoming = read_user(json!({
        "SCHEMAS": [USER.to_uppercase()], "username": "u", "DISPLAYNAME": "U",
        "EMAILS": [{"VALUE": "u@x.example"}], "NAME": {"GivenName": "U"},
        ENTERPRISE.to_lowercase(): {"DEPARTMENT": "D"},
    }))
    .unwrap();
    assert_eq!(
        Value::Object(incoming.document),
        json!({
            "schemas": [USER, ENTERPRISE], "userName": "u", "displayName": "U",
            "emails": [{"value": "u@x.example"}], "name": {"givenName": "U"}, "active": true,
            ENTERPRISE: {"department": "D"},
        })
    );
}

#[test]
fn nothing_is_sent_in_many_ways() {
    let empty = [
        json!(null),
        json!(""),
        json!([]),
        json!({}),
        json!([null]),
        json!([""]),
    ];
    for value in &empty {
        for name in ["name", "emails", "roles", "manager"] {
            if *value == json!({}) && name == "manager" {
                continue;
            }
            assert_eq!(
                attribute(name, value.clone()),
                Value::Null,
                "{name} {value}"
            );
        }
    }
    assert_eq!(attribute("title", json!(null)), Value::Null);
    assert_eq!(attribute("title", json!("")), Value::Null);
    assert_eq!(
        attribute(
            "name",
            json!({"givenName": "A", "middleName": null, "familyName": ""})
        ),
        json!({"givenName": "A"})
    );
    assert_eq!(
        attribute(
            "emails",
            json!([{"type": "work", "value": ""}, {"value": "a@x.example"}])
        ),
        json!([{"value": "a@x.example"}])
    );
}

#[test]
fn odd_forms_of_a_value_mean_the_value() {
    let cases = [
        ("active", json!("True"), json!(true)),
        ("active", json!("false"), json!(false)),
        ("active", json!(["False"]), json!(false)),
        ("active", json!([true]), json!(true)),
        ("title", json!(["Pilot"]), json!("Pilot")),
        (
            "title",
            json!([{"$ref": null, "value": "Pilot"}]),
            json!("Pilot"),
        ),
        (
            "name",
            json!([{"givenName": "A"}]),
            json!({"givenName": "A"}),
        ),
        (
            "name",
            json!("{\"givenName\": \"A\"}"),
            json!({"givenName": "A"}),
        ),
        (
            "emails",
            json!({"value": "a@x.example"}),
            json!([{"value": "a@x.example"}]),
        ),
        (
            "emails",
            json!("a@x.example"),
            json!([{"value": "a@x.example"}]),
        ),
        (
            "emails",
            json!(["a@x.example"]),
            json!([{"value": "a@x.example"}]),
        ),
        (
            "emails",
            json!([{"value": ["a@x.example"], "primary": "True"}]),
            json!([{"value": "a@x.example", "primary": true}]),
        ),
        (
            "emails",
            json!([{"value": "A@x.example", "type": "work"}, {"value": "a@X.example", "type": "Work"}]),
            json!([{"value": "A@x.example", "type": "work"}]),
        ),
        (
            "emails",
            json!([{"value": "a", "primary": true}, {"value": "b", "primary": true}]),
            json!([{"value": "a", "primary": true}, {"value": "b", "primary": false}]),
        ),
        (
            "roles",
            json!([{"value": "{\"id\":\"0a\",\"value\":\"Operator\",\"displayName\":\"Op\"}"}]),
            json!([{"value": "Operator", "display": "Op"}]),
        ),
        (
            "roles",
            json!([{"value": "{not json"}]),
            json!([{"value": "{not json"}]),
        ),
    ];
    for (name, value, expected) in cases {
        assert_eq!(attribute(name, value.clone()), expected, "{name} {value}");
    }
}

#[test]
fn managers_come_in_many_forms() {
    let forms = [
        json!({ENTERPRISE: {"manager": "26"}}),
        json!({ENTERPRISE: {"manager": {"value": "26"}}}),
        json!({ENTERPRISE: {"manager": [{"value": "26", "$ref": "../Users/26"}]}}),
        json!({ENTERPRISE: {"manager.value": "26"}}),
        json!({(format!("{ENTERPRISE}:manager")): "26"}),
        json!({(format!("{ENTERPRISE}:manager.value")): "26"}),
        json!({(format!("{ENTERPRISE}.manager")): "26"}),
        json!({"manager": {"value": "26"}}),
    ];
    for mut form in forms {
        form["userName"] = json!("u");
        let incoming = read_user(form.clone()).unwrap();
        assert_eq!(
            incoming.document.get(ENTERPRISE),
            Some(&json!({"manager": {"value": "26"}})),
            "{form}"
        );
        assert_eq!(
            incoming.document.get("schemas"),
            Some(&json!([USER, ENTERPRISE]))
        );
    }
    for none in [json!(""), json!(null), json!({"value": ""}), json!([])] {
        let body = json!({"userName": "u", ENTERPRISE: {"manager": none}});
        let incoming = read_user(body).unwrap();
        assert_eq!(incoming.document.get(ENTERPRISE), None, "{none}");
        assert_eq!(incoming.document.get("schemas"), Some(&json!([USER])));
    }
}

#[test]
fn flattened_keys_land_in_their_places() {
    let incoming = read_user(json!({
        "userName": "u",
        "name.givenName": "A",
        "name.familyName": "B",
        "emails[type eq \"work\"].value": "a@x.example",
        (format!("{ENTERPRISE}:department")): "D",
    }))
    .unwrap();
    assert_eq!(
        Value::Object(incoming.document),
        json!({
            "schemas": [USER, ENTERPRISE], "userName": "u", "active": true,
            "name": {"givenName": "A", "familyName": "B"},
            "emails": [{"type": "work", "value": "a@x.example"}],
            ENTERPRISE: {"department": "D"},
        })
    );
    assert_eq!(incoming.tolerated.count(Tolerance::DottedKey), 2);
    assert_eq!(incoming.tolerated.count(Tolerance::FilteredKey), 1);
    assert_eq!(incoming.tolerated.count(Tolerance::UrnKey), 1);
}

#[test]
fn unknown_attributes_are_left_out_and_counted() {
    let incoming = read_user(json!({
        "userName": "u", "shoeSize": 44, "adreses": [], "x.y.z": 1, "": 2, "a b": 3,
        "urn:example:custom:User": {"a": 1}, "urn:example:custom:User:b": 2,
        "emails": [{"value": "a", "colour": "red"}],
    }))
    .unwrap();
    assert_eq!(incoming.tolerated.count(Tolerance::UnknownAttribute), 8);
    assert_eq!(
        Value::Object(incoming.document),
        json!({"schemas": [USER], "userName": "u", "emails": [{"value": "a"}], "active": true})
    );
}

#[test]
fn passwords_do_not_stay_in_the_document() {
    let incoming = read_user(json!({"userName": "u", "password": "s3cret"})).unwrap();
    assert_eq!(incoming.document.get("password"), None);
    assert_eq!(incoming.password.unwrap().expose_secret(), "s3cret");
    for none in [json!(null), json!("")] {
        let incoming = read_user(json!({"userName": "u", "password": none})).unwrap();
        assert!(incoming.password.is_none());
    }
}

#[test]
fn active_is_true_unless_said() {
    for body in [
        json!({"userName": "u"}),
        json!({"userName": "u", "active": null}),
    ] {
        let incoming = read_user(body).unwrap();
        assert!(!incoming.active_given);
        assert_eq!(incoming.document.get("active"), Some(&json!(true)));
    }
    let group = read_group(json!({"displayName": "g"})).unwrap();
    assert_eq!(group.document.get("active"), None);
}

#[test]
fn schemas_are_inferred_or_checked() {
    let accepted = [
        json!(null),
        json!([]),
        json!([USER]),
        json!(USER),
        json!([USER, ENTERPRISE]),
        json!([ENTERPRISE]),
        json!(["urn:scim:schemas:core:1.0"]),
        json!([USER, "urn:example:whatever"]),
    ];
    for schemas in accepted {
        let incoming = read_user(json!({"schemas": schemas, "userName": "u"})).unwrap();
        assert_eq!(
            incoming.document.get("schemas"),
            Some(&json!([USER])),
            "{schemas}"
        );
    }
    for schemas in [
        json!([GROUP]),
        json!(["urn:example:whatever"]),
        json!([5]),
        json!(5),
    ] {
        let error = read_user(json!({"schemas": schemas, "userName": "u"})).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidSyntax, "{schemas}");
    }
    let microsoft = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
    let group = read_group(json!({"schemas": [GROUP, microsoft], "displayName": "g"})).unwrap();
    assert_eq!(group.document.get("schemas"), Some(&json!([GROUP])));
    let undeclared =
        read_user(json!({"schemas": [USER], "userName": "u", ENTERPRISE: {"division": "S"}}));
    assert_eq!(
        undeclared
            .unwrap()
            .tolerated
            .count(Tolerance::UndeclaredExtension),
        1
    );
}

#[test]
fn members_are_read_in_every_form() {
    let incoming = read_group(json!({
        "displayName": "g",
        "members": [
            {"value": "1", "display": "One", "type": "user"},
            {"value": "2", "displayName": "Two", "$ref": "https://x.example/scim/v2/Groups/2"},
            "3",
            {"value": "1", "display": "again"},
            {"value": "4", "display": null, "$ref": null},
            {"$ref": null},
        ],
    }))
    .unwrap();
    let member = |value: &str, display: Option<&str>, kind| Member {
        value: value.to_owned(),
        display: display.map(str::to_owned),
        kind,
    };
    assert_eq!(
        incoming.members,
        Some(vec![
            member("1", Some("One"), Some(ResourceKind::User)),
            member("2", Some("Two"), Some(ResourceKind::Group)),
            member("3", None, None),
            member("4", None, None),
        ])
    );
    assert_eq!(incoming.document.get("members"), None);
    assert_eq!(incoming.tolerated.count(Tolerance::MemberWithoutValue), 1);
    let members = |body: Value| read_group(body).unwrap().members;
    assert_eq!(members(json!({"displayName": "g"})), None);
    assert_eq!(
        members(json!({"displayName": "g", "members": []})),
        Some(Vec::new())
    );
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let cases = [
        (json!(5), ErrorKind::InvalidSyntax, "a number"),
        (json!([]), ErrorKind::InvalidSyntax, "a list"),
        (json!({}), ErrorKind::InvalidValue, "userName"),
        (json!({"userName": ""}), ErrorKind::InvalidValue, "userName"),
        (
            json!({"userName": null}),
            ErrorKind::InvalidValue,
            "userName",
        ),
        (
            json!({"userName": 5}),
            ErrorKind::InvalidValue,
            "userName must be of type string, not a number",
        ),
        (
            json!({"userName": "u", "name": 5}),
            ErrorKind::InvalidValue,
            "name",
        ),
        (
            json!({"userName": "u", "name": "Jane"}),
            ErrorKind::InvalidValue,
            "name must be of type complex, not a string",
        ),
        (
            json!({"userName": "u", "name": {"givenName": {}}}),
            ErrorKind::InvalidValue,
            "name.givenName",
        ),
        (
            json!({"userName": "u", "active": "yes"}),
            ErrorKind::InvalidValue,
            "active",
        ),
        (
            json!({"userName": "u", "active": 1}),
            ErrorKind::InvalidValue,
            "active",
        ),
        (
            json!({"userName": "u", "active": [true, false]}),
            ErrorKind::InvalidValue,
            "active",
        ),
        (
            json!({"userName": "u", "emails": [5]}),
            ErrorKind::InvalidValue,
            "emails",
        ),
        (
            json!({"userName": "u", "emails": [{"value": true}]}),
            ErrorKind::InvalidValue,
            "emails.value",
        ),
        (
            json!({"userName": "u", "emails": vec!["a"; 501]}),
            ErrorKind::InvalidValue,
            "emails has 501",
        ),
        (
            json!({"userName": "u", "emails[type eq": "a"}),
            ErrorKind::InvalidPath,
            "emails[type eq",
        ),
        (
            json!({"userName": "u", ENTERPRISE: "x"}),
            ErrorKind::InvalidValue,
            ENTERPRISE,
        ),
    ];
    for (body, kind, place) in cases {
        let error = read_user(body.clone()).unwrap_err();
        assert_eq!(error.kind, kind, "{body}");
        assert!(error.detail.contains(place), "{body}: {}", error.detail);
    }
    let error = read_group(json!({"displayName": "g", "members": [5]})).unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidValue);
    let error = read_group(json!({"members": []})).unwrap_err();
    assert!(error.detail.contains("displayName"), "{}", error.detail);
}
