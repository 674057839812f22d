//! Errors as SCIM clients read them (RFC 7644 §3.12).
//!
//! Every error body is SCIM JSON: Okta and Entra ID parse nothing else, and show `detail` to the
//! administrator.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};

use super::negotiation::SCIM_JSON;
use crate::directory::DirectoryError;
use crate::scim::{ErrorKind, ScimError};
use crate::store::StoreError;

/// A refusal on its way to the client.
#[derive(Debug)]
pub(super) struct HttpError {
    status: StatusCode,
    scim_type: Option<&'static str>,
    detail: String,
    hint: Hint,
    /// What went wrong inside, for the log only.
    cause: Option<Box<str>>,
}

/// What a header tells the client to do.
#[derive(Debug)]
enum Hint {
    None,
    /// Say who you are. Names the scheme (RFC 9110 §15.5.2).
    Authenticate,
    /// Use one of these methods (RFC 9110 §15.5.6).
    Allow(&'static str),
    /// Repeat after so many seconds; Okta reads whole seconds only.
    RetryAfter(u32),
}

impl HttpError {
    pub(super) fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self {
            status: status(kind),
            scim_type: kind.scim_type(),
            detail: detail.into(),
            hint: Hint::None,
            cause: None,
        }
    }

    /// 401
    pub(super) fn unauthenticated(detail: &str) -> Self {
        Self {
            hint: Hint::Authenticate,
            ..Self::new(ErrorKind::Unauthenticated, detail)
        }
    }

    /// 405 with the methods that there are.
    pub(super) fn method_not_allowed(method: &str, allowed: &'static str) -> Self {
        Self {
            hint: Hint::Allow(allowed),
            ..Self::new(
                ErrorKind::MethodNotAllowed,
                format!("{method} is not possible here; the methods are {allowed}"),
            )
        }
    }

    /// 408: the client did not send its request in time.
    pub(super) fn request_timeout() -> Self {
        Self {
            status: StatusCode::REQUEST_TIMEOUT,
            ..Self::new(
                ErrorKind::Internal,
                "the request body did not arrive in time; send the request again",
            )
        }
    }

    /// The body of the answer (RFC 7644 §3.12).
    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": self.status.as_str(),
        });
        if let Some(scim_type) = self.scim_type {
            body["scimType"] = json!(scim_type);
        }
        body["detail"] = json!(self.detail);
        body
    }

    /// What went wrong inside; never shown to the client.
    pub(super) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// A failure of ours: a repetition may cure it, so the status is one that clients repeat.
    fn failed(kind: ErrorKind, detail: &str, retry_after: u32, cause: String) -> Self {
        Self {
            hint: Hint::RetryAfter(retry_after),
            cause: Some(cause.into()),
            ..Self::new(kind, detail)
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl ResponseError for HttpError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type(SCIM_JSON);
        match self.hint {
            Hint::None => &mut response,
            Hint::Authenticate => {
                response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"scim-bridge\""))
            }
            Hint::Allow(methods) => response.insert_header((ALLOW, methods)),
            Hint::RetryAfter(seconds) => response.insert_header((RETRY_AFTER, seconds)),
        };
        response.body(self.body().to_string())
    }
}

impl From<ScimError> for HttpError {
    fn from(error: ScimError) -> Self {
        Self::new(error.kind, error.detail)
    }
}

impl From<DirectoryError> for HttpError {
    fn from(error: DirectoryError) -> Self {
        let cause = error.to_string();
        match error {
            DirectoryError::Refused(refusal) => refusal.into(),
            DirectoryError::Contended { .. } => {
                Self::failed(ErrorKind::Unavailable, &cause.clone(), 1, cause)
            }
            // Not 429, which Entra ID does not reliably repeat. Nothing failed: no cause for the log.
            DirectoryError::Busy => Self {
                hint: Hint::RetryAfter(5),
                ..Self::new(ErrorKind::Unavailable, cause)
            },
            DirectoryError::Store(StoreError::Corrupt { .. })
            | DirectoryError::Corrupt { .. }
            | DirectoryError::Sealing(_) => Self::failed(
                ErrorKind::Internal,
                "the bridge failed; its log says why, under the id of this request",
                60,
                cause,
            ),
            DirectoryError::Store(_) => Self::failed(
                ErrorKind::Unavailable,
                "the bridge cannot reach its database now; send the request again",
                5,
                cause,
            ),
        }
    }
}

/// RFC 7644 §3.12, tables 8 and 9.
fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::InvalidFilter
        | ErrorKind::TooMany
        | ErrorKind::Mutability
        | ErrorKind::InvalidSyntax
        | ErrorKind::InvalidPath
        | ErrorKind::NoTarget
        | ErrorKind::InvalidValue
        | ErrorKind::InvalidCursor
        | ErrorKind::ExpiredCursor
        | ErrorKind::InvalidCount
        | ErrorKind::InvalidVersion => StatusCode::BAD_REQUEST,
        ErrorKind::Uniqueness | ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Sensitive | ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorKind::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        ErrorKind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        ErrorKind::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorKind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorKind::NotImplemented => StatusCode::NOT_IMPLEMENTED,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError as _;
    use actix_web::body::to_bytes;
    use serde_json::{Value, json};

    use super::HttpError;
    use crate::directory::DirectoryError;
    use crate::scim::{ErrorKind, ScimError};
    use crate::store::StoreError;

    async fn body(error: &HttpError) -> Value {
        let bytes = to_bytes(error.error_response().into_body()).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[actix_web::test]
    async fn the_body_holds_what_the_rfc_names_and_nothing_else() {
        let error = HttpError::from(ScimError::new(ErrorKind::Uniqueness, "taken"));
        assert_eq!(
            body(&error).await,
            json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "status": "409", "scimType": "uniqueness", "detail": "taken",
            })
        );
    }

    #[actix_web::test]
    async fn the_cause_of_our_own_failure_stays_inside() {
        let error = HttpError::from(DirectoryError::Store(StoreError::Database {
            operation: "reading a resource",
            message: "disk I/O error in /secret/path".to_owned(),
        }));
        assert_eq!(error.status_code(), 503, "a repetition may cure it");
        assert!(!body(&error).await.to_string().contains("/secret/path"));
        assert!(error.cause().unwrap().contains("/secret/path"));
    }
}
