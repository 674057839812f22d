//! How the API says yes and no, and the headers that come with either.

use serde_json::{Map, Value, json};

use super::release::Release;
use crate::dummy_hash::letters;
use crate::exchange::Response;

const JSON: &str = "application/json; charset=utf-8";

/// What was done, and what to show for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    /// Lists and errors come out of templates that indent.
    pub(super) pretty: bool,
}

impl Answer {
    pub(super) fn ok(body: Value) -> Self {
        Self {
            status: 200,
            body,
            pretty: false,
        }
    }

    pub(super) fn created(body: Value) -> Self {
        Self {
            status: 201,
            body,
            pretty: false,
        }
    }

    pub(super) fn list(body: Value) -> Self {
        Self {
            status: 200,
            body,
            pretty: true,
        }
    }
}

/// Why a call was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 422: the row's own complaints, by field.
    Invalid {
        /// The row, `None` on create.
        id: Option<i64>,
        errors: Errors,
    },
    /// One message inside `error`.
    Message(u16, String),
    /// 400: a search or an order that the search library refuses.
    NotSupported(String),
    /// 403: which permission is missing, if that is it.
    Denied {
        details: String,
        missing: Option<&'static str>,
    },
    /// 404 without the usual wrapping, for a taxonomy parameter.
    NoTaxonomy(String),
    /// An error of the web framework, whose `error` is a text.
    Framework(u16, String),
    /// 406, empty and no JSON: a body without a content type.
    NoContentType,
}

/// Complaints by field, in order.
pub(super) type Errors = Vec<(String, String)>;

impl Refusal {
    pub(super) fn no_route() -> Self {
        Self::Framework(404, "Not Found".to_owned())
    }

    pub(super) fn not_found(resource: &str, id: &str) -> Self {
        Self::Message(404, format!("Resource {resource} not found by id '{id}'"))
    }

    pub(super) fn missing_permission(permission: &'static str) -> Self {
        Self::Denied {
            details: format!("Missing one of the required permissions: {permission}"),
            missing: Some(permission),
        }
    }

    /// The answer of the last line of defence, which says nothing.
    pub(super) fn unexpected() -> Self {
        Self::Message(
            500,
            "Internal Server Error: the server was unable to finish the request. This may be caused by unavailability of some required service, incorrect API call or a server-side bug. There may be more information in the server's logs."
                .to_owned(),
        )
    }

    fn parts(self) -> (u16, Value) {
        match self {
            Self::Invalid { id, errors } => (422, validation(id, &errors)),
            Self::Message(status, message) => (status, json!({"error": {"message": message}})),
            Self::NotSupported(message) => {
                let class = "ScopedSearch::QueryNotSupported";
                (400, json!({"error": {"message": message, "class": class}}))
            }
            Self::Denied { details, missing } => {
                let missing = missing.map(|permission| vec![permission]);
                let error = json!({
                    "message": "Access denied",
                    "details": details,
                    "missing_permissions": missing,
                });
                (403, json!({ "error": error }))
            }
            Self::NoTaxonomy(message) => (404, json!({ "message": message })),
            Self::Framework(status, error) => (status, json!({"status": status, "error": error})),
            Self::NoContentType => (406, Value::Null),
        }
    }
}

/// Who the answer goes to, for the headers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Audience<'a> {
    pub(super) release: Release,
    /// A number that differs from request to request.
    pub(super) serial: u64,
    /// Of the description of the API.
    pub(super) checksum: &'a str,
    /// The session that the answer's cookie carries; `None` before authentication.
    pub(super) session: Option<&'a str>,
}

pub(super) fn respond(outcome: Result<Answer, Refusal>, audience: Audience<'_>) -> Response {
    let answer = match outcome {
        Err(Refusal::NoContentType) => {
            let response = Response::text(406, "text/html; charset=utf-8", "");
            return with_headers(response, audience);
        }
        Err(refusal) => {
            let (status, body) = refusal.parts();
            Answer {
                status,
                body,
                pretty: true,
            }
        }
        Ok(answer) => answer,
    };
    let text = if answer.pretty {
        format!("{:#}\n", answer.body)
    } else {
        answer.body.to_string()
    };
    let mut response = Response::text(answer.status, JSON, text);
    response = with_headers(response, audience);
    response
}

fn with_headers(response: Response, audience: Audience<'_>) -> Response {
    let request_id = letters(audience.serial, 32).to_lowercase();
    let response = response
        .with_header("apipie-checksum", audience.checksum)
        .with_header("cache-control", "no-cache")
        .with_header("x-request-id", request_id)
        .with_header("x-runtime", "0.010000")
        .with_header("x-frame-options", "sameorigin")
        .with_header("x-content-type-options", "nosniff");
    let Some(session) = audience.session else {
        return response;
    };
    response
        .with_header("foreman_version", audience.release.version())
        .with_header("foreman_api_version", "2")
        .with_header("foreman_current_organization", "; ANY")
        .with_header("foreman_current_location", "; ANY")
        .with_header(
            "set-cookie",
            format!("_session_id={session}; path=/; HttpOnly; SameSite=Lax"),
        )
}

fn validation(id: Option<i64>, errors: &Errors) -> Value {
    let mut by_field = Map::new();
    for (field, message) in errors {
        match by_field.get_mut(field) {
            Some(Value::Array(list)) => list.push(json!(message)),
            _ => {
                by_field.insert(field.clone(), json!([message]));
            }
        }
    }
    let full: Vec<String> = errors
        .iter()
        .map(|(field, message)| match field.as_str() {
            "base" => message.clone(),
            field => format!("{} {message}", humanized(field)),
        })
        .collect();
    json!({"error": {"id": id, "errors": by_field, "full_messages": full}})
}

/// `auth_source_id` becomes `Auth source`.
fn humanized(field: &str) -> String {
    let words = field.strip_suffix("_id").unwrap_or(field).replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}
