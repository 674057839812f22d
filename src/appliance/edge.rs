//! One exchange: sent, read, classified; told to the log and the metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderName, HeaderValue};
use rustls::ClientConfig;
use secrecy::ExposeSecret;
use tokio::time::Instant;
use url::Url;

use super::failure::Explanation;
use super::jsonrpc::{Link, Socket, envelope};
use super::lost::Lost;
use super::redaction::{redact, secret_values};
use super::rest::{Received, Rest};
use super::{ApplianceSettings, CallObserver, ConnectError, Credentials, Failure};
use crate::vendor::{
    Answer, Classified, FailureClass, Operation, Profile, RenderedRequest, TransportKind,
};

/// No configuration makes a call longer; also keeps arithmetic with it safe.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 60 * 60);

/// The point where answers become classes. Everything that is sent to an appliance passes here:
/// calls, logins, logouts.
pub(super) struct Edge {
    pub(super) settings: ApplianceSettings,
    pub(super) profile: Arc<Profile>,
    observer: Arc<dyn CallObserver>,
    rest: Rest,
    socket: Option<Socket>,
    /// Calls that travelled over HTTP.
    calls: AtomicU64,
}

/// How a request travels, and by what it is ours.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    /// Over HTTP, with or without a header that authenticates it.
    Http(Option<&'a AuthenticationHeader>),
    /// Over a websocket.
    Socket(&'a Link),
}

impl<'a> Way<'a> {
    fn authentication(self) -> Option<&'a AuthenticationHeader> {
        match self {
            Self::Http(authentication) => authentication,
            Self::Socket(_) => None,
        }
    }
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
        (origin, tls): (Url, ClientConfig),
    ) -> Result<Self, ConnectError> {
        let rest = Rest::new(&settings, &profile, origin, tls.clone())?;
        let socket = (profile.transport.kind == TransportKind::JsonRpcWebsocket)
            .then(|| Socket::new(&settings, &profile.transport, &rest, tls));
        Ok(Self {
            settings,
            profile,
            observer,
            rest,
            socket,
            calls: AtomicU64::new(1),
        })
    }

    /// When a call that begins now must be over.
    pub(super) fn deadline(&self) -> Instant {
        call_deadline(&self.settings)
    }

    /// Sends one request and judges what comes back.
    pub(super) async fn exchange(
        &self,
        request: &RenderedRequest,
        way: Way<'_>,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        let started = Instant::now();
        if deadline.saturating_duration_since(started).is_zero() {
            return Err(self.out_of_time(request.operation));
        }
        let (outcome, size) = match self.send(request, way, deadline).await {
            Ok(received) => {
                let size = received.answer.size;
                (self.judge(request, way, received), Some(size))
            }
            Err(lost) => (Err(self.lost(request.operation, &lost)), None),
        };
        self.tell(request, &outcome, size, started.elapsed());
        outcome
    }

    /// Asks without credentials, before it is known which API answers: the answer is judged by
    /// whoever asked, unless it says nothing.
    pub(super) async fn ask_openly(
        &self,
        request: &RenderedRequest,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        let started = Instant::now();
        let time = deadline.saturating_duration_since(started);
        let sent = self.rest.send(request, None, time).await;
        let size = sent.as_ref().ok().map(|received| received.answer.size);
        let outcome = match sent {
            Ok(Received { answer, .. }) if !says_nothing(answer.status) => Ok(answer),
            Ok(received) => self.judge(request, Way::Http(None), received),
            Err(lost) => Err(self.lost(request.operation, &lost)),
        };
        self.tell(request, &outcome, size, started.elapsed());
        outcome
    }

    /// Opens the websocket, which is not logged in yet. `operation` is what it is wanted for.
    pub(super) async fn open_socket(
        &self,
        operation: Operation,
        deadline: Instant,
    ) -> Result<Link, Failure> {
        let started = Instant::now();
        let opened = match &self.socket {
            Some(socket) => socket.open(deadline).await,
            None => Err(Lost::Unsendable("the profile has no websocket".to_owned())),
        };
        opened.map_err(|lost| {
            let failure = self.lost(operation, &lost);
            self.observer.called(
                &self.settings.name,
                operation,
                Err(failure.class),
                None,
                started.elapsed(),
            );
            failure
        })
    }

    async fn send(
        &self,
        request: &RenderedRequest,
        way: Way<'_>,
        deadline: Instant,
    ) -> Result<Received, Lost> {
        if request.call.is_some() != self.profile.transport.kind.is_json_rpc() {
            // Made before the appliance was found to speak another API than it did.
            return Err(Lost::Unreachable(
                "the appliance speaks another API than the request was made for; the next one is made anew"
                    .to_owned(),
            ));
        }
        let params = request.body.as_ref();
        match (way, &request.call) {
            (Way::Socket(link), Some(call)) => link.call(call, params, deadline).await,
            (Way::Socket(_), None) => Err(Lost::Unsendable(
                "a websocket carries calls only".to_owned(),
            )),
            (Way::Http(authentication), call) => {
                let time = deadline.saturating_duration_since(Instant::now());
                let header = authentication.map(|header| (&header.name, &header.value));
                let Some(call) = call else {
                    return self.rest.send(request, header, time).await;
                };
                let id = self.calls.fetch_add(1, Ordering::Relaxed);
                let post = RenderedRequest {
                    call: None,
                    method: "POST".to_owned(),
                    path: self.profile.transport.path.clone(),
                    body: Some(envelope::call(id, call, params)),
                    ..request.clone()
                };
                let received = self.rest.send(&post, header, time).await?;
                Ok(Received {
                    answer: envelope::open(id, received.answer),
                    ..received
                })
            }
        }
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
        way: Way<'_>,
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
            shown: shown.map(|shown| self.without_secrets(&shown, request, way.authentication())),
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
            method = request.call.as_ref().unwrap_or(&request.method),
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

/// When a call that begins now must be over.
pub(super) fn call_deadline(settings: &ApplianceSettings) -> Instant {
    Instant::now() + settings.request_timeout.min(LONGEST_CALL)
}

/// Whether a status says that the appliance is busy or broken, and so nothing of what it speaks.
fn says_nothing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..=599)
}

/// The class of an answer that says success by its status and could not be read.
fn unread(operation: Operation) -> FailureClass {
    if operation.writes() {
        FailureClass::Uncertain
    } else {
        FailureClass::Protocol
    }
}
