//! What of a JSON-RPC message matters to faults and the journal, whichever vendor's it is.

use serde_json::{Value, json};

/// The parts of a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parts {
    /// The method, empty if the message names none.
    pub(super) method: String,
    /// The parameters; the whole message, as text, if it is no JSON-RPC.
    pub(super) params: Value,
    id: Value,
}

impl Parts {
    pub(super) fn of(message: &str) -> Self {
        let value: Value = serde_json::from_str(message).unwrap_or_default();
        let member = |name: &str| value.get(name).cloned().unwrap_or_default();
        match value.get("method").and_then(Value::as_str) {
            Some(method) => Self {
                method: method.to_owned(),
                params: member("params"),
                id: member("id"),
            },
            None => Self {
                method: String::new(),
                params: json!(message),
                id: member("id"),
            },
        }
    }

    /// An answer with that result.
    pub(super) fn result(&self, result: &Value) -> Value {
        json!({"jsonrpc": "2.0", "result": result, "id": self.id})
    }

    /// An answer with that error.
    pub(super) fn error(&self, error: &Value) -> Value {
        json!({"jsonrpc": "2.0", "error": error, "id": self.id})
    }
}

/// The code of an answer that is an error.
pub(super) fn error_code(reply: &Value) -> Option<i64> {
    reply.pointer("/error/code").and_then(Value::as_i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Parts;

    #[test]
    fn a_message_that_is_no_call_is_kept_whole() {
        let parts = Parts::of(r#"{"id": 4}"#);
        assert_eq!(parts.method, "");
        assert_eq!(parts.params, json!("{\"id\": 4}"));
        assert_eq!(parts.result(&json!(true))["id"], 4);
        assert_eq!(Parts::of("{nonsense").params, json!("{nonsense"));
    }
}
