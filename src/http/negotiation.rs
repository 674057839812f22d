//! Media types, request bodies and query strings.

use std::time::Duration;

use actix_web::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use actix_web::{HttpRequest, web};
use serde_json::Value;
use url::form_urlencoded;

use super::errors::HttpError;
use crate::scim::ErrorKind;

/// The media type of every answer (RFC 7644 §3.1).
pub(super) const SCIM_JSON: &str = "application/scim+json";

/// Reads a body as JSON. No `Content-Type` is fine as long as the body parses.
pub(super) async fn read_json(
    request: &HttpRequest,
    payload: web::Payload,
    max_bytes: usize,
    timeout: Duration,
) -> Result<Value, HttpError> {
    check_media_type(request)?;
    let reading = tokio::time::timeout(timeout, payload.to_bytes_limited(max_bytes));
    let bytes = reading
        .await
        .map_err(|_elapsed| HttpError::request_timeout())?
        .map_err(|_over| too_large(max_bytes))?
        .map_err(|error| {
            HttpError::new(
                ErrorKind::InvalidSyntax,
                format!("the request body could not be read: {error}"),
            )
        })?;
    parse(&bytes)
}

/// The parameters of a query string, decoded: `+` and `%20` are both a space, a dangling `&` or
/// `?` is nothing.
pub(super) fn parameters(request: &HttpRequest) -> Vec<(String, String)> {
    let query = request.query_string().trim_matches('?');
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The values of a list header in one text, as RFC 9110 §5.3 allows; `None` without any.
pub(super) fn header_text(request: &HttpRequest, name: HeaderName) -> Option<String> {
    let values: Vec<_> = request
        .headers()
        .get_all(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// Refuses a client that takes no JSON of any kind (RFC 9110 §15.5.7). Weights are not looked at:
/// there is but one form to choose.
pub(super) fn check_accept(request: &HttpRequest) -> Result<(), HttpError> {
    let Some(accepted) = header_text(request, ACCEPT) else {
        return Ok(());
    };
    let takes_json = |range: &str| {
        let essence = range.split(';').next().unwrap_or_default().trim();
        let lower = essence.to_ascii_lowercase();
        matches!(
            lower.as_str(),
            "" | "*" | "*/*" | "application/*" | "text/*"
        ) || lower.ends_with("/json")
            || lower.ends_with("+json")
    };
    if accepted.split(',').any(takes_json) {
        return Ok(());
    }
    Err(HttpError::new(
        ErrorKind::NotAcceptable,
        format!("answers are {SCIM_JSON}; accept that, application/json or */*"),
    ))
}

fn too_large(max_bytes: usize) -> HttpError {
    HttpError::new(
        ErrorKind::PayloadTooLarge,
        format!("the request body is larger than {max_bytes} bytes; send it in several requests"),
    )
}

fn check_media_type(request: &HttpRequest) -> Result<(), HttpError> {
    let refuse = |what: String| Err(HttpError::new(ErrorKind::UnsupportedMediaType, what));
    if let Some(encoding) = request.headers().get(CONTENT_ENCODING)
        && !encoding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        return refuse("send the request body without Content-Encoding".to_owned());
    }
    let Some(value) = request.headers().get(CONTENT_TYPE) else {
        return Ok(());
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    let essence = text.split(';').next().unwrap_or_default().trim();
    let lower = essence.to_ascii_lowercase();
    if lower.is_empty() || matches!(lower.as_str(), "application/json" | "text/json") {
        return Ok(());
    }
    if lower.starts_with("application/") && lower.ends_with("+json") {
        return Ok(());
    }
    refuse(format!(
        "a body of type {essence:?} cannot be read; send {SCIM_JSON} or application/json"
    ))
}

fn parse(bytes: &[u8]) -> Result<Value, HttpError> {
    let invalid = |detail: String| HttpError::new(ErrorKind::InvalidSyntax, detail);
    // Some .NET and PowerShell clients put a byte order mark first.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(invalid(
            "the request has no body; send a JSON object".to_owned(),
        ));
    }
    // serde_json refuses more than 128 levels of nesting, so that no body can exhaust the stack.
    let value: Value = serde_json::from_slice(text)
        .map_err(|error| invalid(format!("the request body is not JSON: {error}")))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(invalid("the request body must be a JSON object".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{ACCEPT, CONTENT_TYPE};
    use actix_web::test::TestRequest;

    use super::{check_accept, check_media_type, parameters, parse};

    #[test]
    fn json_types_are_read_with_their_parameters_and_others_are_not() {
        for (media_type, accepted) in [
            ("application/scim+json", true),
            ("application/scim+json; charset=utf-8", true),
            ("Application/JSON;charset=UTF-8", true),
            ("text/plain", false),
            ("application/xml", false),
            ("application/x-www-form-urlencoded", false),
        ] {
            let request = TestRequest::post()
                .insert_header((CONTENT_TYPE, media_type))
                .to_http_request();
            assert_eq!(check_media_type(&request).is_ok(), accepted, "{media_type}");
        }
        assert!(check_media_type(&TestRequest::post().to_http_request()).is_ok());
    }

    #[test]
    fn only_who_takes_no_json_at_all_is_refused() {
        for (accept, accepted) in [
            ("application/scim+json", true),
            ("application/json, text/plain, */*", true),
            ("text/html, *; q=.2, */*; q=.2", true),
            ("APPLICATION/JSON;q=0.5", true),
            ("", true),
            ("text/html", false),
            ("application/xml, image/png", false),
        ] {
            let request = TestRequest::get()
                .insert_header((ACCEPT, accept))
                .to_http_request();
            assert_eq!(check_accept(&request).is_ok(), accepted, "{accept}");
        }
    }

    #[test]
    fn query_strings_are_read_as_clients_write_them() {
        for query in [
            "filter=userName+eq+%22x%22&",
            "filter=userName%20eq%20%22x%22&?",
            "aadOptscim062020&filter=userName+eq+%22x%22",
        ] {
            let request = TestRequest::get()
                .uri(&format!("/Users?{query}"))
                .to_http_request();
            let filter = parameters(&request)
                .into_iter()
                .find(|(name, _)| name == "filter");
            assert_eq!(filter.unwrap().1, r#"userName eq "x""#, "{query}");
        }
    }

    #[test]
    fn hostile_bodies_are_refused() {
        let nested = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for body in [
            b"" as &[u8],
            b"{\"a\":",
            b"{\"a\":\"\xff\"}",
            b"[]",
            b"\"x\"",
            nested.as_bytes(),
        ] {
            assert!(parse(body).is_err());
        }
        assert!(parse(b"\xef\xbb\xbf{}").is_ok());
    }
}
