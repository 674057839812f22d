use scim_filter_parser::parse_filter;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{MemberChange, Patched, parse_patch};
use crate::scim::resource::Member;
use crate::scim::schema::SchemaSet;
use crate::scim::{ErrorKind, ResourceKind, ScimError, Tolerance};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

fn greta() -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "userName": "greta@corp.example",
        "name": {"givenName": "Greta", "familyName": "Moss"},
        "emails": [{"value": "greta@corp.example", "type": "work", "primary": true}],
        "active": true,
        ENTERPRISE: {"department": "R", "manager": {"value": "26"}},
    })
}

fn patch(kind: ResourceKind, document: &Value, operations: Value) -> Result<Patched, ScimError> {
    let body = json!({"schemas": [PATCH_OP], "Operations": operations});
    parse_patch(kind, &body, &SchemaSet::core())?.apply(document.as_object().unwrap())
}

fn patch_greta(operations: Value) -> Result<Patched, ScimError> {
    patch(ResourceKind::User, &greta(), operations)
}

/// What stands at a pointer after the operations; null for nothing.
#[track_caller]
fn assert_becomes(operations: Value, pointer: &str, expected: Value) {
    let patched =
        patch_greta(operations.clone()).unwrap_or_else(|error| panic!("{operations}: {error}"));
    let document = Value::Object(patched.document);
    let found = document.pointer(pointer).cloned().unwrap_or_default();
    assert_eq!(found, expected, "{operations} at {pointer}");
    assert_eq!(patched.changed, document != greta(), "{operations}");
}

#[track_caller]
fn assert_refused(kind: ResourceKind, operations: Value, expected: ErrorKind) {
    let document = match kind {
        ResourceKind::User => greta(),
        ResourceKind::Group => json!({"schemas": [GROUP], "displayName": "g"}),
    };
    let error = patch(kind, &document, operations.clone()).expect_err(&operations.to_string());
    assert_eq!(error.kind, expected, "{operations}: {error}");
}

fn at(attribute: &str) -> String {
    format!("/{ENTERPRISE}/{attribute}")
}

#[test]
fn every_dialect_reaches_simple_attributes() {
    let cases = [
        (
            json!([{"op": "replace", "path": "title", "value": "Pilot"}]),
            "/title",
        ),
        (
            json!([{"op": "ADD", "path": "TITLE", "value": "Pilot"}]),
            "/title",
        ),
        (
            json!([{"op": "Replace", "path": "title", "value": ["Pilot"]}]),
            "/title",
        ),
        (
            json!([{"op": "replace", "path": "title", "value": [{"$ref": null, "value": "Pilot"}]}]),
            "/title",
        ),
        (
            json!([{"op": "replace", "value": {"title": "Pilot"}}]),
            "/title",
        ),
        (
            json!([{"op": "replace", "path": "", "value": {"title": "Pilot"}}]),
            "/title",
        ),
        (
            json!([{"op": "replace", "path": null, "value": "{\"title\": \"Pilot\"}"}]),
            "/title",
        ),
        (
            json!([{"op": "replace", "path": format!("{USER}:title"), "value": "Pilot"}]),
            "/title",
        ),
        (
            json!({"op": "replace", "path": "title", "value": "Pilot"}),
            "/title",
        ),
        (
            json!([{"op": "add", "value": {"name.middleName": "Pilot"}}]),
            "/name/middleName",
        ),
        (
            json!([{"op": "add", "value": {"name": {"middleName": "Pilot"}}}]),
            "/name/middleName",
        ),
        (
            json!([{"op": "replace", "path": "name.middleName", "value": "Pilot"}]),
            "/name/middleName",
        ),
        (
            json!([{"op": "replace", "path": "name", "value": {"middleName": "Pilot"}}]),
            "/name/middleName",
        ),
    ];
    for (operations, pointer) in cases {
        assert_becomes(operations.clone(), pointer, json!("Pilot"));
        assert_becomes(operations, "/name/givenName", json!("Greta"));
    }
}

#[test]
fn every_dialect_reaches_the_extension() {
    let cases = [
        json!([{"op": "replace", "path": format!("{ENTERPRISE}:department"), "value": "T"}]),
        json!([{"op": "replace", "path": format!("{ENTERPRISE}.department"), "value": "T"}]),
        json!([{"op": "replace", "path": ENTERPRISE, "value": {"department": "T"}}]),
        json!([{"op": "replace", "value": {(format!("{ENTERPRISE}:department")): "T"}}]),
        json!([{"op": "replace", "value": {(format!("{ENTERPRISE}.department")): "T"}}]),
        json!([{"op": "replace", "value": {ENTERPRISE: {"department": "T"}}}]),
        json!([{"op": "add", "value": {ENTERPRISE.to_lowercase(): {"DEPARTMENT": "T"}}}]),
    ];
    for operations in cases {
        assert_becomes(operations.clone(), &at("department"), json!("T"));
        assert_becomes(operations, &at("manager/value"), json!("26"));
    }
}

#[test]
fn booleans_become_booleans() {
    for (value, expected) in [
        (json!("False"), false),
        (json!("false"), false),
        (json!(["False"]), false),
        (json!(false), false),
        (json!("True"), true),
    ] {
        for op in ["Replace", "Add"] {
            let with_path = json!([{"op": op, "path": "active", "value": value}]);
            assert_becomes(with_path, "/active", json!(expected));
            let without = json!([{"op": op, "value": {"active": value}}]);
            assert_becomes(without, "/active", json!(expected));
        }
    }
}

#[test]
fn managers_change_and_go() {
    let path = format!("{ENTERPRISE}:manager");
    for value in [
        json!("27"),
        json!({"value": "27"}),
        json!([{"value": "27", "$ref": "../Users/27"}]),
        json!({"value": "27", "displayName": "Chief"}),
    ] {
        let operations = json!([{"op": "Replace", "path": path, "value": value}]);
        assert_becomes(operations, &at("manager"), json!({"value": "27"}));
        let pathless = json!([{"op": "add", "value": {path.clone(): value}}]);
        assert_becomes(pathless, &at("manager"), json!({"value": "27"}));
    }
    let by_value = json!([{"op": "replace", "path": format!("{path}.value"), "value": "27"}]);
    assert_becomes(by_value, &at("manager"), json!({"value": "27"}));
    for operation in [
        json!({"op": "Remove", "path": path}),
        json!({"op": "remove", "path": path, "value": "26"}),
        json!({"op": "Replace", "path": path, "value": ""}),
        json!({"op": "replace", "path": path, "value": null}),
        json!({"op": "replace", "path": path, "value": {"value": ""}}),
        json!({"op": "replace", "path": path, "value": {"value": null}}),
        json!({"op": "replace", "value": {path.clone(): ""}}),
        json!({"op": "remove", "path": format!("{path}.value")}),
    ] {
        assert_becomes(json!([operation]), &at("manager"), Value::Null);
        assert_becomes(json!([operation]), &at("department"), json!("R"));
    }
}

#[test]
fn an_emptied_extension_leaves_the_schemas() {
    for operation in [
        json!({"op": "remove", "path": ENTERPRISE}),
        json!({"op": "replace", "value": {ENTERPRISE: null}}),
    ] {
        let patched = patch_greta(json!([operation])).unwrap();
        assert_eq!(patched.document.get(ENTERPRISE), None);
        assert_eq!(patched.document.get("schemas"), Some(&json!([USER])));
        assert!(patched.changed);
    }
}

#[test]
fn filtered_targets() {
    let work = json!({"value": "greta@corp.example", "type": "work", "primary": true});
    let cases = [
        // The element is there.
        (
            json!([{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "n@x"}]),
            "/emails",
            json!([{"value": "n@x", "type": "work", "primary": true}]),
        ),
        (
            json!([{"op": "replace", "path": "emails[primary eq \"true\"].value", "value": "n@x"}]),
            "/emails/0/value",
            json!("n@x"),
        ),
        (
            json!([{"op": "replace", "path": "emails[type eq \"work\" and primary eq true]",
                    "value": {"value": "n@x"}}]),
            "/emails",
            json!([{"value": "n@x"}]),
        ),
        (
            json!([{"op": "add", "path": "emails[type eq \"work\"]", "value": {"display": "G"}}]),
            "/emails/0",
            json!({"value": "greta@corp.example", "type": "work", "primary": true, "display": "G"}),
        ),
        // It is not, and is made.
        (
            json!([{"op": "add", "path": "emails[type eq \"home\"].value", "value": "h@x"}]),
            "/emails",
            json!([work, {"type": "home", "value": "h@x"}]),
        ),
        (
            json!([{"op": "replace", "value": {"phoneNumbers[type eq \"mobile\"].value": "1"}}]),
            "/phoneNumbers",
            json!([{"type": "mobile", "value": "1"}]),
        ),
        (
            json!([{"op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Umeå"}]),
            "/addresses",
            json!([{"type": "work", "locality": "Umeå"}]),
        ),
        (
            json!([
                {"op": "Add", "path": "roles[primary eq \"True\"].type", "value": "T"},
                {"op": "Add", "path": "roles[primary eq \"True\"].display", "value": "Operator"},
                {"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "op"},
            ]),
            "/roles",
            json!([{"primary": true, "type": "T", "display": "Operator", "value": "op"}]),
        ),
        // Clearing what is not there.
        (
            json!([{"op": "replace", "path": "emails[type eq \"home\"].value", "value": ""}]),
            "/emails",
            json!([work]),
        ),
        // Nothing is left of the element, so it goes.
        (
            json!([{"op": "remove", "path": "emails[type eq \"work\"].value"}]),
            "/emails",
            Value::Null,
        ),
        (
            json!([{"op": "remove", "path": "emails[type eq \"work\"]"}]),
            "/emails",
            Value::Null,
        ),
    ];
    for (operations, pointer, expected) in cases {
        assert_becomes(operations, pointer, expected);
    }
}

#[test]
fn a_filter_that_matches_nothing_has_no_target() {
    for operation in [
        json!({"op": "replace", "path": "emails[type eq \"home\"]", "value": {"value": "h@x"}}),
        json!({"op": "add", "path": "emails[type eq \"home\" and primary eq true].value", "value": "h"}),
        json!({"op": "replace", "path": "emails[type ne \"work\"].value", "value": "h"}),
        json!({"op": "remove", "path": "emails[type eq \"home\"]"}),
        json!({"op": "remove", "path": "phoneNumbers[type eq \"home\"].value"}),
    ] {
        assert_refused(ResourceKind::User, json!([operation]), ErrorKind::NoTarget);
    }
}

#[test]
fn lists_hold_each_value_once_and_one_primary() {
    let work = json!({"value": "greta@corp.example", "type": "work", "primary": true});
    let cases = [
        (
            json!({"op": "add", "path": "emails", "value": [work]}),
            json!([work]),
        ),
        (
            json!({"op": "add", "path": "emails", "value": {"value": "GRETA@corp.example"}}),
            json!([work]),
        ),
        (
            json!({"op": "add", "path": "emails",
                   "value": [{"value": "greta@corp.example", "type": "work", "display": "G"}]}),
            json!([{"value": "greta@corp.example", "type": "work", "primary": true, "display": "G"}]),
        ),
        (
            json!({"op": "add", "value": {"emails": [{"value": "h@x", "type": "home"}]}}),
            json!([work, {"value": "h@x", "type": "home"}]),
        ),
        (
            json!({"op": "add", "path": "emails", "value": [{"value": "h@x", "primary": "True"}]}),
            json!([
                {"value": "greta@corp.example", "type": "work", "primary": false},
                {"value": "h@x", "primary": true},
            ]),
        ),
        (
            json!({"op": "replace", "path": "emails", "value": [{"value": "h@x"}]}),
            json!([{"value": "h@x"}]),
        ),
        (
            json!({"op": "replace", "path": "emails", "value": []}),
            Value::Null,
        ),
        (json!({"op": "remove", "path": "emails"}), Value::Null),
        (
            json!({"op": "remove", "path": "emails", "value": [{"value": "greta@corp.example"}]}),
            Value::Null,
        ),
        (
            json!({"op": "remove", "path": "emails", "value": [{"value": "h@x"}]}),
            json!([work]),
        ),
        (
            json!({"op": "remove", "path": "emails", "value": []}),
            json!([work]),
        ),
    ];
    for (operation, expected) in cases {
        assert_becomes(json!([operation]), "/emails", expected);
    }
    let address = json!({"locality": "Umeå", "type": "work"});
    let twice = json!([
        {"op": "add", "path": "addresses", "value": [address]},
        {"op": "add", "path": "addresses", "value": [address, {"locality": "Umeå"}]},
        {"op": "add", "path": "addresses",
         "value": {"locality": "umeå", "type": "Work", "primary": true}},
    ]);
    let primary = json!({"locality": "Umeå", "type": "work", "primary": true});
    assert_becomes(twice, "/addresses", json!([primary, {"locality": "Umeå"}]));
    let same = json!([
        {"op": "add", "path": "emails", "value": [{"value": "h@x", "type": "home"}]},
        {"op": "replace", "path": "emails.value", "value": "s@x"},
        {"op": "replace", "path": "emails.type", "value": "work"},
    ]);
    let one = json!([{"value": "s@x", "type": "work", "primary": true}]);
    assert_becomes(same, "/emails", one);
    let many: Vec<Value> = (0..500)
        .map(|number| json!({"op": "add", "path": "emails", "value": format!("{number}@x")}))
        .collect();
    assert_refused(ResourceKind::User, json!(many), ErrorKind::InvalidValue);
    let operations = json!([
        {"op": "add", "path": "emails", "value": [{"value": "h@x", "type": "home"}]},
        {"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true},
    ]);
    assert_becomes(operations.clone(), "/emails/0/primary", json!(false));
    assert_becomes(operations, "/emails/1/primary", json!(true));
}

#[test]
fn roles_are_unpacked_and_replaced_as_a_whole() {
    let packed = "{\"id\":\"0a\",\"value\":\"Operator\",\"displayName\":\"Operator\"}";
    let operations = json!([
        {"op": "Add", "path": "roles", "value": [{"value": packed}]},
        {"op": "Add", "path": "roles", "value": [{"value": packed}]},
    ]);
    let role = json!([{"value": "Operator", "display": "Operator"}]);
    assert_becomes(operations, "/roles", role);
}

#[test]
fn nulls_and_removals_clear() {
    for operation in [
        json!({"op": "replace", "path": "name.familyName", "value": ""}),
        json!({"op": "replace", "value": {"name": {"familyName": null}}}),
        json!({"op": "replace", "path": "name", "value": {"familyName": ""}}),
        json!({"op": "remove", "path": "name.familyName"}),
        json!({"op": "Remove", "path": "NAME.FAMILYNAME", "value": "ignored"}),
    ] {
        assert_becomes(json!([operation]), "/name", json!({"givenName": "Greta"}));
    }
    assert_becomes(
        json!([{"op": "remove", "path": "name"}]),
        "/name",
        Value::Null,
    );
    assert_becomes(
        json!([{"op": "remove", "path": "title"}]),
        "/title",
        Value::Null,
    );
    let both = json!([{"op": "replace", "value": {"name": {"familyName": null, "givenName": ""}}}]);
    assert_becomes(both, "/name", Value::Null);
}

#[test]
fn what_changes_nothing_is_no_change() {
    for operations in [
        json!([]),
        json!([{"op": "replace", "path": "active", "value": "True"}]),
        json!([{"op": "add", "path": "emails", "value": {"value": "greta@corp.example"}}]),
        json!([{"op": "replace", "value": greta()}]),
        json!([{"op": "replace", "path": "shoeSize", "value": 44}]),
        json!([{"op": "replace", "path": "urn:example:x:User:a", "value": 44}]),
        json!([{"op": "replace", "path": "emails[colour eq \"red\"].value", "value": "x"}]),
        json!([{"op": "remove", "path": "shoeSize"}]),
        json!([{"op": "replace", "value": {"id": "9", "meta": {}, "groups": [{"value": "1"}]}}]),
        json!([{"op": "replace", "path": "title", "value": "x"}, {"op": "remove", "path": "title"}]),
    ] {
        let patched = patch_greta(operations.clone()).unwrap();
        assert!(!patched.changed, "{operations}");
        assert_eq!(Value::Object(patched.document), greta(), "{operations}");
        assert!(patched.members.is_empty(), "{operations}");
    }
    let unknown = patch_greta(json!([{"op": "add", "path": "shoeSize", "value": 1}])).unwrap();
    assert_eq!(unknown.tolerated.count(Tolerance::UnknownAttribute), 1);
}

#[test]
fn passwords_go_their_own_way() {
    let patched = patch_greta(json!([{"op": "replace", "value": {"password": "n3w"}}])).unwrap();
    assert!(!patched.changed);
    assert_eq!(patched.document.get("password"), None);
    assert_eq!(patched.password.unwrap().expose_secret(), "n3w");
    for operation in [
        json!({"op": "remove", "path": "password"}),
        json!({"op": "replace", "path": "password", "value": ""}),
    ] {
        let patched = patch_greta(json!([operation])).unwrap();
        assert!(patched.password.is_none() && !patched.changed);
    }
}

#[test]
fn what_cannot_be_done_is_refused() {
    let cases = [
        (json!({"op": "remove"}), ErrorKind::NoTarget),
        (
            json!({"op": "remove", "path": "emails[type eq"}),
            ErrorKind::InvalidPath,
        ),
        (
            json!({"op": "replace", "path": "emails[type eq", "value": "x"}),
            ErrorKind::InvalidPath,
        ),
        (
            json!({"op": "replace", "path": 5, "value": "x"}),
            ErrorKind::InvalidPath,
        ),
        (
            json!({"op": "replace", "path": "title[value eq \"x\"]", "value": "x"}),
            ErrorKind::InvalidPath,
        ),
        (
            json!({"op": "upsert", "path": "title", "value": "X"}),
            ErrorKind::InvalidSyntax,
        ),
        (
            json!({"path": "title", "value": "X"}),
            ErrorKind::InvalidSyntax,
        ),
        (
            json!({"op": 5, "path": "title", "value": "X"}),
            ErrorKind::InvalidSyntax,
        ),
        (json!("replace"), ErrorKind::InvalidSyntax),
        (
            json!({"op": "replace", "path": "id", "value": "9"}),
            ErrorKind::Mutability,
        ),
        (
            json!({"op": "remove", "path": "meta.created"}),
            ErrorKind::Mutability,
        ),
        (
            json!({"op": "add", "path": "groups", "value": []}),
            ErrorKind::Mutability,
        ),
        (
            json!({"op": "remove", "path": "userName"}),
            ErrorKind::Mutability,
        ),
        (json!({"op": "remove", "path": USER}), ErrorKind::Mutability),
        (
            json!({"op": "replace", "path": "userName", "value": ""}),
            ErrorKind::InvalidValue,
        ),
        (
            json!({"op": "replace", "value": {"userName": null}}),
            ErrorKind::InvalidValue,
        ),
        (
            json!({"op": "replace", "path": "name", "value": 5}),
            ErrorKind::InvalidValue,
        ),
        (
            json!({"op": "replace", "path": "userName", "value": {}}),
            ErrorKind::InvalidValue,
        ),
        (
            json!({"op": "replace", "path": "active", "value": "maybe"}),
            ErrorKind::InvalidValue,
        ),
        (json!({"op": "add", "value": 5}), ErrorKind::InvalidValue),
        (
            json!({"op": "add", "value": [1, 2]}),
            ErrorKind::InvalidValue,
        ),
        (
            json!({"op": "replace", "path": "title"}),
            ErrorKind::InvalidValue,
        ),
    ];
    for (operation, kind) in cases {
        assert_refused(ResourceKind::User, json!([operation]), kind);
        // All or nothing: a good operation before it does not help.
        let good = json!({"op": "replace", "path": "title", "value": "T"});
        assert_refused(ResourceKind::User, json!([good, operation]), kind);
    }
}

#[test]
fn the_frame_must_be_a_patch() {
    let schemas = SchemaSet::core();
    let operations = json!([{"op": "replace", "path": "title", "value": "T"}]);
    for body in [
        json!([]),
        json!({"Operations": operations}),
        json!({"schemas": [USER], "Operations": operations}),
        json!({"schemas": [PATCH_OP]}),
        json!({"schemas": [PATCH_OP], "Operations": "x"}),
    ] {
        let error = parse_patch(ResourceKind::User, &body, &schemas).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidSyntax, "{body}");
    }
    let odd = json!({"SCHEMAS": PATCH_OP.to_uppercase(), "operations": operations});
    assert!(parse_patch(ResourceKind::User, &odd, &schemas).is_ok());
    let error = parse_patch(
        ResourceKind::User,
        &json!({"schemas": [PATCH_OP], "Operations": [operations[0], {"op": "remove"}]}),
        &schemas,
    )
    .unwrap_err();
    assert!(error.detail.starts_with("operation 2:"), "{error}");
}

#[test]
fn changes_of_members() {
    let member = |value: &str| Member {
        value: value.to_owned(),
        display: None,
        kind: None,
    };
    let named = |value: &str, display: &str| Member {
        display: Some(display.to_owned()),
        ..member(value)
    };
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let cases = [
        (
            json!({"op": "Add", "path": "members", "value": [{"value": "1"}, {"value": "1"}, {"value": "2"}]}),
            vec![MemberChange::Add(vec![member("1"), member("2")])],
        ),
        (
            json!({"op": "add", "path": "members", "value": {"value": "1", "display": "One"}}),
            vec![MemberChange::Add(vec![named("1", "One")])],
        ),
        (
            json!({"op": "add", "value": {"members": [{"value": "1", "displayName": "One"}]}}),
            vec![MemberChange::Add(vec![named("1", "One")])],
        ),
        (
            json!({"op": "replace", "value": {"members": [{"value": "1", "display": null}]}}),
            vec![MemberChange::Replace(vec![member("1")])],
        ),
        (
            json!({"op": "replace", "path": format!("{GROUP}:members"), "value": ["1"]}),
            vec![MemberChange::Replace(vec![member("1")])],
        ),
        (
            json!({"op": "replace", "path": "members", "value": []}),
            vec![MemberChange::Replace(Vec::new())],
        ),
        (
            json!({"op": "remove", "path": "members"}),
            vec![MemberChange::Replace(Vec::new())],
        ),
        (
            json!({"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "1"}]}),
            vec![MemberChange::Remove(ids(&["1"]))],
        ),
        (
            json!({"op": "Remove", "path": "members", "value": {"value": "1"}}),
            vec![MemberChange::Remove(ids(&["1"]))],
        ),
        // Values that name nobody are not "all".
        (
            json!({"op": "Remove", "path": "members", "value": [{"$ref": null}]}),
            vec![MemberChange::Remove(Vec::new())],
        ),
        (
            json!({"op": "remove", "path": "members", "value": []}),
            vec![MemberChange::Remove(Vec::new())],
        ),
        (
            json!({"op": "remove", "path": "members[value eq \"1\"]"}),
            vec![MemberChange::Remove(ids(&["1"]))],
        ),
        (
            json!({"op": "remove", "path": "members[value eq \"1\" or value eq \"2\"]"}),
            vec![MemberChange::Remove(ids(&["1", "2"]))],
        ),
        (
            json!({"op": "remove", "path": "members[display sw \"J\"]"}),
            vec![MemberChange::RemoveMatching(
                parse_filter("display sw \"J\"").unwrap(),
            )],
        ),
        (
            json!({"op": "replace", "path": "members[value eq \"1\"].display", "value": "One"}),
            vec![MemberChange::Add(vec![named("1", "One")])],
        ),
        (
            json!({"op": "replace", "path": "displayName", "value": "g"}),
            Vec::new(),
        ),
    ];
    let group = json!({"schemas": [GROUP], "displayName": "g"});
    for (operation, expected) in cases {
        let body = json!({"schemas": [PATCH_OP], "Operations": [operation]});
        let request = parse_patch(ResourceKind::Group, &body, &SchemaSet::core())
            .unwrap_or_else(|error| panic!("{operation}: {error}"));
        assert_eq!(
            request.touches_members(),
            !expected.is_empty(),
            "{operation}"
        );
        let patched = request.apply(group.as_object().unwrap()).unwrap();
        assert_eq!(patched.members, expected, "{operation}");
        assert_eq!(Value::Object(patched.document), group, "{operation}");
        assert!(!patched.changed, "{operation}");
    }
    for (operation, kind) in [
        (
            json!({"op": "add", "path": "members", "value": [5]}),
            ErrorKind::InvalidValue,
        ),
        (
            json!({"op": "remove", "path": "members.value"}),
            ErrorKind::Mutability,
        ),
        (
            json!({"op": "replace", "path": "members[value eq \"1\"].type", "value": "User"}),
            ErrorKind::Mutability,
        ),
    ] {
        assert_refused(ResourceKind::Group, json!([operation]), kind);
    }
}

#[test]
fn okta_renames_and_moves_members_in_one_request() {
    let group = json!({"schemas": [GROUP], "displayName": "g"});
    let patched = patch(
        ResourceKind::Group,
        &group,
        json!([
            {"op": "replace", "value": {"id": "7", "displayName": "G"}},
            {"op": "remove", "path": "members[value eq \"1\"]"},
            {"op": "add", "path": "members", "value": [{"value": "2"}]},
        ]),
    )
    .unwrap();
    assert_eq!(patched.document.get("displayName"), Some(&json!("G")));
    assert_eq!(patched.document.get("id"), None);
    assert!(patched.changed);
    assert_eq!(patched.members.len(), 2);
    assert!(matches!(
        patched.members.first(),
        Some(MemberChange::Remove(_))
    ));
    assert!(matches!(patched.members.last(), Some(MemberChange::Add(_))));
}
