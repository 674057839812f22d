use scim_filter_parser::parse_path;
use serde_json::{Value, json};

use super::{ListQuery, Projection, compare_sort_keys, list_response, sort_key};
use crate::scim::schema::SchemaSet;
use crate::scim::{ErrorKind, ResourceKind, Tolerance};

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn parameters(pairs: Pairs<'_>) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn query(pairs: Pairs<'_>) -> ListQuery {
    ListQuery::from_parameters(&parameters(pairs)).unwrap()
}

#[test]
fn pages() {
    let cases: [(Pairs<'_>, u64, Option<u64>); 8] = [
        (&[], 1, None),
        (&[("startIndex", "3"), ("count", "10")], 3, Some(10)),
        (&[("STARTINDEX", "0"), ("Count", "0")], 1, Some(0)),
        (&[("startIndex", "-5"), ("count", "-1")], 1, Some(0)),
        (&[("startIndex", ""), ("count", "")], 1, None),
        (&[("aadOptscim062020", ""), ("", "")], 1, None),
        (
            &[("startIndex", "99999999999999999999999")],
            i64::MAX.unsigned_abs(),
            None,
        ),
        (&[("count", "-99999999999999999999999")], 1, Some(0)),
    ];
    for (pairs, start_index, count) in cases {
        let query = query(pairs);
        assert_eq!(
            (query.start_index, query.count),
            (start_index, count),
            "{pairs:?}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let cases = [
        ("filter", "userName eq", ErrorKind::InvalidFilter),
        ("filter", "", ErrorKind::InvalidFilter),
        ("count", "ten", ErrorKind::InvalidValue),
        ("startIndex", "1.5", ErrorKind::InvalidValue),
        ("sortOrder", "sideways", ErrorKind::InvalidValue),
        ("sortBy", "a b", ErrorKind::InvalidValue),
        ("attributes", "emails[type eq", ErrorKind::InvalidValue),
        ("excludedAttributes", "emails[", ErrorKind::InvalidValue),
    ];
    for (name, value, kind) in cases {
        let error = ListQuery::from_parameters(&parameters(&[(name, value)])).unwrap_err();
        assert_eq!(error.kind, kind, "{name}={value}");
    }
}

#[test]
fn a_search_says_what_a_query_string_says() {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "userName sw \"j\"", "startIndex": 2, "count": "5",
        "sortBy": "userName", "sortOrder": "descending",
        "attributes": ["userName", "emails.value"], "excludedAttributes": null,
    });
    let from_string = query(&[
        ("filter", "userName sw \"j\""),
        ("startIndex", "2"),
        ("count", "5"),
        ("sortBy", "userName"),
        ("sortOrder", "descending"),
        ("attributes", "userName, emails.value"),
    ]);
    assert_eq!(ListQuery::from_search_request(&body).unwrap(), from_string);
    let other = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]});
    for body in [other, json!([])] {
        let error = ListQuery::from_search_request(&body).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidSyntax);
    }
}

#[test]
fn lists_have_integers_and_their_page_length() {
    assert_eq!(
        list_response(7, 3, vec![json!({"id": "a"})]),
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": 7, "startIndex": 3, "itemsPerPage": 1, "Resources": [{"id": "a"}],
        })
    );
}

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn projected(name: &str, value: &str) -> Value {
    let mut resource = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "id": "1", "userName": "jane", "name": {"givenName": "Jane", "familyName": "Doe"},
        "emails": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}],
        "groups": [{"value": "g"}], "password": "never",
        ENTERPRISE: {"department": "D", "manager": {"value": "26"}},
        "meta": {"resourceType": "User"},
    });
    let projection = Projection::from_parameters(&parameters(&[(name, value)])).unwrap();
    projection.apply(
        resource.as_object_mut().unwrap(),
        ResourceKind::User,
        &SchemaSet::core(),
    );
    resource
}

#[test]
fn attributes_keep_only_what_is_named() {
    let schemas = json!(["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE]);
    let cases = [
        ("userName", json!({"userName": "jane"})),
        (
            "USERNAME,meta",
            json!({"userName": "jane", "meta": {"resourceType": "User"}}),
        ),
        ("name.givenName", json!({"name": {"givenName": "Jane"}})),
        (
            "name.givenName,name.familyName",
            json!({"name": {"givenName": "Jane", "familyName": "Doe"}}),
        ),
        (
            "emails.value",
            json!({"emails": [{"value": "a"}, {"value": "b"}]}),
        ),
        (
            "emails.value,emails.type",
            json!({"emails": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}]}),
        ),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            json!({ENTERPRISE: {"manager": {"value": "26"}}}),
        ),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department,userName",
            json!({"userName": "jane", ENTERPRISE: {"department": "D"}}),
        ),
        (
            ENTERPRISE,
            json!({ENTERPRISE: {"department": "D", "manager": {"value": "26"}}}),
        ),
        ("password", json!({})),
        ("shoeSize", json!({})),
    ];
    for (names, mut expected) in cases {
        expected["schemas"] = schemas.clone();
        expected["id"] = json!("1");
        assert_eq!(projected("attributes", names), expected, "{names}");
    }
}

#[test]
fn excluded_attributes_go_except_those_that_are_always_there() {
    let all = projected("attributes", "");
    assert_eq!(all.get("password"), None);
    let cases: [(&str, &[&str]); 6] = [
        ("groups", &["/groups"]),
        ("id,schemas", &[]),
        ("name.givenName", &["/name/givenName"]),
        ("emails.type", &["/emails/0/type", "/emails/1/type"]),
        (
            ENTERPRISE,
            &["/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        ),
        ("meta,shoeSize", &["/meta"]),
    ];
    for (names, gone) in cases {
        let mut expected = all.clone();
        for pointer in gone {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let parent = expected.pointer_mut(parent).unwrap();
            parent.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(projected("excludedAttributes", names), expected, "{names}");
    }
}

#[test]
fn a_projection_says_what_need_not_be_looked_up() {
    let projection = |name: &str, value: &str| {
        Projection::from_parameters(&parameters(&[(name, value)])).unwrap()
    };
    assert!(Projection::everything().wants("members"));
    assert!(Projection::everything().is_everything());
    assert!(!projection("excludedAttributes", "Members").wants("members"));
    assert!(!projection("attributes", "displayName").wants("members"));
    assert!(projection("attributes", "members.value").wants("members"));
    assert!(projection("excludedAttributes", "members.display").wants("members"));
    let core = "urn:ietf:params:scim:schemas:core:2.0:Group";
    assert!(projection("attributes", core).wants("members"));
    assert!(!projection("excludedAttributes", &format!("{core}:members")).wants("members"));
    assert!(!projection("attributes", "emails").is_everything());
}

#[test]
fn sorting_ignores_case_and_puts_nothing_last() {
    let documents = [
        json!({"id": "1", "userName": "bea", "title": "z"}),
        json!({"id": "2", "userName": "Adam",
               "emails": [{"value": "z@x"}, {"value": "b@x", "primary": true}]}),
        json!({"id": "3", "userName": "CARL", "title": "A", "emails": [{"value": "A@x"}],
               ENTERPRISE: {"department": "Lab"}}),
    ];
    let sorted = |path: &str, descending: bool| {
        let path = parse_path(path).unwrap();
        let schemas = SchemaSet::core();
        let mut keyed: Vec<_> = documents
            .iter()
            .map(|document| {
                let key = sort_key(document.as_object().unwrap(), &path, &schemas);
                (key, document["id"].as_str().unwrap())
            })
            .collect();
        keyed.sort_by(|left, right| {
            compare_sort_keys(left.0.as_ref(), right.0.as_ref(), descending)
        });
        let ids: Vec<&str> = keyed.into_iter().map(|(_, id)| id).collect();
        ids.concat()
    };
    assert_eq!(sorted("userName", false), "213");
    assert_eq!(sorted("userName", true), "312");
    assert_eq!(sorted("title", false), "312");
    assert_eq!(sorted("title", true), "213");
    assert_eq!(sorted("emails", false), "321");
    assert_eq!(sorted("emails.value", false), "321");
    assert_eq!(sorted("enterprise.department", false), "312");
    assert_eq!(sorted("id", true), "321");
    assert_eq!(sorted("shoeSize", false), "123");
}

#[test]
fn a_filter_in_a_projection_is_ignored_and_counted() {
    let names = r#"userName,emails[type eq "a,b" or value co "\"]\","].value,name.givenName"#;
    let query = query(&[("attributes", names)]);
    let mut user = json!({
        "id": "1", "userName": "jane", "title": "x", "name": {"givenName": "J", "familyName": "D"},
        "emails": [{"value": "a@x", "type": "home"}],
    });
    let schemas = SchemaSet::core();
    let user = user.as_object_mut().unwrap();
    query.projection.apply(user, ResourceKind::User, &schemas);
    assert_eq!(
        Value::Object(user.clone()),
        json!({
            "id": "1", "userName": "jane", "emails": [{"value": "a@x"}], "name": {"givenName": "J"},
        })
    );
    let tolerated = query.projection.tolerated();
    assert_eq!(tolerated.count(Tolerance::FilteredProjection), 1);
}
