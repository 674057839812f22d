//! Whatever arrives: PATCH answers, never panics, and leaves documents that read back unchanged.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use serde_json::{Map, Value, json};

use super::parse_patch;
use crate::scim::ResourceKind;
use crate::scim::resource::read_resource;
use crate::scim::schema::SchemaSet;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Names that mean something, in most spellings, and some that do not.
fn name() -> impl Strategy<Value = String> {
    let names = [
        "userName",
        "USERNAME",
        "displayName",
        "name",
        "name.givenName",
        "active",
        "emails",
        "emails.value",
        "emails[type eq \"work\"].value",
        "emails[type eq \"home\"]",
        "emails[primary eq \"True\"].primary",
        "emails[not (type pr)].value",
        "emails[",
        "emails[type eq \"\"].value",
        "roles",
        "roles[primary eq \"True\"].value",
        "addresses[type eq \"work\"].locality",
        "members",
        "members[value eq \"1\"]",
        "members[display pr].display",
        "groups",
        "id",
        "meta.created",
        "schemas",
        "password",
        "manager",
        "manager[value eq \"1\"].value",
        "name[givenName pr].familyName",
        "enterprise.department",
        "value",
        "type",
        "primary",
        "display",
        "$ref",
        "x.y.z",
        "",
        "shoeSize",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
        "urn:ietf:params:scim:schemas:core:2.0:User",
    ];
    prop_oneof![
        9 => proptest::sample::select(names.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(vec![
            "",
            "True",
            "work",
            "home",
            "1",
            "{\"value\":\"x\"}",
            "{"
        ])
        .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn operation() -> impl Strategy<Value = Value> {
    let op = proptest::sample::select(vec!["add", "Replace", "remove"]);
    (op, proptest::option::of(name()), json_value())
        .prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}))
}

fn start(kind: ResourceKind) -> Map<String, Value> {
    let body = json!({
        "userName": "u", "displayName": "d", "name": {"givenName": "g"},
        "emails": [{"value": "a", "type": "work", "primary": true}, {"value": "b"}],
        ENTERPRISE: {"department": "D", "manager": {"value": "1"}},
    });
    read_resource(kind, body, &SchemaSet::core())
        .unwrap()
        .document
}

proptest! {
    #[test]
    fn any_json_is_answered(body in json_value()) {
        for kind in [ResourceKind::User, ResourceKind::Group] {
            if let Ok(request) = parse_patch(kind, &body, &SchemaSet::core()) {
                drop(request.apply(&start(kind)));
            }
            drop(read_resource(kind, body.clone(), &SchemaSet::core()));
        }
    }

    #[test]
    fn what_is_accepted_is_canonical(operations in vec(operation(), 0..4)) {
        let schemas = SchemaSet::core();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": operations,
        });
        for kind in [ResourceKind::User, ResourceKind::Group] {
            let before = start(kind);
            let Ok(request) = parse_patch(kind, &body, &schemas) else { continue };
            let Ok(patched) = request.apply(&before) else { continue };
            assert_eq!(patched.changed, patched.document != before);
            // A document is canonical when reading it changes nothing (but for the default of
            // `active`).
            let mut document = patched.document;
            if kind == ResourceKind::User {
                document.entry("active").or_insert(json!(true));
            }
            let read = read_resource(kind, Value::Object(document.clone()), &schemas).unwrap();
            assert_eq!(read.document, document);
            assert!(read.tolerated.is_empty(), "{:?}: {document:?}", read.tolerated);
        }
    }

    #[test]
    fn one_operation_twice_is_once(operation in operation()) {
        let schemas = SchemaSet::core();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [operation],
        });
        let request = parse_patch(ResourceKind::User, &body, &schemas);
        let once = request
            .as_ref()
            .map(|request| request.apply(&start(ResourceKind::User)));
        if let (Ok(request), Ok(Ok(once))) = (&request, once)
            && let Ok(twice) = request.apply(&once.document)
        {
            assert_eq!(twice.document, once.document);
            assert!(!twice.changed);
        }
    }
}
