//! The frame of a bulk request, and the form of each operation.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Action, BulkRequest, Operation, Target};
use crate::scim::error::quoted;
use crate::scim::{ErrorKind, Preconditions, ResourceKind, ScimError};

const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

impl BulkRequest {
    /// Reads the body of a bulk request with at most so many operations.
    ///
    /// # Errors
    /// `invalidSyntax` or `invalidValue` where the frame is wrong, `PayloadTooLarge` with the limit
    /// where there are too many operations (§3.7.4).
    pub fn read(body: Value, max_operations: usize) -> Result<Self, ScimError> {
        let Value::Object(mut body) = body else {
            return Err(ScimError::invalid_syntax(
                "the body of a bulk request must be an object",
            ));
        };
        check_schemas(&body)?;
        let fail_on_errors = take(&mut body, "failOnErrors")
            .filter(|value| !value.is_null())
            .map(|value| fail_on_errors(&value))
            .transpose()?;
        let Some(Value::Array(operations)) = take(&mut body, "Operations") else {
            return Err(ScimError::invalid_syntax(
                "a bulk request needs Operations, a list of operations (RFC 7644 §3.7)",
            ));
        };
        if operations.len() > max_operations {
            return Err(ScimError::new(
                ErrorKind::PayloadTooLarge,
                format!(
                    "the request has {} operations, and maxOperations is {max_operations}; send \
                     them in several requests",
                    operations.len()
                ),
            ));
        }
        let mut names = HashSet::new();
        let operations = operations
            .into_iter()
            .map(|operation| read_operation(operation, &mut names))
            .collect();
        Ok(Self {
            fail_on_errors,
            operations,
        })
    }
}

fn check_schemas(body: &Map<String, Value>) -> Result<(), ScimError> {
    let declared = body
        .iter()
        .find_map(|(name, value)| name.eq_ignore_ascii_case("schemas").then_some(value))
        .and_then(Value::as_array);
    let is_bulk = declared.is_none_or(|urns| {
        urns.iter()
            .filter_map(Value::as_str)
            .any(|urn| urn.eq_ignore_ascii_case(BULK_REQUEST))
    });
    if is_bulk {
        return Ok(());
    }
    Err(ScimError::invalid_syntax(format!(
        "the schemas of a bulk request must be [\"{BULK_REQUEST}\"]"
    )))
}

fn fail_on_errors(value: &Value) -> Result<u64, ScimError> {
    value.as_u64().filter(|errors| *errors > 0).ok_or_else(|| {
        ScimError::invalid_value("failOnErrors must be an integer greater than 0, or left out")
    })
}

fn read_operation(value: Value, names: &mut HashSet<String>) -> Operation {
    let Value::Object(mut fields) = value else {
        return Operation {
            method: String::new(),
            bulk_id: None,
            action: Err(ScimError::invalid_syntax("an operation must be an object")),
        };
    };
    let method = take_text(&mut fields, "method").unwrap_or_default();
    let method = method.to_ascii_uppercase();
    let bulk_id = take_text(&mut fields, "bulkId");
    let action = read_action(&method, bulk_id.as_deref(), fields, names);
    Operation {
        method,
        bulk_id,
        action,
    }
}

fn read_action(
    method: &str,
    bulk_id: Option<&str>,
    mut fields: Map<String, Value>,
    names: &mut HashSet<String>,
) -> Result<Action, ScimError> {
    let path = take_text(&mut fields, "path")
        .ok_or_else(|| ScimError::invalid_syntax("the operation has no path, such as /Users"))?;
    let (kind, id) = read_path(&path)?;
    if method == "POST" {
        if id.is_some() {
            return Err(ScimError::invalid_syntax(format!(
                "POST goes to /{}, without an id",
                kind.endpoint()
            )));
        }
        // §3.7 asks for a bulkId with every POST; without one, nothing can refer to the resource.
        if bulk_id.is_some_and(|name| !names.insert(name.to_owned())) {
            return Err(ScimError::invalid_value(
                "an earlier operation has the same bulkId",
            ));
        }
        let data = data(&mut fields)?;
        return Ok(Action::Create { kind, data });
    }
    let id = id.ok_or_else(|| {
        ScimError::invalid_syntax(format!(
            "{} needs a path with an id, such as /{}/2819c223",
            quoted(method),
            kind.endpoint()
        ))
    })?;
    let version = take_text(&mut fields, "version");
    let target = Target {
        kind,
        id,
        preconditions: Preconditions::new(version.as_deref(), None),
    };
    match method {
        "PUT" => Ok(Action::Replace {
            target,
            data: data(&mut fields)?,
        }),
        "PATCH" => Ok(Action::Patch {
            target,
            data: data(&mut fields)?,
        }),
        "DELETE" => Ok(Action::Delete { target }),
        _ => Err(ScimError::invalid_syntax(format!(
            "the method must be POST, PUT, PATCH or DELETE, not {}",
            quoted(method)
        ))),
    }
}

/// `/Users` or `/Users/<id>`, relative to the endpoint (§3.7).
fn read_path(path: &str) -> Result<(ResourceKind, Option<String>), ScimError> {
    let plain = path.split('?').next().unwrap_or_default();
    let mut segments = plain.split('/').filter(|segment| !segment.is_empty());
    let endpoint = segments.next().unwrap_or_default();
    let id = segments.next();
    let kind = [ResourceKind::User, ResourceKind::Group]
        .into_iter()
        .find(|kind| kind.endpoint().eq_ignore_ascii_case(endpoint));
    match (kind, segments.next()) {
        (Some(kind), None) => Ok((kind, id.map(str::to_owned))),
        _ => Err(ScimError::new(
            ErrorKind::NotFound,
            format!(
                "there is nothing at {}; a path is /Users, /Groups, or one of these with an id",
                quoted(path)
            ),
        )),
    }
}

fn data(fields: &mut Map<String, Value>) -> Result<Value, ScimError> {
    take(fields, "data")
        .filter(Value::is_object)
        .ok_or_else(|| ScimError::invalid_syntax("the operation needs data, an object"))
}

/// A field, its name in any case (RFC 7643 §2.1).
fn take(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = fields
        .keys()
        .find(|key| key.eq_ignore_ascii_case(name))?
        .clone();
    fields.remove(&key)
}

fn take_text(fields: &mut Map<String, Value>, name: &str) -> Option<String> {
    match take(fields, name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
