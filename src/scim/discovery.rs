//! What the service says about itself (RFC 7644 §4, RFC 7643 §5 to §7), complete and typed for
//! clients that parse it strictly.

use serde_json::{Map, Value, json};

use super::assignable::AssignableKind;
use super::query::CURSOR_TIMEOUT_SECONDS;
use super::schema::{ResourceType, Schema, SchemaSet};

/// What differs between one service and another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// The most operations in one bulk request.
    pub bulk_max_operations: u64,
    /// The largest bulk request, in bytes.
    pub bulk_max_payload_bytes: u64,
    /// The most resources in one answer.
    pub maximum_results: u64,
    /// Whether passwords that clients send reach an appliance.
    pub change_password: bool,
    /// A page for people about this service.
    pub documentation_uri: Option<String>,
    /// Whether the service keeps to draft-zollner-scim-interop-profile.
    pub interop_profile: bool,
}

/// The `/ServiceProviderConfig`. `base` is the base URL, without a slash at its end, here and
/// below.
pub fn service_provider_config(base: &str, capabilities: &Capabilities) -> Value {
    let supported = |supported: bool| json!({ "supported": supported });
    let mut config = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": supported(true),
        "bulk": {
            "supported": true,
            "maxOperations": capabilities.bulk_max_operations,
            "maxPayloadSize": capabilities.bulk_max_payload_bytes,
        },
        "filter": { "supported": true, "maxResults": capabilities.maximum_results },
        "changePassword": supported(capabilities.change_password),
        "sort": supported(true),
        "etag": supported(true),
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": capabilities.maximum_results,
            "maxPageSize": capabilities.maximum_results,
            "cursorTimeout": CURSOR_TIMEOUT_SECONDS,
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "A token in the Authorization header, after the word Bearer.",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": meta("ServiceProviderConfig", format!("{base}/ServiceProviderConfig")),
    });
    if let (true, Some(config)) = (capabilities.interop_profile, config.as_object_mut()) {
        // A service that does not conform leaves it out.
        config.insert("interopProfileConformant".to_owned(), Value::Bool(true));
    }
    if let (Some(uri), Some(config)) = (&capabilities.documentation_uri, config.as_object_mut()) {
        config.insert("documentationUri".to_owned(), Value::from(uri.as_str()));
    }
    config
}

/// The resources of `/ResourceTypes`; `offered` is what is listed for clients to assign, here and
/// below.
pub fn resource_types(base: &str, schemas: &SchemaSet, offered: &[AssignableKind]) -> Vec<Value> {
    let resource_types = schemas.resource_types().iter();
    resource_types
        .map(|resource_type| describe_resource_type(base, resource_type))
        .chain(offered.iter().map(|kind| describe_assignables(base, *kind)))
        .collect()
}

/// The resource of `/ResourceTypes/{id}`; `None` where there is none of this name.
pub fn resource_type(
    base: &str,
    schemas: &SchemaSet,
    offered: &[AssignableKind],
    id: &str,
) -> Option<Value> {
    let mut resource_types = schemas.resource_types().iter();
    let described = resource_types
        .find(|resource_type| resource_type.kind.as_str() == id)
        .map(|resource_type| describe_resource_type(base, resource_type));
    described.or_else(|| {
        let kind = offered.iter().find(|kind| kind.as_str() == id)?;
        Some(describe_assignables(base, *kind))
    })
}

/// The resources of `/Schemas`.
pub fn schemas(base: &str, schemas: &SchemaSet) -> Vec<Value> {
    let schemas = schemas.schemas().iter();
    schemas
        .map(|schema| describe_schema(base, schema))
        .collect()
}

/// The resource of `/Schemas/{urn}`; `None` where there is none of this URN.
pub fn schema(base: &str, schemas: &SchemaSet, urn: &str) -> Option<Value> {
    schemas
        .schema(urn)
        .map(|schema| describe_schema(base, schema))
}

fn describe_resource_type(base: &str, resource_type: &ResourceType) -> Value {
    let kind = resource_type.kind;
    let extensions: Vec<Value> = resource_type
        .extensions
        .iter()
        .map(|urn| json!({ "schema": urn, "required": false }))
        .collect();
    let mut described = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": kind.as_str(),
        "name": kind.as_str(),
        "description": resource_type.description,
        "endpoint": format!("/{}", kind.endpoint()),
        "schema": kind.schema_urn(),
        "meta": meta("ResourceType", format!("{base}/ResourceTypes/{kind}")),
    });
    if let (false, Some(described)) = (extensions.is_empty(), described.as_object_mut()) {
        described.insert("schemaExtensions".to_owned(), Value::Array(extensions));
    }
    described
}

fn describe_assignables(base: &str, kind: AssignableKind) -> Value {
    let name = kind.as_str();
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": name,
        "name": name,
        "description": kind.description(),
        "endpoint": format!("/{}", kind.endpoint()),
        "schema": kind.schema_urn(),
        "meta": meta("ResourceType", format!("{base}/ResourceTypes/{name}")),
    })
}

fn describe_schema(base: &str, schema: &Schema) -> Value {
    let mut described = Map::new();
    described.insert(
        "schemas".to_owned(),
        json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]),
    );
    // A definition is strings, booleans and lists of them; it always becomes an object.
    if let Ok(Value::Object(definition)) = serde_json::to_value(schema) {
        described.extend(definition);
    }
    described.insert(
        "meta".to_owned(),
        meta("Schema", format!("{base}/Schemas/{}", schema.id)),
    );
    Value::Object(described)
}

fn meta(resource_type: &str, location: String) -> Value {
    json!({ "resourceType": resource_type, "location": location })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        Capabilities, resource_type, resource_types, schema, schemas, service_provider_config,
    };
    use crate::scim::assignable::AssignableKind;
    use crate::scim::schema::SchemaSet;

    const BASE: &str = "https://bridge.example/scim/v2";

    /// Every key of an answer must be in the schema that it names, with the type said there.
    fn assert_described(answer: &Value, definitions: &[Value]) {
        for (name, value) in answer.as_object().unwrap() {
            if ["schemas", "meta", "id"].contains(&name.as_str()) {
                continue;
            }
            let definition = definitions
                .iter()
                .find(|definition| definition["name"] == json!(name))
                .unwrap_or_else(|| panic!("{name} is in no schema"));
            let values = match value {
                Value::Array(values) => {
                    assert_eq!(definition["multiValued"], json!(true), "{name}");
                    values.clone()
                }
                single => {
                    assert_eq!(definition["multiValued"], json!(false), "{name}");
                    vec![single.clone()]
                }
            };
            for value in values {
                match definition["type"].as_str().unwrap() {
                    "complex" => {
                        assert_described(&value, definition["subAttributes"].as_array().unwrap());
                    }
                    "boolean" => assert!(value.is_boolean(), "{name}"),
                    "integer" => assert!(value.is_u64(), "{name}"),
                    _ => assert!(value.is_string(), "{name}"),
                }
            }
        }
    }

    fn definitions(urn: &str) -> Vec<Value> {
        let schema = schema(BASE, &SchemaSet::core(), urn).unwrap();
        schema["attributes"].as_array().unwrap().clone()
    }

    #[test]
    fn answers_are_as_their_own_schemas_say() {
        let set = SchemaSet::core();
        let config = service_provider_config(
            BASE,
            &Capabilities {
                bulk_max_operations: 1_000,
                bulk_max_payload_bytes: 1 << 20,
                maximum_results: 200,
                change_password: false,
                documentation_uri: Some("https://bridge.example/help".to_owned()),
                interop_profile: true,
            },
        );
        assert_described(
            &config,
            &definitions("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
        );
        assert_eq!(config["filter"]["maxResults"], json!(200));
        for resource_type in resource_types(BASE, &set, &AssignableKind::ALL) {
            assert_described(
                &resource_type,
                &definitions("urn:ietf:params:scim:schemas:core:2.0:ResourceType"),
            );
        }
        // The schema of schemas cannot describe itself: its parts have parts that have parts.
        let set = set.and_showing(AssignableKind::ALL.map(|kind| kind.schema().clone()));
        let others = schemas(BASE, &set)
            .into_iter()
            .filter(|schema| schema["id"] != json!("urn:ietf:params:scim:schemas:core:2.0:Schema"));
        for schema in others {
            assert_described(
                &schema,
                &definitions("urn:ietf:params:scim:schemas:core:2.0:Schema"),
            );
        }
    }

    #[test]
    fn single_documents_are_found_by_their_id() {
        let set = SchemaSet::core();
        let user = resource_type(BASE, &set, &[], "User").unwrap();
        assert_eq!(
            user["schemaExtensions"][0]["schema"],
            json!("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")
        );
        assert_eq!(
            user["meta"]["location"],
            json!("https://bridge.example/scim/v2/ResourceTypes/User")
        );
        assert_eq!(resource_type(BASE, &set, &[], "Robot"), None);
        assert_eq!(
            resource_type(BASE, &set, &[], "Role"),
            None,
            "none is offered"
        );
        assert_eq!(schema(BASE, &set, "urn:example:nothing"), None);
        let user = schema(BASE, &set, "urn:ietf:params:scim:schemas:core:2.0:User").unwrap();
        let attributes = user["attributes"].as_array().unwrap();
        assert!(
            attributes
                .iter()
                .any(|attribute| attribute["name"] == json!("userName")
                    && attribute["required"] == json!(true))
        );
    }
}
