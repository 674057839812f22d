//! Request bodies.

use serde_json::{Value, json};

use super::release::Family;
use super::reply::Refusal;
use crate::exchange::Request;

/// The body, an empty object if there is none.
///
/// Only CORE says what is wrong with a body; later releases look for the wrong exception.
pub(super) fn json_body(family: Family, request: &Request) -> Result<Value, Refusal> {
    if request.body.is_empty() {
        return Ok(json!({}));
    }
    request.json().map_err(|error| {
        if family.is_core() {
            let (line, column) = (error.line(), error.column());
            Refusal::NotJson(format!(
                "Expecting value: line {line} column {column} (char {column})"
            ))
        } else {
            Refusal::BROKEN
        }
    })
}
