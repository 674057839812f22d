//! Which of a profile's schemes fits the credentials.

use reqwest::header::HeaderName;

use crate::appliance::{ApplianceSettings, ConnectError, Credentials};
use crate::vendor::{AuthScheme, Profile, Session};

/// The first scheme that wants just what is given; failing that, one that takes a token, which a
/// user may well have put into the password's place.
pub(super) fn scheme<'a>(
    settings: &ApplianceSettings,
    profile: &'a Profile,
) -> Result<&'a AuthScheme, ConnectError> {
    let schemes = &profile.auth.schemes;
    let by_token =
        |scheme: &&AuthScheme| matches!(scheme, AuthScheme::Bearer | AuthScheme::Header(_));
    let chosen = match settings.credentials {
        Credentials::Token(_) => schemes.iter().find(by_token),
        Credentials::Password { .. } => schemes
            .iter()
            .find(|scheme| !by_token(scheme))
            .or_else(|| schemes.first()),
    };
    chosen.ok_or_else(|| no_scheme(settings, profile))
}

/// What a session scheme needs of the profile.
pub(super) fn session<'a>(
    settings: &ApplianceSettings,
    profile: &'a Profile,
) -> Result<&'a Session, ConnectError> {
    profile
        .auth
        .session
        .as_ref()
        .ok_or_else(|| ConnectError::NoSession {
            appliance: settings.name.clone(),
            vendor: profile.vendor.clone(),
        })
}

/// A header name out of the profile.
pub(super) fn header_name(
    settings: &ApplianceSettings,
    profile: &Profile,
    name: &str,
) -> Result<HeaderName, ConnectError> {
    HeaderName::try_from(name).map_err(|_| ConnectError::Header {
        appliance: settings.name.clone(),
        vendor: profile.vendor.clone(),
        header: name.to_owned(),
        part: "name",
    })
}

/// No scheme can use the credentials.
pub(super) fn no_scheme(settings: &ApplianceSettings, profile: &Profile) -> ConnectError {
    let (given, remedy) = match settings.credentials {
        Credentials::Password { .. } => ("a user name and a password", "give `token` instead"),
        Credentials::Token(_) => (
            "a token",
            "give `username` and `password` (an API key goes into the password's place)",
        ),
    };
    let schemes: Vec<String> = profile.auth.schemes.iter().map(describe).collect();
    ConnectError::NoScheme {
        appliance: settings.name.clone(),
        vendor: profile.vendor.clone(),
        schemes: if schemes.is_empty() {
            "no scheme at all".to_owned()
        } else {
            schemes.join(" or ")
        },
        given,
        remedy,
    }
}

fn describe(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Basic => "HTTP Basic".to_owned(),
        AuthScheme::Bearer => "a bearer token".to_owned(),
        AuthScheme::Header(name) => format!("a key in the header {name}"),
        AuthScheme::Session => "a login with user name and password".to_owned(),
    }
}
