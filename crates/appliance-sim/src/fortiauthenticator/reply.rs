//! Answers as tastypie gives them.

use serde_json::{Value, json};

use crate::exchange::{Request, Response};

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

/// What the framework says when it has nothing better to say.
const GENERIC: &str = "Sorry, this request could not be processed. Please try again later.";

pub(super) fn json(status: u16, body: &Value) -> Response {
    Response::json(status, JSON, body)
}

/// No body, and yet the content type of a web page, except where there can be no body.
pub(super) fn empty(status: u16) -> Response {
    if status == 204 {
        return Response {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        };
    }
    Response::text(status, HTML, "")
}

/// 201 with the place of the new object, absolute.
pub(super) fn created(request: &Request, uri: &str) -> Response {
    let scheme = if request.secure { "https" } else { "http" };
    let host = request.header("host").unwrap_or("localhost");
    empty(201).with_header("location", format!("{scheme}://{host}{uri}"))
}

/// The same answer with a body that is JSON.
pub(super) fn with_body(mut response: Response, body: &Value) -> Response {
    for (name, value) in &mut response.headers {
        if name == "content-type" {
            JSON.clone_into(value);
        }
    }
    response.body = body.to_string().into_bytes();
    response
}

/// 400 with a text, the form of errors that belong to no field.
pub(super) fn error(text: impl Into<String>) -> Response {
    json(400, &json!({"error": text.into()}))
}

/// 400 with the errors of the fields of a resource.
pub(super) fn invalid(resource: &str, errors: &Value) -> Response {
    json(400, &json!({resource: errors}))
}

/// 400 for one field.
pub(super) fn invalid_field(resource: &str, field: &str, text: &str) -> Response {
    invalid(resource, &json!({field: [text]}))
}

/// A status with the framework's generic message: 404 for an id that is no number, 415, 500.
pub(super) fn generic(status: u16) -> Response {
    json(status, &json!({"error_message": GENERIC}))
}

pub(super) fn unauthorized() -> Response {
    empty(401).with_header("www-authenticate", "Basic Realm=\"django-tastypie\"")
}

pub(super) fn unknown_page() -> Response {
    Response::text(
        404,
        HTML,
        "<!doctype html><html lang=\"en\"><head><title>Not Found</title></head>\
         <body><h1>Not Found</h1></body></html>",
    )
}

pub(super) fn method_not_allowed(allowed: &[&str]) -> Response {
    let allowed = allowed.join(",");
    Response::text(405, HTML, allowed.clone()).with_header("allow", allowed)
}

/// The answer to OPTIONS.
pub(super) fn options(allowed: &[&str]) -> Response {
    Response {
        status: 200,
        ..method_not_allowed(allowed)
    }
}

/// The headers that the web server adds to everything.
pub(super) fn dressed(response: Response) -> Response {
    response
        .with_header("server", "Apache")
        .with_header("vary", "Accept,Accept-Language,Cookie")
        .with_header("x-frame-options", "SAMEORIGIN")
        .with_header("content-language", "en")
        .with_header("cache-control", "no-cache")
}
