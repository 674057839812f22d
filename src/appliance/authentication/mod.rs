//! Who we are to an appliance: which of the profile's schemes uses the configured credentials.

mod choice;
mod login;
mod session;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

pub(super) use login::LoginKeeper;
pub(super) use session::{SessionKeeper, Token};

use super::edge::AuthenticationHeader;
use super::{ApplianceSettings, ConnectError, Credentials};
use crate::vendor::{AuthScheme, Profile, TransportKind};

/// How requests are authenticated.
pub(super) enum Authentication {
    /// By one header that never changes. A refusal is final: another try would only bring the
    /// appliance's brute-force protection nearer.
    Fixed(AuthenticationHeader),
    /// By the token of a session.
    Session(Box<SessionKeeper>),
    /// By a login that makes the websocket ours.
    Login(Box<LoginKeeper>),
}

impl Authentication {
    /// Chooses the scheme and prepares what it sends.
    pub(super) fn new(
        settings: &ApplianceSettings,
        profile: &Profile,
    ) -> Result<Self, ConnectError> {
        let appliance = &settings.name;
        if profile.transport.kind == TransportKind::JsonRpcWebsocket {
            let keeper = LoginKeeper::new(profile, &settings.credentials);
            return keeper
                .map(|keeper| Self::Login(Box::new(keeper)))
                .ok_or_else(|| login::no_login(appliance, profile, &settings.credentials));
        }
        let scheme = choice::scheme(settings, profile)?;
        let header = |name: HeaderName, what, value: &str| {
            Ok(Self::Fixed(AuthenticationHeader {
                name,
                value: sensitive(appliance, what, value)?,
            }))
        };
        match (scheme, &settings.credentials) {
            (AuthScheme::Basic, Credentials::Password { username, password }) => {
                let value = basic(appliance, username, password)?;
                header(AUTHORIZATION, "password", &value)
            }
            (AuthScheme::Session, Credentials::Password { username, password }) => {
                let session = choice::session(settings, profile)?;
                Ok(Self::Session(Box::new(SessionKeeper::new(
                    session,
                    choice::header_name(settings, profile, &session.header)?,
                    username.clone(),
                    password.clone(),
                ))))
            }
            (AuthScheme::Bearer, credentials) => {
                let (what, secret) = secret_of(credentials);
                let value = format!("Bearer {}", secret.expose_secret());
                header(AUTHORIZATION, what, &value)
            }
            (AuthScheme::Header(name), credentials) => {
                let (what, secret) = secret_of(credentials);
                let name = choice::header_name(settings, profile, name)?;
                header(name, what, secret.expose_secret())
            }
            (AuthScheme::Basic | AuthScheme::Session, Credentials::Token(_)) => {
                Err(choice::no_scheme(settings, profile))
            }
        }
    }
}

fn secret_of(credentials: &Credentials) -> (&'static str, &SecretString) {
    match credentials {
        Credentials::Password { password, .. } => ("password", password),
        Credentials::Token(token) => ("token", token),
    }
}

/// RFC 7617 §2: the user name ends at the first colon, and neither part holds control characters.
fn basic(appliance: &str, username: &str, password: &SecretString) -> Result<String, ConnectError> {
    let refuse = |what, problem| ConnectError::Credential {
        appliance: appliance.to_owned(),
        what,
        problem,
    };
    if username.contains(':') {
        return Err(refuse(
            "user name",
            "holds a colon, which HTTP Basic cannot carry; give the bridge another account",
        ));
    }
    let password = password.expose_secret();
    for (what, text) in [("user name", username), ("password", password)] {
        if text.chars().any(char::is_control) {
            return Err(refuse(what, UNPRINTABLE));
        }
    }
    Ok(format!(
        "Basic {}",
        STANDARD.encode(format!("{username}:{password}"))
    ))
}

const UNPRINTABLE: &str = "holds a line break or another control character, which no HTTP header can carry; \
                           remove it (a file may end with one)";

fn sensitive(
    appliance: &str,
    what: &'static str,
    value: &str,
) -> Result<HeaderValue, ConnectError> {
    let mut value = HeaderValue::from_str(value).map_err(|_| ConnectError::Credential {
        appliance: appliance.to_owned(),
        what,
        problem: UNPRINTABLE,
    })?;
    value.set_sensitive(true);
    Ok(value)
}
