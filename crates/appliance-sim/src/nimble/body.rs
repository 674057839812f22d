//! Request bodies: `{"data": {...}}`, and the wrapper of an advanced query.

use serde_json::{Map, Value};

use crate::exchange::Request;

use super::failure::Failure;

/// A request body, opened.
#[derive(Debug)]
pub(super) struct Body {
    /// What stands under `data`.
    pub(super) data: Map<String, Value>,
    /// What stands beside it.
    pub(super) wrapper: Map<String, Value>,
}

impl Body {
    /// Opens the envelope. JSON is read whatever the content type says, as no client of HPE's
    /// depends on it.
    pub(super) fn read(request: &Request) -> Result<Self, Failure> {
        let malformed = || Failure::bad_request("SM_invalid_arg_value", "The body is not JSON.");
        let Value::Object(mut wrapper) = request.json().map_err(|_| malformed())? else {
            return Err(Failure::missing("data"));
        };
        match wrapper.remove("data") {
            Some(Value::Object(data)) => Ok(Self { data, wrapper }),
            Some(_) => Err(Failure::invalid("data")),
            None => Err(Failure::missing("data")),
        }
    }

    /// Whether the call is a query, although it is a POST.
    pub(super) fn is_fetch(&self) -> bool {
        self.wrapper.get("operationType").and_then(Value::as_str) == Some("fetch")
    }

    /// The data of a call that is no query: nothing may stand beside it.
    pub(super) fn into_data(self) -> Result<Map<String, Value>, Failure> {
        match self.wrapper.keys().next() {
            Some(key) => Err(Failure::unexpected(key)),
            None => Ok(self.data),
        }
    }
}
