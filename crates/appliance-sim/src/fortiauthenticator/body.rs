//! Request bodies, as the framework reads them.

use serde_json::{Map, Value};

use crate::exchange::{Request, Response};

use super::reply;

/// The body as a JSON object.
pub(super) fn body(request: &Request) -> Result<Map<String, Value>, Response> {
    match any_body(request)? {
        Value::Object(body) => Ok(body),
        // The framework finds no field in it.
        _ => Ok(Map::new()),
    }
}

/// The body as JSON of any kind.
pub(super) fn any_body(request: &Request) -> Result<Value, Response> {
    let content_type = request.header("content-type").unwrap_or("application/json");
    let content_type = content_type.split(';').next().unwrap_or_default().trim();
    if !content_type.eq_ignore_ascii_case("application/json") {
        return Err(reply::generic(415));
    }
    request
        .json()
        .map_err(|_| reply::error("Request is not valid JSON."))
}
