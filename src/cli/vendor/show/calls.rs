//! The calls of each operation, as the profile writes them down.

use serde_json::{Value, json};
use toml::Table;

/// The operations in the order in which they are told; others follow.
const ORDER: [&str; 9] = [
    "find", "read", "list", "create", "update", "rename", "disable", "enable", "delete",
];

/// A call and what it is for.
struct Call {
    /// `find`, `members.write`.
    operation: String,
    /// `GET /users/{{ id }}`.
    request: String,
    /// What is sent with it.
    body: Option<String>,
}

/// The calls, a line each.
pub(super) fn lines(object: &Table) -> Vec<String> {
    let calls = calls(object);
    let width = calls
        .iter()
        .map(|call| call.operation.len())
        .max()
        .unwrap_or_default();
    calls
        .iter()
        .map(|call| {
            let body = call
                .body
                .as_ref()
                .map(|body| format!("  {body}"))
                .unwrap_or_default();
            format!("  {:<width$}  {}{body}", call.operation, call.request)
        })
        .collect()
}

/// The calls for scripts.
pub(super) fn json(object: &Table) -> Value {
    calls(object)
        .iter()
        .map(
            |call| json!({"operation": call.operation, "request": call.request, "body": call.body}),
        )
        .collect()
}

fn calls(object: &Table) -> Vec<Call> {
    let mut calls = Vec::new();
    for name in ORDER {
        match object.get(name) {
            Some(section) => collect(name, section, &mut calls),
            None => calls.extend(by_state(name, object)),
        }
    }
    for (name, section) in object {
        if !ORDER.contains(&name.as_str()) && name != "fields" {
            collect(name, section, &mut calls);
        }
    }
    calls
}

/// Every request in a section, whatever the section is called and however deep the request is.
fn collect(name: &str, value: &toml::Value, calls: &mut Vec<Call>) {
    match value {
        toml::Value::Table(table) => match request(table) {
            Some(request) => calls.push(Call {
                operation: name.trim_end_matches(".request").to_owned(),
                request,
                body: table
                    .get("body")
                    .or_else(|| table.get("params"))
                    .map(ToString::to_string),
            }),
            None => {
                for (key, inner) in table {
                    collect(&format!("{name}.{key}"), inner, calls);
                }
            }
        },
        toml::Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                collect(&format!("{name}[{}]", index + 1), inner, calls);
            }
        }
        _ => {}
    }
}

/// A request in one line; `None` if the table is none.
pub(super) fn request(table: &Table) -> Option<String> {
    let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
    if let Some(call) = text("call") {
        return Some(format!("call {call}"));
    }
    let (method, path) = (text("method")?, text("path")?);
    let query: Vec<String> = table
        .get("query")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten()
        .map(|(name, value)| match value {
            toml::Value::String(text) => format!("{name}={text}"),
            other => format!("{name}={other}"),
        })
        .collect();
    Some(if query.is_empty() {
        format!("{method} {path}")
    } else {
        format!("{method} {path}?{}", query.join("&"))
    })
}

/// Switching off and on where the state is a field like others.
fn by_state(operation: &str, object: &Table) -> Option<Call> {
    let value = match operation {
        "disable" => ("inactive", toml::Value::Boolean(false)),
        "enable" => ("active", toml::Value::Boolean(true)),
        _ => return None,
    };
    let state = object.get("state")?;
    let field = state.get("field")?.as_str()?;
    let written = state.get(value.0).cloned().unwrap_or(value.1);
    Some(Call {
        operation: operation.to_owned(),
        request: "as update".to_owned(),
        body: Some(format!("{field} = {written}")),
    })
}
