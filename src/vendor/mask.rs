//! Requests as they may be shown.

use serde_json::{Map, Value, json};

use super::exchange::RenderedRequest;

/// What stands in the place of a secret.
const MASK: &str = "********";

/// Method, path with query, and body, its secret fields masked at any depth; of JSON-RPC the call and
/// its params.
pub fn mask(request: &RenderedRequest) -> Value {
    if let Some(call) = &request.call {
        let params = request.body.as_ref().unwrap_or(&Value::Null);
        return json!({ "call": call, "params": masked(params, &request.secret_fields) });
    }
    let mut path = request.path.clone();
    if !request.query.is_empty() {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&request.query)
            .finish();
        path = format!("{path}?{query}");
    }
    let mut shown = Map::new();
    shown.insert("method".to_owned(), Value::from(request.method.as_str()));
    shown.insert("path".to_owned(), Value::from(path));
    if let Some(body) = &request.body {
        shown.insert("body".to_owned(), masked(body, &request.secret_fields));
    }
    Value::Object(shown)
}

fn masked(value: &Value, secret_fields: &[String]) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .map(|(name, inner)| {
                let shown = if secret_fields.contains(name) {
                    json!(MASK)
                } else {
                    masked(inner, secret_fields)
                };
                (name.clone(), shown)
            })
            .collect(),
        Value::Array(list) => list
            .iter()
            .map(|inner| masked(inner, secret_fields))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::exchange::{Operation, RenderedRequest};
    use super::mask;

    #[test]
    fn secrets_are_masked_at_any_depth() {
        let request = RenderedRequest {
            operation: Operation::Create,
            call: None,
            method: "POST".to_owned(),
            path: "/users".to_owned(),
            query: vec![("q".to_owned(), "a b&c".to_owned())],
            headers: Vec::new(),
            body: Some(
                json!({"user": {"login": "jane", "password": "hunter2", "keys": [{"password": {"a": 1}}]}}),
            ),
            secret_fields: vec!["password".to_owned()],
        };
        assert_eq!(
            mask(&request),
            json!({
                "method": "POST",
                "path": "/users?q=a+b%26c",
                "body": {"user": {"login": "jane", "password": "********", "keys": [{"password": "********"}]}},
            })
        );
    }
}
