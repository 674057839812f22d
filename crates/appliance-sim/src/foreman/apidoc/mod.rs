//! `/apidoc/v2.json`: what the API offers, for clients that learn it from the server.
//!
//! hammer and apypie fetch it once, keep it under the checksum that every answer carries in
//! `Apipie-Checksum`, find paths in it and check parameters against it before they send anything.

mod resources;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::release::Release;
use resources::{Action, Parameter, RESOURCES, Resource};

/// The description, and its checksum.
#[derive(Debug)]
pub(super) struct Apidoc {
    pub(super) document: Value,
    pub(super) checksum: String,
}

impl Apidoc {
    pub(super) fn of(release: Release) -> Self {
        let document = document(release);
        Self {
            checksum: checksum(&document),
            document,
        }
    }
}

/// As long as the server's own.
fn checksum(document: &Value) -> String {
    const BYTES: usize = 20;
    let digest = Sha256::digest(document.to_string());
    let bytes = digest.iter().take(BYTES);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

fn document(release: Release) -> Value {
    let resources: Map<String, Value> = RESOURCES
        .iter()
        .map(|resource| (resource.name.to_owned(), describe(resource, release)))
        .collect();
    json!({
        "docs": {
            "name": "Foreman",
            "info": "The accounts of a simulated Foreman",
            "copyright": "",
            "doc_url": "/apidoc/v2",
            "api_url": "/api",
            "resources": resources,
        },
    })
}

fn describe(resource: &Resource, release: Release) -> Value {
    let methods: Vec<Value> = resource
        .actions
        .iter()
        .map(|action| method(resource, action, release))
        .collect();
    json!({
        "doc_url": format!("/apidoc/v2/{}", resource.name),
        "api_url": "/api",
        "name": resource.title,
        "short_description": null,
        "full_description": null,
        "version": "v2",
        "formats": null,
        "metadata": null,
        "methods": methods,
    })
}

fn method(resource: &Resource, action: &Action, release: Release) -> Value {
    let routes: Vec<Value> = action
        .routes
        .iter()
        .map(|(verb, path)| {
            json!({
                "api_url": path,
                "http_method": verb,
                "short_description": action.title,
                "deprecated": null,
            })
        })
        .collect();
    json!({
        "doc_url": format!("/apidoc/v2/{}/{}", resource.name, action.name),
        "name": action.name,
        "apis": routes,
        "formats": null,
        "full_description": "",
        "errors": [],
        "params": parameters(action.parameters, None, release),
        "examples": [],
        "metadata": null,
        "see": [],
    })
}

fn parameters(list: &[Parameter], within: Option<&str>, release: Release) -> Vec<Value> {
    list.iter()
        .filter(|parameter| parameter.name != "disabled" || release.has_disabled())
        .map(|parameter| describe_parameter(parameter, within, release))
        .collect()
}

fn describe_parameter(parameter: &Parameter, within: Option<&str>, release: Release) -> Value {
    let full_name = within.map_or_else(
        || parameter.name.to_owned(),
        |within| format!("{within}[{}]", parameter.name),
    );
    let mut description = json!({
        "name": parameter.name,
        "full_name": full_name,
        "description": "",
        "required": parameter.required,
        "allow_nil": !parameter.required,
        "allow_blank": false,
        "validator": format!("Must be a {}", parameter.kind),
        "expected_type": parameter.kind,
        "metadata": null,
        "show": true,
        "validations": [],
    });
    if let Value::Object(fields) = &mut description
        && !parameter.inner.is_empty()
    {
        let inner = parameters(parameter.inner, Some(&full_name), release);
        fields.insert("params".to_owned(), Value::Array(inner));
    }
    description
}
