//! The envelope: JSON-RPC 2.0 as the middleware reads and writes it.

use serde_json::{Value, json};

/// A message that is a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) params: Vec<Value>,
    /// None for a notification, which gets no answer.
    id: Option<Value>,
}

impl Call {
    /// The call, or the answer to a message that is none.
    pub(super) fn parse(message: &str) -> Result<Self, Value> {
        let value: Value = serde_json::from_str(message).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let text = format!(
                "Expecting value: line {line} column {column} (char {})",
                column.saturating_sub(1)
            );
            refusal(-32700, &text, &Value::Null)
        })?;
        if value.is_array() {
            let text = "Batch messages are not supported at this time";
            return Err(refusal(-32700, text, &Value::Null));
        }
        let id = value.get("id").cloned();
        let wrong = |text: &str| refusal(-32600, text, id.as_ref().unwrap_or(&Value::Null));
        if value.get("jsonrpc").is_none() {
            return Err(wrong("Missing 'jsonrpc' member"));
        }
        if value.get("jsonrpc") != Some(&json!("2.0")) {
            return Err(wrong("'jsonrpc' member must be '2.0'"));
        }
        let Some(method) = value.get("method").and_then(Value::as_str) else {
            return Err(wrong("Missing 'method' member"));
        };
        let params = match value.get("params") {
            None => Vec::new(),
            Some(Value::Array(params)) => params.clone(),
            Some(_) => return Err(wrong("'params' member must be of type array")),
        };
        Ok(Self {
            method: method.to_owned(),
            params,
            id,
        })
    }

    pub(super) fn result(&self, result: &Value) -> Option<Value> {
        let id = self.id.as_ref()?;
        Some(json!({"jsonrpc": "2.0", "result": result, "id": id}))
    }

    pub(super) fn error(&self, error: &Value) -> Option<Value> {
        let id = self.id.as_ref()?;
        Some(json!({"jsonrpc": "2.0", "error": error, "id": id}))
    }
}

fn refusal(code: i64, message: &str, id: &Value) -> Value {
    json!({"jsonrpc": "2.0", "error": {"code": code, "message": message}, "id": id})
}
