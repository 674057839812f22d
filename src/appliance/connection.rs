//! A connection to one appliance: what the floors above call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::authentication::{Authentication, SessionKeeper, Token};
use super::edge::Edge;
use super::{ApplianceSettings, CallObserver, ConnectError, Credentials, Failure, ReferenceCache};
use crate::vendor::{
    Answer, FailureClass, Operation, Profile, RenderedRequest, RequestTemplate, Variables,
};

/// One appliance, ready to be called. Cheap to clone; clones share connections, session and all.
///
/// It does not limit how many calls run beside each other: whoever holds the lease of the appliance
/// does, because a call that waited in here would outlast it.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<Inner>,
}

struct Inner {
    edge: Edge,
    authentication: Authentication,
    whoami: OnceCell<Option<String>>,
    references: ReferenceCache,
}

/// What an appliance says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    /// Whether anything was asked: a profile may have neither `probe` nor `whoami`.
    pub asked: bool,
    /// The product's version, as it writes it, where the profile says how to read it.
    pub version: Option<String>,
    /// How long the answer took, a login included.
    pub elapsed: Duration,
}

impl Connection {
    /// Prepares everything that does not need the appliance itself: checks the URL, builds the TLS
    /// configuration, chooses the authentication scheme. Opens no connection.
    ///
    /// # Errors
    ///
    /// Where the settings and the profile cannot work together, or would send credentials in the
    /// clear.
    pub fn new(
        settings: ApplianceSettings,
        profile: Arc<Profile>,
        observer: Arc<dyn CallObserver>,
    ) -> Result<Self, ConnectError> {
        let authentication = Authentication::new(&settings, &profile)?;
        Ok(Self {
            inner: Arc::new(Inner {
                edge: Edge::new(settings, profile, observer)?,
                authentication,
                whoami: OnceCell::new(),
                references: ReferenceCache::default(),
            }),
        })
    }

    /// The appliance's name in the configuration.
    pub fn name(&self) -> &str {
        &self.settings().name
    }

    /// The vendor profile.
    pub fn profile(&self) -> &Profile {
        &self.inner.edge.profile
    }

    /// The settings that the connection was made from.
    pub fn settings(&self) -> &ApplianceSettings {
        &self.inner.edge.settings
    }

    /// What names of the appliance's objects referred to lately.
    pub fn references(&self) -> &ReferenceCache {
        &self.inner.references
    }

    /// Authenticates, sends, reads and classifies. Whatever that takes (a login, a second attempt
    /// after a new login), it is over within `request_timeout`.
    ///
    /// # Errors
    ///
    /// Every failure has its class; its operation is `login` if the call did not come further.
    pub async fn call(&self, request: &RenderedRequest) -> Result<Answer, Failure> {
        let deadline = self.edge().deadline();
        match &self.inner.authentication {
            Authentication::Fixed(header) => {
                self.edge().exchange(request, Some(header), deadline).await
            }
            Authentication::Session(session) => {
                self.call_in_session(session, request, deadline).await
            }
        }
    }

    /// The account key of the bridge's own API user, which is never touched; `None` where neither
    /// the configuration nor the profile tells. Asked once.
    ///
    /// # Errors
    ///
    /// Those of the profile's whoami request.
    pub async fn whoami(&self) -> Result<Option<String>, Failure> {
        if let Credentials::Password { username, .. } = &self.settings().credentials {
            return Ok(Some(username.clone()));
        }
        let asked = self.inner.whoami.get_or_try_init(|| self.ask_who_i_am());
        asked.await.cloned()
    }

    /// Asks for something harmless, with credentials: shows that the appliance can be reached, that
    /// its certificate is trusted and that it accepts us.
    ///
    /// # Errors
    ///
    /// Those of the profile's probe or, where it has none, of its whoami request.
    pub async fn probe(&self) -> Result<ProbeReport, Failure> {
        let started = Instant::now();
        let profile = self.profile();
        let version = match (&profile.transport.probe, &profile.auth.whoami) {
            (Some(probe), _) => {
                let answer = self.ask(Operation::Probe, probe).await?;
                let at = profile.transport.probe_version.as_deref();
                at.and_then(|pointer| answer.body.as_ref()?.pointer(pointer))
                    .and_then(scalar_text)
            }
            (None, Some(whoami)) => {
                self.ask(Operation::WhoAmI, &whoami.request).await?;
                None
            }
            (None, None) => {
                return Ok(ProbeReport {
                    asked: false,
                    version: None,
                    elapsed: Duration::ZERO,
                });
            }
        };
        Ok(ProbeReport {
            asked: true,
            version,
            elapsed: started.elapsed(),
        })
    }

    /// Ends the session, if there is one. A later call would begin a new one.
    pub async fn close(&self) {
        if let Authentication::Session(session) = &self.inner.authentication {
            let deadline = self.edge().deadline();
            if let Some(token) = session.take(deadline).await {
                session.log_out(self.edge(), &token, deadline).await;
            }
        }
    }

    fn edge(&self) -> &Edge {
        &self.inner.edge
    }

    /// A token may have expired since the last call: one new login, one more attempt. That is safe
    /// for writes too, because a request that is not authenticated changes nothing.
    async fn call_in_session(
        &self,
        session: &SessionKeeper,
        request: &RenderedRequest,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        let first = session.token(self.edge(), deadline).await?;
        match self.attempt(session, request, &first, deadline).await {
            Err(failure) if failure.class == FailureClass::Unauthenticated => {}
            outcome => return outcome,
        }
        let second = session.token(self.edge(), deadline).await?;
        match self.attempt(session, request, &second, deadline).await {
            Err(failure) if failure.class == FailureClass::Unauthenticated => {
                // Both tokens are likely good and the request is what the account may not do, so
                // that their sessions would stay open and use up the appliance's limit.
                for token in [&first, &second] {
                    session.log_out(self.edge(), token, deadline).await;
                }
                Err(failure.with_note(
                    "it says so after a new login too, so that the account may lack a right",
                ))
            }
            outcome => outcome,
        }
    }

    async fn attempt(
        &self,
        session: &SessionKeeper,
        request: &RenderedRequest,
        token: &Arc<Token>,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        let outcome = self
            .edge()
            .exchange(request, Some(&token.header), deadline)
            .await;
        if let Err(failure) = &outcome
            && failure.class == FailureClass::Unauthenticated
        {
            session.forget(token, deadline).await;
        }
        outcome
    }

    async fn ask_who_i_am(&self) -> Result<Option<String>, Failure> {
        let Some(whoami) = &self.profile().auth.whoami else {
            return Ok(None);
        };
        let answer = self.ask(Operation::WhoAmI, &whoami.request).await?;
        let key = answer
            .body
            .as_ref()
            .and_then(|body| body.pointer(&whoami.key))
            .and_then(scalar_text);
        key.map(Some).ok_or_else(|| {
            self.edge().unanswered(
                Operation::WhoAmI,
                FailureClass::Protocol,
                &format!(
                    "the answer does not name the bridge's own account at {}; check `whoami` under [auth] of the profile",
                    whoami.key
                ),
            )
        })
    }

    async fn ask(
        &self,
        operation: Operation,
        template: &RequestTemplate,
    ) -> Result<Answer, Failure> {
        let base_path = &self.profile().transport.base_path;
        let request = template
            .render(operation, base_path, &Variables::default())
            .map_err(|error| {
                self.edge().unanswered(
                    operation,
                    FailureClass::Protocol,
                    &format!("the profile's request cannot be rendered: {error}"),
                )
            })?;
        self.call(&request).await
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("name", &self.name())
            .field("vendor", &self.profile().vendor)
            .finish_non_exhaustive()
    }
}

/// A non-empty text or a number, as text.
fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
