//! Errors as the array words them: the HTTP message first, the reason second.

use serde_json::{Value, json};

use crate::exchange::Response;

/// Which messages an error carries; old builds give only the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Messages {
    Both,
    Generic,
    Specific,
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    status: u16,
    code: &'static str,
    text: String,
    argument: Option<String>,
}

impl Failure {
    fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self {
            status,
            code,
            text: text.into(),
            argument: None,
        }
    }

    fn about(status: u16, code: &'static str, text: String, argument: &str) -> Self {
        Self {
            argument: Some(argument.to_owned()),
            ..Self::new(status, code, text)
        }
    }

    pub(super) fn bad_request(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(400, code, text)
    }

    /// A value that the field does not take.
    pub(super) fn invalid(argument: &str) -> Self {
        let text = format!("Value not allowed for {argument}.");
        Self::about(400, "SM_invalid_arg_value", text, argument)
    }

    pub(super) fn missing(argument: &str) -> Self {
        let text = format!("Missing mandatory argument {argument}.");
        Self::about(400, "SM_missing_arg", text, argument)
    }

    pub(super) fn unexpected(argument: &str) -> Self {
        let text = format!("Unexpected argument {argument}.");
        Self::about(400, "SM_unexpected_arg", text, argument)
    }

    /// A query parameter: unknown, or one whose value or operator is.
    pub(super) fn query(code: &'static str, parameter: &str) -> Self {
        let text = format!("Query parameter {parameter} is not accepted.");
        Self::about(400, code, text, parameter)
    }

    /// No session, a bad login, or a role that is too low: the array does not tell them apart
    /// by status.
    pub(super) fn unauthorized(code: &'static str, text: &str) -> Self {
        Self::new(401, code, text)
    }

    pub(super) fn forbidden(text: &str) -> Self {
        Self::new(403, "SM_eperm", text)
    }

    pub(super) fn no_such_object() -> Self {
        Self::new(404, "SM_enoent", "No such object.")
    }

    pub(super) fn no_such_path() -> Self {
        Self::new(404, "SM_no_path_found", "No such path.")
    }

    pub(super) fn no_such_method() -> Self {
        Self::new(
            404,
            "SM_no_method_for_URL_pattern",
            "This path does not take this method.",
        )
    }

    pub(super) fn exists() -> Self {
        Self::new(409, "SM_eexist", "Object exists.")
    }

    /// The state of the object or of the array forbids it.
    pub(super) fn conflict(code: &'static str, text: &str) -> Self {
        Self::new(409, code, text)
    }

    pub(super) fn response(&self, messages: Messages) -> Response {
        let (generic, text) = match self.status {
            401 => ("SM_http_unauthorized", "Unauthorized."),
            403 => ("SM_http_forbidden", "Forbidden."),
            404 => ("SM_http_not_found", "Not found."),
            409 => ("SM_http_conflict", "Conflict."),
            _ => ("SM_http_bad_request", "Bad request."),
        };
        let generic = message(generic, text, None);
        let specific = message(self.code, &self.text, self.argument.as_deref());
        let messages = match messages {
            Messages::Both => vec![generic, specific],
            Messages::Generic => vec![generic],
            Messages::Specific => vec![specific],
        };
        let body = json!({"messages": messages});
        Response::json(self.status, "application/json", &body)
    }
}

fn message(code: &str, text: &str, argument: Option<&str>) -> Value {
    let mut message = json!({"code": code, "severity": "error", "text": text});
    if let (Some(argument), Some(message)) = (argument, message.as_object_mut()) {
        message.insert("arguments".into(), json!({"arg": argument}));
    }
    message
}
