use scim_filter_parser::parse_filter;
use serde_json::{Value, json};

use super::{matches, unknown_attributes, validate};
use crate::scim::schema::SchemaSet;
use crate::scim::{ErrorKind, ResourceKind};

fn person() -> Value {
    json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "id": "ab-12", "externalId": "Ext-7", "userName": "Jane.Doe@corp.example",
        "name": {"givenName": "Zoë", "familyName": "Ångström"},
        "active": true,
        "emails": [
            {"value": "jane@corp.example", "type": "work", "primary": true},
            {"value": "jane@home.example", "type": "home"},
        ],
        "groups": [{"value": "g1", "display": "Storage admins"}],
        "meta": {
            "resourceType": "User", "created": "2026-01-01T00:00:00Z",
            "lastModified": "2026-06-01T12:00:00.5Z",
        },
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": "40017", "manager": {"value": "boss"},
        },
    })
}

fn holds(kind: ResourceKind, resource: &Value, filter: &str) -> bool {
    let parsed = parse_filter(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
    matches(
        &parsed,
        resource.as_object().unwrap(),
        kind,
        &SchemaSet::core(),
    )
}

#[test]
fn filters_on_a_user() {
    let person = person();
    let cases = [
        ("userName eq \"jane.doe@CORP.example\"", true),
        ("USERNAME Eq \"jane.doe@corp.example\"", true),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"jane\"",
            true,
        ),
        ("userName ne \"jane.doe@corp.example\"", false),
        ("userName co \"DOE\"", true),
        ("userName ew \"corp.example\"", true),
        ("userName sw \"doe\"", false),
        ("userName gt \"a\" and userName lt \"K\"", true),
        (
            "userName ge \"jane.doe@corp.example\" and userName le \"jane.doe@corp.example\"",
            true,
        ),
        ("name.familyName eq \"ÅNGSTRÖM\"", true),
        ("externalId eq \"Ext-7\"", true),
        ("externalId eq \"ext-7\"", false),
        ("id eq \"ab-12\"", true),
        ("id eq \"AB-12\"", false),
        ("active eq true", true),
        ("active eq \"True\"", true),
        ("active eq false", false),
        ("active ne false", true),
        ("emails eq \"JANE@home.example\"", true),
        ("emails.value co \"home\"", true),
        ("emails.type eq \"other\"", false),
        ("emails.value ne \"jane@home.example\"", false),
        ("emails.value ne \"nobody@x.example\"", true),
        ("emails[type eq \"work\" and value co \"@corp\"]", true),
        ("emails[type eq \"home\" and value co \"@corp\"]", false),
        (
            "emails[type eq \"work\"].value eq \"jane@corp.example\"",
            true,
        ),
        ("emails[type eq \"work\"].value co \"home\"", false),
        ("emails[type eq \"work\"].display pr", false),
        ("emails[primary eq \"True\"]", true),
        ("emails[not (type eq \"work\")]", true),
        ("emails[type eq \"other\"]", false),
        ("emails pr", true),
        ("phoneNumbers pr", false),
        ("not (phoneNumbers pr)", true),
        ("phoneNumbers.value ne \"1\"", true),
        ("phoneNumbers.value eq \"1\"", false),
        ("title eq null", true),
        ("title ne null", false),
        ("userName ne null", true),
        ("name pr", true),
        ("nickName pr", false),
        ("groups.display eq \"storage ADMINS\"", true),
        ("groups eq \"g1\"", true),
        ("groups[display eq \"Storage admins\"]", true),
        ("manager eq \"boss\"", true),
        ("id eq \"ab-12\" and manager eq \"boss\"", true),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"boss\"",
            true,
        ),
        ("enterprise.employeeNumber eq 40017", true),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr",
            true,
        ),
        ("meta.lastModified gt \"2026-06-01T12:00:00Z\"", true),
        ("meta.lastModified lt \"2026-06-01T14:00:01+02:00\"", true),
        ("meta.lastModified gt \"2026-06-01T14:00:01+02:00\"", false),
        ("meta.created eq \"2026-01-01T01:00:00+01:00\"", true),
        ("meta.resourceType eq \"User\"", true),
        (
            "schemas eq \"urn:ietf:params:scim:schemas:core:2.0:User\"",
            true,
        ),
        ("schemas co \"enterprise\"", true),
        ("shoeSize eq \"44\"", false),
        ("shoeSize pr", false),
        ("not (shoeSize pr)", true),
        ("userName sw \"x\" or active eq true and title pr", false),
        ("userName sw \"jane\" or active eq true and title pr", true),
    ];
    for (filter, expected) in cases {
        assert_eq!(
            holds(ResourceKind::User, &person, filter),
            expected,
            "{filter}"
        );
    }
}

#[test]
fn filters_on_a_group() {
    let group = json!({
        "id": "g1", "displayName": "Storage admins",
        "members": [{"value": "u1", "display": "Jane"}, {"value": "u2"}],
    });
    let cases = [
        ("displayName eq \"STORAGE admins\"", true),
        ("members eq \"u2\"", true),
        ("members eq \"u3\"", false),
        ("members[value eq \"u1\"]", true),
        ("members.value eq \"u1\" and id eq \"g1\"", true),
        ("id eq \"g1\" and members eq \"u9\"", false),
    ];
    for (filter, expected) in cases {
        assert_eq!(
            holds(ResourceKind::Group, &group, filter),
            expected,
            "{filter}"
        );
    }
}

#[test]
fn comparisons_without_sense_are_refused() {
    let schemas = SchemaSet::core();
    let check =
        |filter: &str| validate(&parse_filter(filter).unwrap(), ResourceKind::User, &schemas);
    let refused = [
        ("active gt true", "active"),
        ("active co \"ru\"", "active"),
        ("active eq \"yes\"", "active"),
        ("active eq 1", "active"),
        ("name eq \"Jane\"", "name"),
        (
            "name.givenName eq \"x\" and emails[primary gt true]",
            "primary",
        ),
        ("emails[type eq \"work\"].primary sw \"t\"", "primary"),
        ("meta.lastModified gt \"yesterday\"", "lastModified"),
        ("meta.lastModified gt 5", "lastModified"),
        ("userName gt null", "userName"),
        ("not (x509Certificates.value gt \"a\")", "value"),
    ];
    for (filter, place) in refused {
        let error = check(filter).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidFilter, "{filter}");
        assert!(error.detail.contains(place), "{filter}: {}", error.detail);
    }
    for filter in [
        "userName eq \"x\"",
        "shoeSize gt 40",
        "title eq null",
        "name eq null",
        "emails pr",
    ] {
        assert_eq!(check(filter), Ok(()), "{filter}");
    }
}

#[test]
fn unknown_names_are_found_for_whoever_wants_to_know() {
    let filter = parse_filter(
        "actve eq true and emails[typ eq \"work\"] and name.first pr and userName pr and active gt 1",
    )
    .unwrap();
    assert_eq!(
        unknown_attributes(&filter, ResourceKind::User, &SchemaSet::core()),
        ["actve", "typ", "name.first"]
    );
}
