//! A request without a whole answer: how far did it come?

use rustls::{CertificateError, OtherError};

use super::cause::{root_cause, tls_error};
use super::tls::PinMismatch;
use crate::vendor::{FailureClass, Operation};

/// Why there is no answer. What it means for a write depends on how far the request came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// It is not a request that may be sent; nothing left the bridge.
    Unsendable(String),
    /// No connection was made; nothing was asked for.
    Unreachable(String),
    /// What answered there does not speak the profile's API; nothing was asked for.
    Elsewhere(String),
    /// The connection was given up because of an answer beyond the limit, which may be the answer to
    /// this request.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// It may have been received, and acted upon.
    Interrupted {
        /// What happened.
        problem: String,
        /// The status, if the answer came that far.
        status: Option<u16>,
    },
}

impl Lost {
    /// No head of an answer came.
    pub(super) fn sending(error: &reqwest::Error) -> Self {
        if error.is_builder() {
            return Self::Unsendable(root_cause(error));
        }
        if error.is_connect() {
            let problem = match tls_error(error) {
                Some(tls) => explain_tls(tls),
                None if error.is_timeout() => {
                    "no connection could be made in time; check the address, the port and the firewalls between"
                        .to_owned()
                }
                None => format!("no connection could be made: {}", root_cause(error)),
            };
            return Self::Unreachable(problem);
        }
        Self::Interrupted {
            problem: if error.is_timeout() {
                "no answer came in time".to_owned()
            } else {
                format!(
                    "the connection was lost before an answer: {}",
                    root_cause(error)
                )
            },
            status: None,
        }
    }

    /// The head of an answer came, and not all of its body.
    pub(super) fn receiving(error: &reqwest::Error, status: u16) -> Self {
        Self::Interrupted {
            problem: if error.is_timeout() {
                format!("the answer with status {status} did not end in time")
            } else {
                format!(
                    "the connection was lost within the answer with status {status}: {}",
                    root_cause(error)
                )
            },
            status: Some(status),
        }
    }

    /// The class for an operation.
    pub(super) fn class(&self, operation: Operation) -> FailureClass {
        match self {
            Self::Unsendable(_) => FailureClass::Invalid,
            Self::Unreachable(_) => FailureClass::Unavailable,
            Self::Elsewhere(_) => FailureClass::Protocol,
            Self::TooLarge { .. } if operation.writes() => FailureClass::Uncertain,
            Self::TooLarge { .. } => FailureClass::Protocol,
            Self::Interrupted { .. } if operation.writes() => FailureClass::Uncertain,
            Self::Interrupted { .. } => FailureClass::Unavailable,
        }
    }

    /// The status, if the answer came that far.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Interrupted { status, .. } => *status,
            Self::Unsendable(_)
            | Self::Unreachable(_)
            | Self::Elsewhere(_)
            | Self::TooLarge { .. } => None,
        }
    }

    /// What happened, for the operator.
    pub(super) fn problem(&self) -> String {
        match self {
            Self::Unsendable(problem) => format!("the request is not sent: {problem}"),
            Self::Unreachable(problem)
            | Self::Elsewhere(problem)
            | Self::Interrupted { problem, .. } => problem.clone(),
            Self::TooLarge { limit } => format!(
                "an answer was longer than the limit of {limit} bytes, and the connection was given up"
            ),
        }
    }
}

/// Why TLS could not be set up, and what to do.
pub(super) fn explain_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(reason)))
            if reason.is::<PinMismatch>() =>
        {
            format!("its certificate is refused: {reason}")
        }
        rustls::Error::InvalidCertificate(reason) => format!(
            "its certificate is refused: {reason}; trust the authority that signed it by a CA file, or pin the \
             certificate itself (`scim-bridge check --live` prints its fingerprint)"
        ),
        other => format!("TLS could not be set up: {other}"),
    }
}
