//! One API of an appliance: authenticated calls, whatever that takes.

use std::sync::Arc;

use rustls::ClientConfig;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use super::authentication::{Authentication, LoginKeeper, SessionKeeper, Token};
use super::edge::{Edge, Way};
use super::{ApplianceSettings, CallObserver, ConnectError, Failure};
use crate::vendor::{
    Answer, FailureClass, Operation, Profile, RenderedRequest, RequestTemplate, Variables,
};

/// Said when a new login has not helped.
const STILL_REFUSED: &str =
    "it says so after a new login too, so that the account may lack a right";

/// A profile, or one variant of it, at work.
pub(super) struct Api {
    pub(super) edge: Edge,
    authentication: Authentication,
}

impl Api {
    /// Prepares everything that does not need the appliance itself.
    pub(super) fn new(
        settings: &ApplianceSettings,
        profile: &Arc<Profile>,
        observer: &Arc<dyn CallObserver>,
        way: (Url, ClientConfig),
    ) -> Result<Self, ConnectError> {
        let authentication = Authentication::new(settings, profile)?;
        let edge = Edge::new(
            settings.clone(),
            Arc::clone(profile),
            Arc::clone(observer),
            way,
        )?;
        Ok(Self {
            edge,
            authentication,
        })
    }

    /// Authenticates, sends, reads and classifies, all until `deadline`.
    pub(super) async fn call(
        &self,
        request: &RenderedRequest,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        match &self.authentication {
            Authentication::Fixed(header) => {
                let way = Way::Http(Some(header));
                self.edge.exchange(request, way, deadline).await
            }
            Authentication::Session(session) => {
                self.call_in_session(session, request, deadline).await
            }
            Authentication::Login(login) => self.call_on_socket(login, request, deadline).await,
        }
    }

    /// Asks what the profile says to ask for, and nothing of an account.
    pub(super) async fn ask(
        &self,
        operation: Operation,
        template: &RequestTemplate,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        let base_path = &self.edge.profile.transport.base_path;
        let request = template
            .render(operation, base_path, &Variables::default())
            .map_err(|error| {
                self.edge.unanswered(
                    operation,
                    FailureClass::Protocol,
                    &format!("the profile's request cannot be rendered: {error}"),
                )
            })?;
        self.call(&request, deadline).await
    }

    /// The product's version, as it writes it; `None` where the profile does not say how to ask, or
    /// the answer does not hold it.
    pub(super) async fn version(&self, deadline: Instant) -> Result<Option<String>, Failure> {
        let transport = &self.edge.profile.transport;
        let Some(probe) = &transport.probe else {
            return Ok(None);
        };
        let answer = self.ask(Operation::Probe, probe, deadline).await?;
        let version = transport
            .probe_version
            .as_deref()
            .and_then(|pointer| answer.body.as_ref()?.pointer(pointer))
            .and_then(scalar_text);
        Ok(version)
    }

    /// Whether a websocket took the place of a lost one since this was last asked.
    pub(super) fn was_reopened(&self) -> bool {
        match &self.authentication {
            Authentication::Login(login) => login.was_reopened(),
            Authentication::Fixed(_) | Authentication::Session(_) => false,
        }
    }

    /// Ends the session or closes the socket, if there is one.
    pub(super) async fn close(&self) {
        let deadline = self.edge.deadline();
        match &self.authentication {
            Authentication::Fixed(_) => {}
            Authentication::Session(session) => {
                if let Some(token) = session.take(deadline).await {
                    session.log_out(&self.edge, &token, deadline).await;
                }
            }
            Authentication::Login(login) => login.close(deadline).await,
        }
    }

    /// A token may have expired since the last call: one new login, one more attempt. That is safe
    /// for writes too, because a request that is not authenticated changes nothing.
    async fn call_in_session(
        &self,
        session: &SessionKeeper,
        request: &RenderedRequest,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        let first = session.token(&self.edge, deadline).await?;
        match self.attempt(session, request, &first, deadline).await {
            Err(failure) if failure.class == FailureClass::Unauthenticated => {}
            outcome => return outcome,
        }
        let second = session.token(&self.edge, deadline).await?;
        match self.attempt(session, request, &second, deadline).await {
            Err(failure) if failure.class == FailureClass::Unauthenticated => {
                // Both tokens are likely good and the request is what the account may not do, so
                // that their sessions would stay open and use up the appliance's limit.
                for token in [&first, &second] {
                    session.log_out(&self.edge, token, deadline).await;
                }
                Err(failure.with_note(STILL_REFUSED))
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
            .edge
            .exchange(request, Way::Http(Some(&token.header)), deadline)
            .await;
        if let Err(failure) = &outcome
            && failure.class == FailureClass::Unauthenticated
        {
            session.forget(token, deadline).await;
        }
        outcome
    }

    /// The appliance may have ended our login since the last call: one new socket, one more attempt.
    async fn call_on_socket(
        &self,
        login: &LoginKeeper,
        request: &RenderedRequest,
        deadline: Instant,
    ) -> Result<Answer, Failure> {
        let operation = request.operation;
        let first = login.link(&self.edge, operation, deadline).await?;
        let way = Way::Socket(&first);
        match self.edge.exchange(request, way, deadline).await {
            Err(failure) if failure.class == FailureClass::Unauthenticated => {}
            outcome => return outcome,
        }
        login.forget(&first, deadline).await;
        let second = login.link(&self.edge, operation, deadline).await?;
        let way = Way::Socket(&second);
        match self.edge.exchange(request, way, deadline).await {
            Err(failure) if failure.class == FailureClass::Unauthenticated => {
                login.forget(&second, deadline).await;
                Err(failure.with_note(STILL_REFUSED))
            }
            outcome => outcome,
        }
    }
}

/// A non-empty text or a number, as text.
pub(super) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
