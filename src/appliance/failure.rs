//! A failed call, classified and explained.

use std::time::{Duration, SystemTime};

use thiserror::Error;

use super::retry_after::retry_after;
use crate::vendor::{Answer, FailureClass, Operation};

/// The longest content type that a message repeats.
const CONTENT_TYPE_SHOWN: usize = 80;

/// A call that failed. What happens next follows from `class` alone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Failure {
    /// Decided once, here.
    pub class: FailureClass,
    /// The operation that failed; `login` if the call did not come further than that.
    pub operation: Operation,
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// A whole sentence for the operator: appliance, operation, status, content type, size and what
    /// the profile lets show. Never a body, never a secret.
    pub message: String,
    /// How long the appliance asks us to wait.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure that an answer tells. `shown` is what the profile lets show of the body, `note`
    /// what the transport noticed; `now` dates a `Retry-After` that names a moment.
    pub(super) fn answered(
        appliance: &str,
        operation: Operation,
        class: FailureClass,
        answer: &Answer,
        explanation: Explanation,
        now: SystemTime,
    ) -> Self {
        let size = answer.size;
        let said = match answer.code {
            Some(code) => format!("the error code {code} ({size} bytes)"),
            None => {
                let content = content_type(answer);
                format!("status {} ({content}, {size} bytes)", answer.status)
            }
        };
        let mut message =
            format!("{appliance}: {operation} was answered with {said}, which is \"{class}\"");
        if let Some(note) = explanation.note {
            message.push_str("; ");
            message.push_str(&note);
        }
        if let Some(shown) = explanation.shown {
            message.push_str("; the appliance says: ");
            message.push_str(&shown);
        }
        if let Some(remedy) = remedy(class) {
            message.push_str("; ");
            message.push_str(remedy);
        }
        Self {
            class,
            operation,
            status: answer.code.is_none().then_some(answer.status),
            message,
            retry_after: retry_after(answer, now),
        }
    }

    /// A failure without a whole answer.
    pub(super) fn unanswered(
        appliance: &str,
        operation: Operation,
        class: FailureClass,
        status: Option<u16>,
        what: &str,
    ) -> Self {
        Self {
            class,
            operation,
            status,
            message: format!("{appliance}: {operation} failed, which is \"{class}\": {what}"),
            retry_after: None,
        }
    }

    /// The same failure with a further sentence.
    pub(super) fn with_note(mut self, note: &str) -> Self {
        self.message.push_str("; ");
        self.message.push_str(note);
        self
    }

    /// The same failure in another class.
    pub(super) fn into_class(mut self, class: FailureClass) -> Self {
        if class != self.class {
            self.message = format!(
                "{}; for a {} this is \"{class}\"",
                self.message, self.operation
            );
            self.class = class;
        }
        self
    }
}

/// What is known of a failure besides status and class.
#[derive(Debug, Default)]
pub(super) struct Explanation {
    /// What the profile lets show of the body, without secrets.
    pub(super) shown: Option<String>,
    /// What the transport noticed: a redirect, an answer beyond the limit.
    pub(super) note: Option<String>,
}

/// The content type, clipped: it comes from the peer.
fn content_type(answer: &Answer) -> String {
    match answer.header("content-type") {
        None => "no content type".to_owned(),
        Some(value) => value
            .chars()
            .filter(|character| !character.is_control())
            .take(CONTENT_TYPE_SHOWN)
            .collect(),
    }
}

/// What an operator can do about a class, where it is the same for every vendor.
fn remedy(class: FailureClass) -> Option<&'static str> {
    match class {
        FailureClass::Unauthenticated => {
            Some("check the appliance's credentials in the configuration")
        }
        FailureClass::Denied => Some(
            "give the bridge's account on the appliance the rights that the vendor's README lists",
        ),
        FailureClass::Protocol => {
            Some("check that `url` is the appliance's API and that the profile fits its release")
        }
        FailureClass::Uncertain => Some(
            "the write may have happened; the account is looked at before anything else is written",
        ),
        _ => None,
    }
}
