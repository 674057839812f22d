//! Address, credentials and limits of an appliance.

use url::{Host, Url};

use super::trust::trust;
use crate::appliance::{ApplianceSettings, Credentials};
use crate::config::errors::Findings;
use crate::config::file;
use crate::config::listeners::{at_least_one, more_than_nothing, seconds};
use crate::config::places::KeyPath;
use crate::config::secrets::Files;

/// How to reach an appliance; `None` if something essential is missing.
pub(super) fn settings(
    appliance: &file::Appliance,
    path: &KeyPath,
    files: &Files,
    findings: &mut Findings,
) -> Option<ApplianceSettings> {
    let url = url(appliance.url.as_deref(), &path.key("url"), findings);
    let credentials = credentials(appliance, path, files, findings);
    let trust = trust(appliance, path, files, findings);
    at_least_one(
        appliance.concurrency.into(),
        &path.key("concurrency"),
        findings,
    );
    at_least_one(
        appliance.max_response_bytes,
        &path.key("max_response_bytes"),
        findings,
    );
    for (key, value) in [
        ("connect_timeout_seconds", appliance.connect_timeout_seconds),
        ("request_timeout_seconds", appliance.request_timeout_seconds),
    ] {
        more_than_nothing(value, &path.key(key), findings);
    }
    Some(ApplianceSettings {
        name: appliance.name.clone()?,
        url: url?,
        credentials: credentials?,
        trust: trust?,
        connect_timeout: seconds(appliance.connect_timeout_seconds),
        request_timeout: seconds(appliance.request_timeout_seconds),
        max_response_bytes: usize::try_from(appliance.max_response_bytes).unwrap_or(usize::MAX),
        concurrency: appliance.concurrency.into(),
    })
}

fn url(text: Option<&str>, key: &KeyPath, findings: &mut Findings) -> Option<Url> {
    let Some(text) = text else {
        findings.error(
            key,
            "the appliance has no url",
            "write its origin, for example url = \"https://nas-1.example.com\"",
        );
        return None;
    };
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => url,
        // The text is not shown: it might hold credentials.
        _ => {
            findings.error(
                key,
                "this is no URL of an appliance",
                "write https://HOST or https://HOST:PORT",
            );
            return None;
        }
    };
    let more = !matches!(url.path(), "" | "/")
        || url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some();
    if more {
        findings.error(
            key,
            "the URL holds more than an origin",
            "write https://HOST or https://HOST:PORT; paths belong to the vendor profile, \
             credentials to `username` and `password`",
        );
        return None;
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        findings.error(
            key,
            "credentials would be sent over plain HTTP, where anybody on the way can read them",
            "write https://; `scim-bridge check --live` prints the certificate's fingerprint \
             for `certificate_sha256`",
        );
        return None;
    }
    Some(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn credentials(
    appliance: &file::Appliance,
    path: &KeyPath,
    files: &Files,
    findings: &mut Findings,
) -> Option<Credentials> {
    let password_set = appliance.password.is_some() || appliance.password_file.is_some();
    let token_set = appliance.token.is_some() || appliance.token_file.is_some();
    let password = files.secret_of(
        path,
        "password",
        appliance.password.as_ref(),
        appliance.password_file.as_deref(),
        findings,
    );
    let token = files.secret_of(
        path,
        "token",
        appliance.token.as_ref(),
        appliance.token_file.as_deref(),
        findings,
    );
    match (&appliance.username, password_set, token_set) {
        (Some(username), true, false) if !username.is_empty() => Some(Credentials::Password {
            username: username.clone(),
            password: password?,
        }),
        (None, false, true) => Some(Credentials::Token(token?)),
        (_, true, true) | (Some(_), false, true) => {
            findings.error(
                path,
                "a token and a user name or password are both set",
                "keep `token` (or token_file), or `username` with `password` (or password_file)",
            );
            None
        }
        (_, true, false) => {
            findings.error(
                &path.key("username"),
                "a password is set and no user name",
                "set `username`; an API key that stands alone is a `token`",
            );
            None
        }
        (_, false, false) => {
            findings.error(
                &path.key("password"),
                "the appliance has no credentials",
                "set `username` and `password_file`, or `token_file`",
            );
            None
        }
    }
}
