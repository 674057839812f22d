//! One exchange: sent, read, classified; told to the log and the metrics.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::failure::Explanation;
use super::redaction::{redact, secret_values};
use super::rest::{Lost, Received, Rest};
use super::{ApplianceSettings, CallObserver, ConnectError, Credentials, Failure};
use crate::vendor::{Answer, Classified, FailureClass, Operation, Profile, RenderedRequest};

/// No configuration makes a call longer; also keeps arithmetic with it safe.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 60 * 60);

/// The point where answers become classes. Everything that is sent to an appliance passes here:
/// calls, logins, logouts.
pub(super) struct Edge {
    pub(super) settings: ApplianceSettings,
    pub(super) profile: Arc<Profile>,
    observer: Arc<dyn CallObserver>,
    rest: Rest,
}

/// The header that authenticates a request.
pub(super) struct AuthenticationHeader {
    /// Its name.
    pub(super) name: HeaderName,
    /// Its value, marked as sensitive.
    pub(super) value: HeaderValue,
}

impl Edge {
    pub(super) fn new(
        settings: ApplianceSettings,
        profile: Arc<Profile>,
        observer: Arc<dyn CallObserver>,
    ) -> Result<Self, ConnectError> {
        let rest = Rest::new(&settings, &profile)?;
        Ok(Self {
            settings,
            profile,
            observer,
            rest,
        })
    }

    /// When a call that begins now must be over.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.settings.request_timeout.min(LONGEST_CALL)
    }

    /// Sends one request and judges what comes back.
    pub(super) async fn exchange(
        &self,
        request: &RenderedRequest,
        authentication: Option<&AuthenticationHeader>,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        let started = Instant::now();
        let time = deadline.saturating_duration_since(started);
        if time.is_zero() {
            return Err(self.out_of_time(request.operation));
        }
        let header = authentication.map(|header| (&header.name, &header.value));
        let (outcome, size) = match self.rest.send(request, header, time).await {
            Ok(received) => {
                let size = received.answer.size;
                (self.judge(request, authentication, received), Some(size))
            }
            Err(lost) => (Err(self.lost(request.operation, &lost)), None),
        };
        self.tell(request, &outcome, size, started.elapsed());
        outcome
    }

    /// The failure of a call whose time was over before it could be sent.
    pub(super) fn out_of_time(&self, operation: Operation) -> Failure {
        self.unanswered(
            operation,
            FailureClass::Unavailable,
            "the time for the call was over before it could be sent",
        )
    }

    /// A failure that no answer tells.
    pub(super) fn unanswered(
        &self,
        operation: Operation,
        class: FailureClass,
        what: &str,
    ) -> Failure {
        Failure::unanswered(&self.settings.name, operation, class, None, what)
    }

    fn lost(&self, operation: Operation, lost: &Lost) -> Failure {
        Failure::unanswered(
            &self.settings.name,
            operation,
            lost.class(operation),
            lost.status(),
            &lost.problem(),
        )
    }

    fn judge(
        &self,
        request: &RenderedRequest,
        authentication: Option<&AuthenticationHeader>,
        received: Received,
    ) -> Result<Answer, Failure> {
        let Received { answer, too_large } = received;
        let verdict = self.profile.classify(request.operation, &answer);
        let Classified { class, shown } = match verdict {
            Some(classified) => classified,
            None if too_large => Classified {
                class: unread(request.operation),
                shown: None,
            },
            None => return Ok(answer),
        };
        let explanation = Explanation {
            shown: shown.map(|shown| self.without_secrets(&shown, request, authentication)),
            note: self.note(&answer, too_large),
        };
        Err(Failure::answered(
            &self.settings.name,
            request.operation,
            class,
            &answer,
            explanation,
            SystemTime::now(),
        ))
    }

    fn note(&self, answer: &Answer, too_large: bool) -> Option<String> {
        if too_large {
            return Some(format!(
                "the answer is longer than the limit of {} bytes",
                self.settings.max_response_bytes
            ));
        }
        if !(300..400).contains(&answer.status) {
            return None;
        }
        // Only the origin: a path may hold anything.
        let target = self.rest.origin().join(answer.header("location")?).ok()?;
        let target = target.origin().ascii_serialization();
        Some(format!(
            "it redirects to {target}, and redirects are not followed"
        ))
    }

    fn without_secrets(
        &self,
        shown: &str,
        request: &RenderedRequest,
        authentication: Option<&AuthenticationHeader>,
    ) -> String {
        let mut secrets = secret_values(request.body.as_ref(), &request.secret_fields);
        secrets.push(match &self.settings.credentials {
            Credentials::Password { password, .. } => password.expose_secret(),
            Credentials::Token(token) => token.expose_secret(),
        });
        // `Basic dXNlcjpw`, `Bearer abc`, or the bare token: the last word is the secret part.
        secrets.extend(
            authentication
                .and_then(|header| header.value.to_str().ok())
                .and_then(|value| value.split(' ').next_back()),
        );
        redact(shown, secrets)
    }

    fn tell(
        &self,
        request: &RenderedRequest,
        outcome: &Result<Answer, Failure>,
        size: Option<usize>,
        elapsed: Duration,
    ) {
        let (class, status) = match outcome {
            Ok(answer) => (None, Some(answer.status)),
            Err(failure) => (Some(failure.class), failure.status),
        };
        tracing::debug!(
            appliance = self.settings.name,
            operation = request.operation.as_str(),
            method = request.method,
            path = request.path,
            status,
            class = class.map(FailureClass::as_str),
            elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            size,
            "called the appliance"
        );
        self.observer.called(
            &self.settings.name,
            request.operation,
            class.map_or(Ok(()), Err),
            status,
            elapsed,
        );
    }
}

/// The class of an answer that says success by its status and could not be read.
fn unread(operation: Operation) -> FailureClass {
    if operation.writes() {
        FailureClass::Uncertain
    } else {
        FailureClass::Protocol
    }
}
