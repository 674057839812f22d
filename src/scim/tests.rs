//! Every tolerance, both ways: counted where it is there, refused where it is switched off alone.

use serde_json::{Map, Value, json};

use super::filter::note_dialect;
use super::patch::parse_patch_with;
use super::query::ListQuery;
use super::resource::{read_resource, read_resource_with};
use super::schema::SchemaSet;
use super::{ErrorKind, ResourceKind, ScimError, Tolerance, Tolerances, Tolerated};
use ErrorKind::{InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget};
use Sent::{Patch, PatchGroup, Post, PostGroup, Query};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// What a client sends. Bodies of POST get `schemas` and a name if they have none.
enum Sent {
    Post(Value),
    PostGroup(Value),
    /// One operation.
    Patch(Value),
    PatchGroup(Value),
    Query(&'static str),
}

impl Sent {
    fn judged(&self, tolerances: Tolerances) -> Result<Tolerated, ScimError> {
        let schemas = SchemaSet::core();
        match self {
            Post(body) => {
                let body = completed(body, USER, "userName");
                read_resource_with(ResourceKind::User, body, &schemas, tolerances)
                    .map(|incoming| incoming.tolerated)
            }
            PostGroup(body) => {
                let body = completed(body, GROUP, "displayName");
                read_resource_with(ResourceKind::Group, body, &schemas, tolerances)
                    .map(|incoming| incoming.tolerated)
            }
            Patch(operation) => patched(ResourceKind::User, operation, tolerances),
            PatchGroup(operation) => patched(ResourceKind::Group, operation, tolerances),
            Query(filter) => {
                let parameters = [("filter".to_owned(), (*filter).to_owned())];
                let query = ListQuery::from_parameters(&parameters)?;
                let mut tolerated = Tolerated::within(tolerances);
                if query.has_bare_words {
                    tolerated.note(Tolerance::BareWord, "filter");
                }
                let filter = query.filter.unwrap();
                note_dialect(&filter, ResourceKind::User, &schemas, &mut tolerated);
                tolerated.verdict()?;
                Ok(tolerated)
            }
        }
    }
}

fn completed(body: &Value, schema: &str, name: &str) -> Value {
    let mut body = body.as_object().cloned().unwrap();
    body.entry("schemas").or_insert(json!([schema]));
    body.entry(name).or_insert(json!("someone"));
    Value::Object(body)
}

fn jane() -> Map<String, Value> {
    let body = json!({
        "schemas": [USER], "userName": "jane",
        "name": {"givenName": "Jane", "familyName": "Doe"},
        "emails": [{"value": "j@corp.example", "type": "work", "primary": true}],
    });
    read_resource(ResourceKind::User, body, &SchemaSet::core())
        .unwrap()
        .document
}

fn patched(
    kind: ResourceKind,
    operation: &Value,
    tolerances: Tolerances,
) -> Result<Tolerated, ScimError> {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    });
    let request = parse_patch_with(kind, &body, &SchemaSet::core(), tolerances)?;
    Ok(request.apply(&jane())?.tolerated)
}

/// Requests that need one tolerance and no other, and the refusal without it.
fn cases() -> Vec<(Tolerance, ErrorKind, Sent)> {
    let operation =
        |op: &str, path: &str, value: Value| json!({"op": op, "path": path, "value": value});
    let replace = |path: &str, value: Value| operation("replace", path, value);
    vec![
        (
            Tolerance::StringBoolean,
            InvalidValue,
            Post(json!({"active": "True"})),
        ),
        (
            Tolerance::StringBoolean,
            InvalidValue,
            Patch(replace("active", json!("False"))),
        ),
        (
            Tolerance::StringBoolean,
            InvalidFilter,
            Query("active eq \"true\""),
        ),
        (
            Tolerance::StringBoolean,
            InvalidFilter,
            Patch(replace(
                "emails[primary eq \"True\"].value",
                json!("x@corp.example"),
            )),
        ),
        (
            Tolerance::UnknownAttribute,
            InvalidSyntax,
            Post(json!({"shoeSize": 42})),
        ),
        (
            Tolerance::UnknownAttribute,
            InvalidSyntax,
            Post(json!({"name": {"nickName": "J"}})),
        ),
        (
            Tolerance::UnknownAttribute,
            InvalidPath,
            Patch(replace("shoeSize", json!(42))),
        ),
        (
            Tolerance::UnknownAttribute,
            InvalidPath,
            Patch(json!({"op": "remove", "path": "shoeSize"})),
        ),
        (
            Tolerance::UnknownAttribute,
            InvalidSyntax,
            PostGroup(json!({"members": [{"value": "1", "size": 3}]})),
        ),
        (
            Tolerance::UnknownSchema,
            InvalidSyntax,
            Post(json!({"schemas": [USER, "urn:example:x"]})),
        ),
        (
            Tolerance::InferredSchemas,
            InvalidSyntax,
            Post(json!({"schemas": []})),
        ),
        (
            Tolerance::UndeclaredExtension,
            InvalidSyntax,
            Post(json!({ENTERPRISE: {"department": "Grid"}})),
        ),
        (
            Tolerance::UnqualifiedExtension,
            InvalidSyntax,
            Post(json!({"schemas": [USER, ENTERPRISE], "department": "Grid"})),
        ),
        (
            Tolerance::UnqualifiedExtension,
            InvalidPath,
            Patch(replace("department", json!("Grid"))),
        ),
        (
            Tolerance::UnqualifiedExtension,
            InvalidSyntax,
            Post(json!({"schemas": [USER, ENTERPRISE], "enterprise": {"department": "Grid"}})),
        ),
        (
            Tolerance::UnqualifiedExtension,
            InvalidPath,
            Patch(replace(&format!("{ENTERPRISE}.department"), json!("Grid"))),
        ),
        (
            Tolerance::UnqualifiedExtension,
            InvalidFilter,
            Query("manager eq \"7\""),
        ),
        (
            Tolerance::PathlessPatch,
            InvalidSyntax,
            Patch(json!({"op": "replace", "value": {"title": "x"}})),
        ),
        (
            Tolerance::DottedKey,
            InvalidSyntax,
            Post(json!({"name.givenName": "Jane"})),
        ),
        (
            Tolerance::UrnKey,
            InvalidSyntax,
            Post(
                json!({"schemas": [USER, ENTERPRISE], format!("{ENTERPRISE}:department"): "Grid"}),
            ),
        ),
        (
            Tolerance::FilteredKey,
            InvalidSyntax,
            Post(json!({
                "emails": [{"value": "a@corp.example", "type": "work"}],
                "emails[type eq \"work\"].value": "b@corp.example",
            })),
        ),
        (
            Tolerance::WrappedSingle,
            InvalidValue,
            Post(json!({"active": [true]})),
        ),
        (
            Tolerance::UnwrappedList,
            InvalidValue,
            Post(json!({"emails": {"value": "a@corp.example"}})),
        ),
        (
            Tolerance::UnwrappedList,
            InvalidValue,
            PostGroup(json!({"members": {"value": "1"}})),
        ),
        (
            Tolerance::BareValue,
            InvalidValue,
            Post(json!({"emails": ["a@corp.example"]})),
        ),
        (
            Tolerance::BareValue,
            InvalidValue,
            PatchGroup(operation("add", "members", json!(["1"]))),
        ),
        (
            Tolerance::JsonText,
            InvalidValue,
            Post(json!({"name": "{\"givenName\": \"Jane\"}"})),
        ),
        (
            Tolerance::EmptyString,
            InvalidValue,
            Post(json!({"title": ""})),
        ),
        (
            Tolerance::EmptyString,
            InvalidValue,
            Patch(replace("title", json!(""))),
        ),
        (
            Tolerance::DisplayAlias,
            InvalidSyntax,
            PostGroup(json!({"members": [{"value": "1", "displayName": "Jane"}]})),
        ),
        (
            Tolerance::SecondPrimary,
            InvalidValue,
            Post(json!({"emails": [
                {"value": "a@corp.example", "primary": true},
                {"value": "b@corp.example", "primary": true},
            ]})),
        ),
        (
            Tolerance::MemberWithoutValue,
            InvalidValue,
            PostGroup(json!({"members": [{"display": "x"}]})),
        ),
        (
            Tolerance::RemoveByValue,
            InvalidSyntax,
            Patch(operation(
                "remove",
                "emails",
                json!([{"value": "j@corp.example"}]),
            )),
        ),
        (
            Tolerance::RemoveByValue,
            InvalidSyntax,
            PatchGroup(operation("remove", "members", json!([{"value": "1"}]))),
        ),
        (
            Tolerance::CreatedElement,
            NoTarget,
            Patch(replace("phoneNumbers[type eq \"work\"].value", json!("+1"))),
        ),
        (
            Tolerance::OperationCase,
            InvalidSyntax,
            Patch(operation("Replace", "title", json!("x"))),
        ),
        (
            Tolerance::NonCanonicalValue,
            InvalidValue,
            Post(json!({"emails": [{"value": "a@corp.example", "type": "backup"}]})),
        ),
        (
            Tolerance::Password,
            InvalidSyntax,
            Post(json!({"password": "correct horse"})),
        ),
        (
            Tolerance::Password,
            InvalidSyntax,
            Patch(replace("password", json!("correct horse"))),
        ),
        (
            Tolerance::UnknownFilterAttribute,
            InvalidFilter,
            Query("shoeSize eq 42"),
        ),
        (Tolerance::UnquotedText, InvalidFilter, Query("title eq 7")),
        (
            Tolerance::BareWord,
            InvalidFilter,
            Query("userName eq jane"),
        ),
        (
            Tolerance::BareWord,
            InvalidFilter,
            Patch(replace(
                "emails[type eq work].value",
                json!("x@corp.example"),
            )),
        ),
    ]
}

#[test]
fn each_tolerance_is_counted_or_refused() {
    for (position, (tolerance, kind, sent)) in cases().into_iter().enumerate() {
        let place = format!("case {position}, {}", tolerance.as_str());
        let tolerated = sent.judged(Tolerances::all());
        let tolerated = tolerated.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert!(tolerated.count(tolerance) > 0, "{place}: {tolerated:?}");
        let alone = Tolerances::none()
            .with(tolerance, true)
            .with(Tolerance::MergingReplace, true);
        if let Err(error) = sent.judged(alone) {
            panic!("{place}: needs another tolerance too: {error}");
        }
        let without = Tolerances::all().with(tolerance, false);
        let error = sent.judged(without).map(drop).expect_err(&place);
        assert_eq!(error.kind, kind, "{place}: {error}");
        assert!(
            error.detail.contains(tolerance.as_str()),
            "{place}: {error}"
        );
    }
}

#[test]
fn no_tolerance_is_without_a_case() {
    // The first two have tests of their own below; the others are judged by the directory and by the
    // routes, and tested there.
    let elsewhere = [
        Tolerance::MergingReplace,
        Tolerance::ReadOnlyAttribute,
        Tolerance::FilteredProjection,
        Tolerance::LowerCaseEndpoint,
    ];
    let cases = cases();
    for tolerance in Tolerance::ALL {
        assert!(
            elsewhere.contains(&tolerance) || cases.iter().any(|(tried, _, _)| *tried == tolerance),
            "{tolerance:?}"
        );
    }
}

#[test]
fn what_is_read_only_is_left_out_of_a_pathless_patch_or_refused() {
    let sent = Patch(json!({"op": "replace", "value": {"id": "7", "title": "x"}}));
    let tolerated = sent.judged(Tolerances::all()).unwrap();
    assert_eq!(tolerated.count(Tolerance::ReadOnlyAttribute), 1);
    let without = Tolerances::all().with(Tolerance::ReadOnlyAttribute, false);
    let error = sent.judged(without).unwrap_err();
    assert_eq!(error.kind, Mutability, "{error}");
}

#[test]
fn replace_of_a_complex_attribute_merges_or_replaces_all() {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "name", "value": {"givenName": "Joan"}}],
    });
    let name = |tolerances| {
        let schemas = SchemaSet::core();
        let request = parse_patch_with(ResourceKind::User, &body, &schemas, tolerances).unwrap();
        request.apply(&jane()).unwrap().document["name"].clone()
    };
    assert_eq!(
        name(Tolerances::all()),
        json!({"givenName": "Joan", "familyName": "Doe"})
    );
    assert_eq!(name(Tolerances::none()), json!({"givenName": "Joan"}));
}

#[test]
fn what_the_profile_asks_of_clients_needs_no_tolerance() {
    let operation =
        |op: &str, path: &str, value: Value| json!({"op": op, "path": path, "value": value});
    let sent = [
        Post(json!({
            "schemas": [USER, ENTERPRISE], "userName": "u", "active": true, "id": "ignored",
            "emails": [{"value": "a@corp.example", "type": "work", "primary": true}],
            ENTERPRISE: {"department": "Grid", "manager": {"value": "7"}},
        })),
        Patch(operation(
            "replace",
            "emails[type eq \"work\"].value",
            json!("b@corp.example"),
        )),
        Patch(operation("add", "name", json!({"middleName": "M"}))),
        Patch(operation("replace", "name.givenName", json!("Joan"))),
        Patch(operation(
            "replace",
            &format!("{ENTERPRISE}:department"),
            json!("Grid"),
        )),
        Patch(json!({"op": "remove", "path": "nickName"})),
        PatchGroup(operation("add", "members", json!([{"value": "1"}]))),
        PatchGroup(json!({"op": "remove", "path": "members[value eq \"1\"]"})),
        Query("userName eq \"u\" and active eq true"),
        Query("emails[type eq \"work\" and value eq \"a@corp.example\"]"),
    ];
    for (position, sent) in sent.into_iter().enumerate() {
        if let Err(error) = sent.judged(Tolerances::none()) {
            panic!("request {position}: {error}");
        }
    }
}
