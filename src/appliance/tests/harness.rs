//! Profiles, settings and requests of a vendor that does not exist.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use url::Url;

use crate::appliance::{ApplianceSettings, CallObserver, Connection, Credentials, Trust};
use crate::vendor::{FailureClass, Operation, Profile, RenderedRequest};

pub(super) const PASSWORD: &str = "hunter22-of-bridge";

/// A profile with this `[auth]` section.
pub(super) fn profile(auth: &str) -> Arc<Profile> {
    let text = format!(
        r#"
        vendor = "acme"
        title = "Acme OS"
        showable = ["/error/message"]
        [transport]
        kind = "rest"
        base_path = "/api"
        probe = {{ method = "GET", path = "/version", version = "/version" }}
        {auth}
        [user]
        key = "login"
        [user.find]
        request = {{ method = "GET", path = "/users", query = {{ login = "{{{{ key }}}}" }} }}
        items = "/results"
        [user.create]
        request = {{ method = "POST", path = "/users" }}
        id = "/id"
        [user.update]
        request = {{ method = "PUT", path = "/users/{{{{ id }}}}" }}
        [user.fields]
        login = {{ from = ["userName"] }}
        "#
    );
    match Profile::compile("acme/profile.toml", &text, &toml::Table::new()) {
        Ok(profile) => Arc::new(profile),
        Err(errors) => panic!("{errors}"),
    }
}

pub(super) fn basic() -> Arc<Profile> {
    profile("[auth]\nschemes = [\"basic\"]")
}

/// Logs in at `/api/tokens`; the token travels in `X-Token`.
pub(super) fn session() -> Arc<Profile> {
    profile(
        r#"
        [auth]
        schemes = ["session"]
        [auth.session]
        login = { method = "POST", path = "/tokens", body = { username = "{{ username }}", password = "{{ password }}" } }
        token = "/token"
        id = "/id"
        header = "X-Token"
        logout = { method = "DELETE", path = "/tokens/{{ session_id }}" }
        "#,
    )
}

pub(super) fn by_password() -> Credentials {
    Credentials::Password {
        username: "bridge".to_owned(),
        password: SecretString::from(PASSWORD),
    }
}

pub(super) fn by_token() -> Credentials {
    Credentials::Token(SecretString::from(PASSWORD))
}

pub(super) fn settings(url: &Url, credentials: Credentials) -> ApplianceSettings {
    ApplianceSettings {
        name: "nas-1".to_owned(),
        url: url.clone(),
        credentials,
        trust: Trust::System,
        connect_timeout: Duration::from_secs(10),
        request_timeout: Duration::from_secs(20),
        max_response_bytes: 4096,
        concurrency: 4,
    }
}

pub(super) fn connect(url: &Url, profile: &Arc<Profile>, credentials: Credentials) -> Connection {
    connect_with(settings(url, credentials), profile)
}

pub(super) fn connect_with(settings: ApplianceSettings, profile: &Arc<Profile>) -> Connection {
    Connection::new(settings, Arc::clone(profile), Arc::new(Observed::default())).unwrap()
}

/// `GET /api/users`.
pub(super) fn find() -> RenderedRequest {
    request(Operation::Find, "GET", "/api/users")
}

/// `POST /api/users` with a password in its body.
pub(super) fn create() -> RenderedRequest {
    RenderedRequest {
        body: Some(json!({"user": {"login": "ann", "password": "s3cret-of-ann"}})),
        secret_fields: vec!["password".to_owned()],
        ..request(Operation::Create, "POST", "/api/users")
    }
}

pub(super) fn request(operation: Operation, method: &str, path: &str) -> RenderedRequest {
    RenderedRequest {
        operation,
        call: None,
        method: method.to_owned(),
        path: path.to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        secret_fields: Vec::new(),
    }
}

/// What an observer was told.
pub(super) type Told = (Operation, Result<(), FailureClass>, Option<u16>);

#[derive(Default)]
pub(super) struct Observed(pub(super) Mutex<Vec<Told>>);

impl CallObserver for Observed {
    fn called(
        &self,
        appliance: &str,
        operation: Operation,
        outcome: Result<(), FailureClass>,
        status: Option<u16>,
        _elapsed: Duration,
    ) {
        assert_eq!(appliance, "nas-1");
        self.0.lock().unwrap().push((operation, outcome, status));
    }
}
