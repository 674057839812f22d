//! What the fuzz targets share: documents to work on, and what must hold whatever came in.

use scim_bridge::scim::ResourceKind;
use scim_bridge::scim::resource::read_resource;
use scim_bridge::scim::schema::SchemaSet;
use scim_filter_parser::ParseError;
use serde_json::{Map, Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Both kinds of resource; every input is tried on each.
pub const KINDS: [ResourceKind; 2] = [ResourceKind::User, ResourceKind::Group];

/// A small canonical resource with something of every shape: simple, complex, multi-valued, extended.
pub fn document(kind: ResourceKind) -> Map<String, Value> {
    let body = match kind {
        ResourceKind::User => json!({
            "userName": "greta@corp.example",
            "externalId": "00u1",
            "displayName": "Greta Moss",
            "name": {"givenName": "Greta", "familyName": "Moss"},
            "emails": [
                {"value": "greta@corp.example", "type": "work", "primary": true},
                {"value": "greta@home.example", "type": "home"},
            ],
            "phoneNumbers": [{"value": "+49 30 1", "type": "work"}],
            "roles": [{"value": "admin", "primary": true}],
            "active": true,
            ENTERPRISE: {"department": "R", "manager": {"value": "26"}},
        }),
        ResourceKind::Group => json!({"displayName": "Night shift", "externalId": "g1"}),
    };
    match read_resource(kind, body, &SchemaSet::core()) {
        Ok(incoming) => incoming.document,
        Err(error) => panic!("the fuzz targets' own document is refused: {error}"),
    }
}

/// A document is canonical when reading it changes nothing and tolerates nothing. `active` is
/// filled in where it is missing, as the store does.
pub fn assert_canonical(kind: ResourceKind, mut document: Map<String, Value>, schemas: &SchemaSet) {
    if kind == ResourceKind::User {
        document.entry("active").or_insert(json!(true));
    }
    match read_resource(kind, Value::Object(document.clone()), schemas) {
        Ok(read) => {
            assert_eq!(read.document, document);
            assert!(
                read.tolerated.is_empty(),
                "{:?}: {document:?}",
                read.tolerated
            );
        }
        Err(error) => panic!("its own document is refused: {error}: {document:?}"),
    }
}

/// A refusal points into the input, between characters, and its message upsets no log.
pub fn assert_well_told(input: &str, error: &ParseError) {
    assert!(input.is_char_boundary(error.offset), "{error:?}");
    assert!(
        !error.to_string().chars().any(char::is_control),
        "{error:?}"
    );
}
