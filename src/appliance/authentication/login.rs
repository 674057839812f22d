//! A websocket that is logged in once, and is then ours as long as it is open.
//!
//! One socket serves all calls, and whoever finds none waits for the one who is already opening it.
//! Those who waited share a failed login instead of repeating it: vendors count failed logins.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::session::of_login;
use crate::appliance::edge::{Edge, Way};
use crate::appliance::jsonrpc::Link;
use crate::appliance::{ConnectError, Credentials, Failure};
use crate::vendor::{
    FailureClass, Login, LoginCredentials, Operation, Profile, RenderedRequest, Variables,
};

/// Keeps the one socket of an appliance.
pub(in crate::appliance) struct LoginKeeper {
    login: Login,
    /// Attempts to log in that are over, well or badly.
    logins: AtomicU64,
    /// Whether a socket has been opened after another was lost, since somebody last asked.
    reopened: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    link: Option<Arc<Link>>,
    /// How the last attempt failed, if it did.
    failure: Option<Failure>,
}

impl LoginKeeper {
    /// The first of the profile's logins that takes the credentials; `None` if none does.
    pub(super) fn new(profile: &Profile, credentials: &Credentials) -> Option<Self> {
        let with = match credentials {
            Credentials::Token(_) => LoginCredentials::Token,
            Credentials::Password { .. } => LoginCredentials::Password,
        };
        let mut logins = profile.auth.logins.iter();
        let login = logins.find(|login| login.with == with)?;
        Some(Self {
            login: login.clone(),
            logins: AtomicU64::new(0),
            reopened: AtomicBool::new(false),
            state: Mutex::default(),
        })
    }

    /// The socket, opened and logged in if there is none. `operation` is what it is wanted for.
    pub(in crate::appliance) async fn link(
        &self,
        edge: &Edge,
        operation: Operation,
        deadline: Instant,
    ) -> Result<Arc<Link>, Failure> {
        let logins_before = self.logins.load(Ordering::Acquire);
        let Ok(mut state) = timeout_at(deadline, self.state.lock()).await else {
            return Err(edge.out_of_time(operation));
        };
        if let Some(link) = state.link.as_ref().filter(|link| link.is_open()) {
            return Ok(Arc::clone(link));
        }
        if self.logins.load(Ordering::Acquire) != logins_before
            && let Some(failure) = &state.failure
        {
            return Err(failure.clone());
        }
        let lost_one = state.link.take().is_some();
        let outcome = self.open(edge, operation, deadline).await.map(Arc::new);
        self.logins.fetch_add(1, Ordering::AcqRel);
        state.failure = outcome.as_ref().err().cloned();
        state.link = outcome.as_ref().ok().cloned();
        if lost_one && outcome.is_ok() {
            self.reopened.store(true, Ordering::Release);
        }
        outcome
    }

    /// Whether a socket took the place of a lost one since this was last asked: the appliance may
    /// have started anew, as another release.
    pub(in crate::appliance) fn was_reopened(&self) -> bool {
        self.reopened.swap(false, Ordering::AcqRel)
    }

    /// Closes a socket on which we are not logged in, unless another has taken its place already.
    pub(in crate::appliance) async fn forget(&self, refused: &Arc<Link>, deadline: Instant) {
        let Ok(mut state) = timeout_at(deadline, self.state.lock()).await else {
            return;
        };
        if let Some(link) = state.link.take_if(|link| Arc::ptr_eq(link, refused)) {
            link.close(deadline).await;
        }
    }

    /// Closes the socket, if one is open.
    pub(in crate::appliance) async fn close(&self, deadline: Instant) {
        let Ok(mut state) = timeout_at(deadline, self.state.lock()).await else {
            return;
        };
        if let Some(link) = state.link.take() {
            link.close(deadline).await;
        }
    }

    async fn open(
        &self,
        edge: &Edge,
        operation: Operation,
        deadline: Instant,
    ) -> Result<Link, Failure> {
        let link = edge.open_socket(operation, deadline).await?;
        match self.log_in(edge, &link, deadline).await {
            Ok(()) => Ok(link),
            Err(failure) => {
                // A socket whose login failed may refuse another one for ever.
                link.close(deadline).await;
                Err(failure)
            }
        }
    }

    async fn log_in(&self, edge: &Edge, link: &Link, deadline: Instant) -> Result<(), Failure> {
        let request = self.request(edge)?;
        let answer = edge
            .exchange(&request, Way::Socket(link), deadline)
            .await
            .map_err(of_login)?;
        self.login.accepted(&answer).map_err(|shown| {
            let said = shown.map_or_else(
                || "its answer does not say that it succeeded".to_owned(),
                |word| format!("its answer says {word}"),
            );
            edge.unanswered(
                Operation::Login,
                FailureClass::Unauthenticated,
                &format!("{said}; check the appliance's credentials in the configuration"),
            )
        })
    }

    fn request(&self, edge: &Edge) -> Result<RenderedRequest, Failure> {
        let variables = match &edge.settings.credentials {
            Credentials::Token(token) => {
                Variables::default().with("token", Value::from(token.expose_secret()))
            }
            Credentials::Password { username, password } => Variables::default()
                .with("username", Value::from(username.as_str()))
                .with("password", Value::from(password.expose_secret())),
        };
        self.login.request(&variables).map_err(|error| {
            edge.unanswered(
                Operation::Login,
                FailureClass::Protocol,
                &format!("the profile's login cannot be rendered: {error}"),
            )
        })
    }
}

/// No login of the profile takes what the configuration gives.
pub(super) fn no_login(
    appliance: &str,
    profile: &Profile,
    credentials: &Credentials,
) -> ConnectError {
    let (given, remedy, takes) = match credentials {
        Credentials::Token(_) => (
            "a token",
            "give `username` and `password`",
            "user name and password",
        ),
        Credentials::Password { .. } => (
            "a user name and a password",
            "give `token` instead",
            "a token",
        ),
    };
    ConnectError::NoScheme {
        appliance: appliance.to_owned(),
        vendor: profile.vendor.clone(),
        schemes: format!("a login with {takes}"),
        given,
        remedy,
    }
}
