//! What a SCIM client is told when a request cannot be done (RFC 7644 §3.12).

use std::fmt;

/// How many characters of a client's text a message shows.
const LONGEST: usize = 80;

/// A refusal, with a text for the administrator who reads it in the identity provider's log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ScimError {
    /// What kind of refusal it is; the HTTP status follows from it.
    pub kind: ErrorKind,
    /// What was wrong, where, and what to do about it; becomes `detail`.
    pub detail: String,
}

/// The kinds of refusals: those of RFC 7644 §3.12 table 9 and
/// RFC 9865 §2.1, and those that only an HTTP status
/// expresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The filter does not parse, or compares what cannot be compared.
    InvalidFilter,
    /// The answer would hold more resources than the service is willing to send.
    TooMany,
    /// Another resource has the value already.
    Uniqueness,
    /// The attribute cannot be written, or not in this way.
    Mutability,
    /// The request is not of the form that the protocol asks for.
    InvalidSyntax,
    /// The path of a PATCH operation does not parse.
    InvalidPath,
    /// The path of a PATCH operation is missing or selects nothing.
    NoTarget,
    /// A value is missing, of a wrong type, or otherwise impossible for its attribute.
    InvalidValue,
    /// The cursor was not given out here, or for another list (RFC 9865 §2.1).
    InvalidCursor,
    /// The cursor is too old (RFC 9865 §2.1).
    ExpiredCursor,
    /// A page by cursor of so many resources is impossible (RFC 9865 §2.1).
    InvalidCount,
    /// The client speaks a version of the protocol that the service does not.
    InvalidVersion,
    /// The request has personal data in its URL.
    Sensitive,
    /// There is no such resource or endpoint.
    NotFound,
    /// The client did not prove who it is.
    Unauthenticated,
    /// The client may not do this.
    Forbidden,
    /// The endpoint does not have this method.
    MethodNotAllowed,
    /// What the request relies on is not there.
    Conflict,
    /// The client takes no media type that the service writes.
    NotAcceptable,
    /// The resource is not in the state that the client's condition names.
    PreconditionFailed,
    /// The body is larger than the service reads.
    PayloadTooLarge,
    /// The body is of a media type that the service does not read.
    UnsupportedMediaType,
    /// The client sends requests faster than it may.
    TooManyRequests,
    /// The service failed, and a repetition may not help.
    Internal,
    /// The protocol knows it, the service does not do it.
    NotImplemented,
    /// The service cannot do it now; a repetition will help.
    Unavailable,
}

impl ScimError {
    /// A refusal of a kind, with its explanation.
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }

    /// [`ErrorKind::InvalidFilter`]
    pub fn invalid_filter(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidFilter, detail)
    }

    /// [`ErrorKind::InvalidPath`]
    pub fn invalid_path(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidPath, detail)
    }

    /// [`ErrorKind::InvalidSyntax`]
    pub fn invalid_syntax(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidSyntax, detail)
    }

    /// [`ErrorKind::InvalidValue`]
    pub fn invalid_value(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidValue, detail)
    }

    /// [`ErrorKind::Mutability`]
    pub fn mutability(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Mutability, detail)
    }

    /// [`ErrorKind::NoTarget`]
    pub fn no_target(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::NoTarget, detail)
    }
}

impl ErrorKind {
    /// The `scimType` of RFC 7644 §3.12 table 9; `None` where the status says it all.
    pub fn scim_type(self) -> Option<&'static str> {
        match self {
            Self::InvalidFilter => Some("invalidFilter"),
            Self::TooMany => Some("tooMany"),
            Self::Uniqueness => Some("uniqueness"),
            Self::Mutability => Some("mutability"),
            Self::InvalidSyntax => Some("invalidSyntax"),
            Self::InvalidPath => Some("invalidPath"),
            Self::NoTarget => Some("noTarget"),
            Self::InvalidValue => Some("invalidValue"),
            Self::InvalidCursor => Some("invalidCursor"),
            Self::ExpiredCursor => Some("expiredCursor"),
            Self::InvalidCount => Some("invalidCount"),
            Self::InvalidVersion => Some("invalidVers"),
            Self::Sensitive => Some("sensitive"),
            Self::NotFound
            | Self::Unauthenticated
            | Self::Forbidden
            | Self::MethodNotAllowed
            | Self::Conflict
            | Self::NotAcceptable
            | Self::PreconditionFailed
            | Self::PayloadTooLarge
            | Self::UnsupportedMediaType
            | Self::TooManyRequests
            | Self::Internal
            | Self::NotImplemented
            | Self::Unavailable => None,
        }
    }
}

/// A client's text in a message, not longer than a message bears.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars().take(LONGEST) {
            write!(formatter, "{}", character.escape_debug())?;
        }
        match self.0.chars().nth(LONGEST) {
            Some(_) => formatter.write_str("..."),
            None => Ok(()),
        }
    }
}

/// A client's text for a message, in quotes and not longer than a message bears.
pub(crate) fn quoted(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_none() {
        format!("{start:?}")
    } else {
        format!("{start:?}...")
    }
}
