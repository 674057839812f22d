//! Schemes without a session: Basic, bearer, a header.

use std::sync::Arc;

use secrecy::SecretString;

use super::harness::{
    Observed, basic, by_password, by_token, connect, create, find, profile, settings,
};
use super::server::{Server, json};
use crate::appliance::{ConnectError, Connection, Credentials};
use crate::vendor::{FailureClass, Operation, Profile};
use url::Url;

/// The value of `header` in a call with these schemes and credentials.
async fn sent(schemes: &str, credentials: Credentials, header: &str) -> Option<String> {
    let server = Server::start(|_| json(200, "{}")).await;
    let profile = profile(&format!("[auth]\nschemes = {schemes}"));
    let connection = connect(&server.url, &profile, credentials);
    connection.call(&find()).await.unwrap();
    let seen = server.seen().pop().unwrap();
    seen.header(header).map(str::to_owned)
}

fn refused(profile: &Arc<Profile>, url: &str, credentials: Credentials) -> ConnectError {
    let settings = settings(&Url::parse(url).unwrap(), credentials);
    Connection::new(settings, Arc::clone(profile), Arc::new(Observed::default())).unwrap_err()
}

#[tokio::test]
async fn the_credentials_choose_among_the_schemes() {
    // base64 of bridge:hunter22-of-bridge
    let basic = Some("Basic YnJpZGdlOmh1bnRlcjIyLW9mLWJyaWRnZQ==".to_owned());
    let bearer = Some("Bearer hunter22-of-bridge".to_owned());
    let both = r#"["bearer", "basic"]"#;
    assert_eq!(sent(both, by_password(), "authorization").await, basic);
    assert_eq!(sent(both, by_token(), "authorization").await, bearer);
    let only_bearer = r#"["bearer"]"#;
    assert_eq!(
        sent(only_bearer, by_password(), "authorization").await,
        bearer
    );
}

#[tokio::test]
async fn a_refusal_is_final_without_a_session() {
    let server = Server::start(|_| json(401, "{}")).await;
    let connection = connect(&server.url, &basic(), by_password());
    let failure = connection.call(&create()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Unauthenticated);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn the_observer_hears_of_every_exchange() {
    let server =
        Server::start(|seen| json(if seen.method == "GET" { 200 } else { 409 }, "{}")).await;
    let observer = Arc::new(Observed::default());
    let settings = settings(&server.url, by_password());
    let connection = Connection::new(settings, basic(), Arc::<Observed>::clone(&observer)).unwrap();
    connection.call(&find()).await.unwrap();
    connection.call(&create()).await.unwrap_err();
    assert_eq!(
        *observer.0.lock().unwrap(),
        [
            (Operation::Find, Ok(()), Some(200)),
            (Operation::Create, Err(FailureClass::Conflict), Some(409)),
        ]
    );
}

#[tokio::test]
async fn who_we_are_is_the_user_name_or_asked_once() {
    let server = Server::start(|_| json(200, "{\"login\": \"robot\"}")).await;
    let asking = profile(
        "[auth]\nschemes = [\"bearer\", \"basic\"]\nwhoami = { method = \"GET\", path = \"/me\", key = \"/login\" }",
    );
    let connection = connect(&server.url, &asking, by_password());
    assert_eq!(
        connection.whoami().await.unwrap().as_deref(),
        Some("bridge")
    );
    assert!(server.seen().is_empty());

    let connection = connect(&server.url, &asking, by_token());
    for _ in 0..2 {
        assert_eq!(connection.whoami().await.unwrap().as_deref(), Some("robot"));
    }
    assert_eq!(server.count("GET", "/api/me"), 1);

    let silent = profile("[auth]\nschemes = [\"bearer\"]");
    let connection = connect(&server.url, &silent, by_token());
    assert_eq!(connection.whoami().await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_without_our_name_is_not_taken_for_nobody() {
    let server = Server::start(|_| json(200, "{}")).await;
    let asking = profile(
        "[auth]\nschemes = [\"bearer\"]\nwhoami = { method = \"GET\", path = \"/me\", key = \"/login\" }",
    );
    let connection = connect(&server.url, &asking, by_token());
    let failure = connection.whoami().await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Protocol);
}

#[tokio::test]
async fn a_probe_tells_the_version_or_the_failure() {
    let server = Server::start(|seen| {
        assert!(seen.header("authorization").is_some());
        json(200, "{\"version\": \"5.2\"}")
    })
    .await;
    let connection = connect(&server.url, &basic(), by_password());
    let report = connection.probe().await.unwrap();
    assert!(report.asked);
    assert_eq!(report.version.as_deref(), Some("5.2"));
    assert_eq!(server.count("GET", "/api/version"), 1);

    let server = Server::start(|_| json(401, "{}")).await;
    let connection = connect(&server.url, &basic(), by_password());
    let failure = connection.probe().await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Unauthenticated);
    assert_eq!(failure.operation, Operation::Probe);
}

#[test]
fn credentials_that_no_scheme_takes_are_refused_with_a_remedy() {
    let message = refused(&basic(), "https://nas", by_token()).to_string();
    for part in ["nas-1", "acme", "HTTP Basic", "`username` and `password`"] {
        assert!(message.contains(part), "{part} in {message}");
    }
}

#[test]
fn credentials_in_the_clear_are_refused() {
    let error = refused(&basic(), "http://192.0.2.7:8080", by_password());
    assert!(matches!(error, ConnectError::PlainHttp { .. }));
    assert!(error.to_string().contains("https://"));
}

#[test]
fn credentials_that_no_header_can_carry_are_refused_without_being_told() {
    let password = |username: &str, password: &str| Credentials::Password {
        username: username.to_owned(),
        password: SecretString::from(password.to_owned()),
    };
    let bearer = profile("[auth]\nschemes = [\"bearer\"]");
    let errors = [
        refused(&basic(), "https://nas", password("br:idge", "hunter22")),
        refused(&basic(), "https://nas", password("bridge", "hunter22\n")),
        refused(
            &bearer,
            "https://nas",
            Credentials::Token(SecretString::from("hunter22\r\nX-Evil: 1")),
        ),
    ];
    for error in errors {
        assert!(matches!(error, ConnectError::Credential { .. }), "{error}");
        assert!(!error.to_string().contains("hunter22"), "{error}");
        assert!(!format!("{error:?}").contains("hunter22"), "{error}");
    }
}

#[test]
fn every_built_in_vendor_takes_a_user_name_and_a_password() {
    for vendor in Profile::builtin_names() {
        let text = Profile::builtin(vendor).unwrap();
        let profile = Profile::compile(vendor, text, &toml::Table::new()).unwrap();
        let settings = settings(&Url::parse("https://nas").unwrap(), by_password());
        let outcome = Connection::new(settings, Arc::new(profile), Arc::new(Observed::default()));
        assert!(outcome.is_ok(), "{vendor}: {outcome:?}");
    }
}
