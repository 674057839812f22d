//! Sessions: log in, keep the token, share it.
//!
//! Vendors count sessions and refuse logins beyond their limit, so there is one token for all calls,
//! and whoever finds none waits for the one who is already logging in. Vendors count failed logins
//! too, so those who waited share a failure instead of repeating it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use crate::appliance::Failure;
use crate::appliance::edge::{AuthenticationHeader, Edge, Way};
use crate::vendor::{
    Answer, FailureClass, Operation, RenderedRequest, RequestTemplate, Session, Variables,
};

/// A session's token.
pub(in crate::appliance) struct Token {
    /// How it travels.
    pub(in crate::appliance) header: AuthenticationHeader,
    /// What a logout names it by, where that is not the token itself.
    id: Option<Value>,
}

/// Keeps the one session of an appliance.
pub(in crate::appliance) struct SessionKeeper {
    session: Session,
    header: HeaderName,
    username: String,
    password: SecretString,
    /// Logins that are over, well or badly.
    logins: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Arc<Token>>,
    /// How the last login failed, if it did.
    failure: Option<Failure>,
}

impl SessionKeeper {
    pub(super) fn new(
        session: &Session,
        header: HeaderName,
        username: String,
        password: SecretString,
    ) -> Self {
        Self {
            session: session.clone(),
            header,
            username,
            password,
            logins: AtomicU64::new(0),
            state: Mutex::new(State::default()),
        }
    }

    /// The token, after a login if there is none.
    pub(in crate::appliance) async fn token(
        &self,
        edge: &Edge,
        deadline: Instant,
    ) -> Result<Arc<Token>, Failure> {
        let logins_before = self.logins.load(Ordering::Acquire);
        let Ok(mut state) = timeout_at(deadline, self.state.lock()).await else {
            return Err(edge.out_of_time(Operation::Login));
        };
        if let Some(token) = &state.token {
            return Ok(Arc::clone(token));
        }
        if self.logins.load(Ordering::Acquire) != logins_before
            && let Some(failure) = &state.failure
        {
            return Err(failure.clone());
        }
        let outcome = self.log_in(edge, deadline).await.map(Arc::new);
        self.logins.fetch_add(1, Ordering::AcqRel);
        state.failure = outcome.as_ref().err().cloned();
        state.token = outcome.as_ref().ok().cloned();
        outcome
    }

    /// Forgets a token that was refused, unless another has taken its place already.
    pub(in crate::appliance) async fn forget(&self, refused: &Arc<Token>, deadline: Instant) {
        // Whoever holds the state for long is logging in, and so has found no token there.
        let Ok(mut state) = timeout_at(deadline, self.state.lock()).await else {
            return;
        };
        if state
            .token
            .as_ref()
            .is_some_and(|token| Arc::ptr_eq(token, refused))
        {
            state.token = None;
        }
    }

    /// Takes the token out, for a logout.
    pub(in crate::appliance) async fn take(&self, deadline: Instant) -> Option<Arc<Token>> {
        let mut state = timeout_at(deadline, self.state.lock()).await.ok()?;
        state.token.take()
    }

    /// Ends a session at the appliance. That it may fail is no harm: sessions end by themselves.
    pub(in crate::appliance) async fn log_out(
        &self,
        edge: &Edge,
        token: &Token,
        deadline: Instant,
    ) {
        let Some(logout) = &self.session.logout else {
            return;
        };
        let mut variables = Variables::default();
        if let Some(id) = &token.id {
            variables = variables.with("session_id", id.clone());
        }
        let request = match logout.render(
            Operation::Logout,
            &edge.profile.transport.base_path,
            &variables,
        ) {
            Ok(request) => request,
            Err(error) => {
                let appliance = &edge.settings.name;
                tracing::debug!(appliance, %error, "the logout cannot be rendered");
                return;
            }
        };
        if let Err(failure) = edge
            .exchange(&request, Way::Http(Some(&token.header)), deadline)
            .await
        {
            tracing::debug!(%failure, "the session was not logged out");
        }
    }

    async fn log_in(&self, edge: &Edge, deadline: Instant) -> Result<Token, Failure> {
        let request = self.login_request(edge, &self.session.login)?;
        let answer = edge
            .exchange(&request, Way::Http(None), deadline)
            .await
            .map_err(of_login)?;
        self.read_token(edge, &answer)
    }

    fn login_request(
        &self,
        edge: &Edge,
        login: &RequestTemplate,
    ) -> Result<RenderedRequest, Failure> {
        let variables = Variables::default()
            .with("username", Value::from(self.username.as_str()))
            .with("password", Value::from(self.password.expose_secret()));
        login
            .render(
                Operation::Login,
                &edge.profile.transport.base_path,
                &variables,
            )
            .map_err(|error| {
                edge.unanswered(
                    Operation::Login,
                    FailureClass::Protocol,
                    &format!("the profile's login cannot be rendered: {error}"),
                )
            })
    }

    fn read_token(&self, edge: &Edge, answer: &Answer) -> Result<Token, Failure> {
        let at = |pointer: &str| answer.body.as_ref().and_then(|body| body.pointer(pointer));
        let header = at(&self.session.token)
            .and_then(Value::as_str)
            .filter(|token| !token.is_empty())
            .and_then(|token| HeaderValue::from_str(token).ok());
        let Some(mut value) = header else {
            let what = format!(
                "the login was accepted, and its answer holds no token at {}; check `token` under [auth.session] of \
                 the profile",
                self.session.token
            );
            let failure = edge.unanswered(Operation::Login, FailureClass::Protocol, &what);
            return Err(Failure {
                status: Some(answer.status),
                ..failure
            });
        };
        value.set_sensitive(true);
        Ok(Token {
            header: AuthenticationHeader {
                name: self.header.clone(),
                value,
            },
            id: self.session.id.as_deref().and_then(at).cloned(),
        })
    }
}

/// What an answer to a login means for the call that wanted it. A class that speaks of an object
/// would be taken as speaking of the account: a login address that is not found does not mean that
/// the account is gone.
pub(super) fn of_login(failure: Failure) -> Failure {
    let class = match failure.class {
        FailureClass::NotFound => FailureClass::Protocol,
        FailureClass::Invalid => FailureClass::Unauthenticated,
        // Most likely the limit of sessions.
        FailureClass::Conflict
        | FailureClass::Refused
        | FailureClass::Uncertain
        | FailureClass::Incomplete => FailureClass::Unavailable,
        class => class,
    };
    failure.into_class(class)
}
