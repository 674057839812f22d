//! What a refusal looks like over JSON-RPC: three codes, and the rest in `data`.

use serde_json::{Value, json};

use crate::truenas::reply::{
    Complaint, EACCES, EBUSY, EEXIST, EFAULT, EINVAL, ENOENT, ENOTAUTHENTICATED, Refusal,
};

const INVALID_PARAMS: i64 = -32602;
const CALL_ERROR: i64 = -32001;

/// The error of a method, however it is refused.
pub(super) fn of(method: &str, refusal: Refusal) -> Value {
    match refusal {
        Refusal::Validation(complaints) => validation(&complaints),
        Refusal::NoSuchRow(message) => no_such_row(&message),
        Refusal::Call { message, errno } => {
            let reason = format!("[{}] {message}", name(errno));
            let repr = format!("CallError({}, {errno})", python(&message));
            call_error(errno, &reason, "CallError", &repr)
        }
        Refusal::NotFound => call_error(
            EINVAL,
            "MatchNotFound()",
            "MatchNotFound",
            "MatchNotFound()",
        ),
        Refusal::Unhandled { exception, message } => {
            let repr = format!("{exception}({})", python(&message));
            call_error(EINVAL, &message, exception, &repr)
        }
        Refusal::UnknownMethod => json!({"code": -32601, "message": "Method does not exist"}),
        // Answers of the web framework, which no method gives.
        Refusal::Text(_, text) => internal(method, text),
        Refusal::NotJson(text) => internal(method, &text),
    }
}

pub(super) fn overloaded(limit: usize) -> Value {
    let message = format!("Maximum number of concurrent calls ({limit}) has exceeded.");
    json!({"code": -32000, "message": message})
}

fn internal(method: &str, text: &str) -> Value {
    json!({"code": -32603, "message": format!("Internal error in {method}: {text}")})
}

/// The error number of the whole is always the same; those of the complaints are in their rows.
fn validation(complaints: &[Complaint]) -> Value {
    let mut reason = String::new();
    let mut rows = Vec::new();
    let mut reprs = Vec::new();
    for Complaint {
        key,
        message,
        errno,
    } in complaints
    {
        reason.push_str(&format!("[{}] {key}: {message}\n", name(*errno)));
        rows.push(json!([key, message, errno]));
        let (key, message) = (python(key), python(message));
        reprs.push(format!("ValidationError({key}, {message}, {errno})"));
    }
    let repr = format!("ValidationErrors([{}])", reprs.join(", "));
    json!({
        "code": INVALID_PARAMS,
        "message": "Invalid params",
        "data": data(EINVAL, &reason, "ValidationErrors", &repr, &json!(rows)),
    })
}

fn no_such_row(message: &str) -> Value {
    let reason = format!("[ENOENT] None: {message}");
    let repr = format!("InstanceNotFound({})", python(message));
    let rows = json!([[null, message, ENOENT]]);
    json!({
        "code": INVALID_PARAMS,
        "message": "Invalid params",
        "data": data(EINVAL, &reason, "InstanceNotFound", &repr, &rows),
    })
}

fn call_error(errno: u16, reason: &str, class: &str, repr: &str) -> Value {
    json!({
        "code": CALL_ERROR,
        "message": "Method call error",
        "data": data(errno, reason, class, repr, &Value::Null),
    })
}

fn data(errno: u16, reason: &str, class: &str, repr: &str, extra: &Value) -> Value {
    json!({
        "error": errno,
        "errname": name(errno),
        "reason": reason,
        "trace": {
            "class": class,
            "frames": [{
                "filename": "middlewared/main.py",
                "lineno": 1,
                "method": "call",
                "line": "result = method(*args)",
                "argspec": ["self"],
                "locals": {},
            }],
            "formatted": format!("Traceback (most recent call last):\n{class}: {reason}\n"),
            "repr": repr,
        },
        "extra": extra,
    })
}

fn name(errno: u16) -> &'static str {
    match errno {
        ENOENT => "ENOENT",
        EACCES => "EACCES",
        EFAULT => "EFAULT",
        EBUSY => "EBUSY",
        EEXIST => "EEXIST",
        ENOTAUTHENTICATED => "ENOTAUTHENTICATED",
        _ => "EINVAL",
    }
}

/// A text as Python shows it.
fn python(text: &str) -> String {
    if text.contains('\'') && !text.contains('"') {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "\\'"))
    }
}
