//! What a request's content type makes of its body.

use serde_json::{Value, json};

use super::reply::Refusal;
use crate::exchange::Request;

/// The body of a request, an empty object if it has none.
pub(super) fn body(request: &Request) -> Result<Value, Refusal> {
    let content_type = request.header("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if matches!(request.method.as_str(), "POST" | "PUT") {
        match essence {
            "application/json" => {}
            "" => return Err(Refusal::NoContentType),
            "text/plain" | "application/x-www-form-urlencoded" | "multipart/form-data" => {
                return Err(Refusal::unexpected());
            }
            _ => {
                let message = format!(
                    "Media type in 'Content-Type: {content_type}' is unsupported in API v2 for POST and PUT requests. Please use 'Content-Type: application/json'."
                );
                return Err(Refusal::Message(415, message));
            }
        }
    }
    if request.body.is_empty() {
        return Ok(json!({}));
    }
    request.json().map_err(|_| {
        let text = String::from_utf8_lossy(&request.body);
        let message =
            format!("There was a problem in the JSON you submitted: unexpected token at '{text}'");
        Refusal::Framework(400, message)
    })
}
