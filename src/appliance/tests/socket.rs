//! A profile that speaks JSON-RPC over a websocket: one socket, one login, and what happens when
//! either is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::harness::{Observed, PASSWORD, by_password, by_token, connect, connect_with, settings};
use super::rpc_server::{Act, Called, RpcServer};
use super::server::{Identity, Server, html};
use crate::appliance::{ConnectError, Connection, Trust};
use crate::scim::ResourceKind;
use crate::vendor::{FailureClass, Operation, Profile, RenderedRequest};

const TEXT: &str = r#"
    vendor = "acme"
    title = "Acme OS"
    showable = ["/data/reason"]
    [transport]
    kind = "jsonrpc-websocket"
    path = "/rpc"
    probe = { call = "system.version", version = "" }
    [auth]
    whoami = { call = "auth.me", key = "/name" }
    [[auth.login]]
    with = "token"
    request = { call = "login", params = ["{{ token }}"] }
    accepted = { at = "", is = true }
    [[auth.login]]
    with = "password"
    request = { call = "login", params = { user = "{{ username }}", secret = "{{ password }}" } }
    accepted = { at = "/state", is = "SUCCESS" }
    [[verdict]]
    code = -32001
    at = "/data/error"
    is = 207
    class = "unauthenticated"
    [[verdict]]
    code = -32001
    at = "/data/error"
    is = 16
    class = "throttled"
    [user]
    key = "login"
    [user.find]
    request = { call = "user.query", params = ["{{ key }}"] }
    [user.create]
    request = { call = "user.create", params = ["{{ fields }}"] }
    [user.update]
    request = { call = "user.update", params = ["{{ id | number }}", "{{ fields }}"] }
    [user.fields]
    login = { from = ["userName"] }
"#;

fn profile() -> Arc<Profile> {
    let text = TEXT;
    match Profile::compile("acme/profile.toml", text, &toml::Table::new()) {
        Ok(profile) => Arc::new(profile),
        Err(errors) => panic!("{errors}"),
    }
}

fn find() -> RenderedRequest {
    let profile = profile();
    let object = profile.object(ResourceKind::User).unwrap();
    object.find_request("ann").unwrap()
}

fn create() -> RenderedRequest {
    let profile = profile();
    let object = profile.object(ResourceKind::User).unwrap();
    let fields = [("login".to_owned(), json!("ann"))].into_iter().collect();
    object
        .create_request(&fields, true, &serde_json::Map::new())
        .unwrap()
}

/// Lets everybody in, and does with other calls what it is told.
async fn appliance(act: impl Fn(&Called) -> Act + Send + Sync + 'static) -> RpcServer {
    RpcServer::start(move |called| match called.method.as_str() {
        "login" if called.params.is_array() => Act::Result(json!(true)),
        "login" => Act::Result(json!({"state": "SUCCESS"})),
        _ => act(called),
    })
    .await
}

fn not_authenticated() -> Act {
    Act::Error(json!({"code": -32001, "message": "x", "data": {"error": 207, "reason": "log in"}}))
}

#[tokio::test]
async fn one_socket_and_one_login_serve_all_calls() {
    let server = appliance(|_| Act::Result(json!([]))).await;
    let connection = connect(&server.url, &profile(), by_token());
    assert!(
        server.calls().is_empty(),
        "nothing is asked before it is needed"
    );
    let (find, create) = (find(), create());
    let (one, two, three) = tokio::join!(
        connection.call(&find),
        connection.call(&create),
        connection.call(&find)
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    let calls = server.calls();
    assert_eq!(calls.len(), 4);
    assert!(calls.iter().all(|call| call.connection == 1), "{calls:?}");
    assert_eq!(calls[0].params, json!([PASSWORD]));
    assert!(
        calls
            .iter()
            .any(|call| call.method == "user.create" && call.params == json!([{"login": "ann"}])),
        "{calls:?}"
    );
}

#[tokio::test]
async fn the_credentials_choose_the_login_and_the_version_is_asked() {
    let server = appliance(|called| match called.method.as_str() {
        "system.version" => Act::Result(json!("Acme-5.2")),
        _ => Act::Result(json!({"name": "robot"})),
    })
    .await;
    let connection = connect(&server.url, &profile(), by_password());
    let report = connection.probe().await.unwrap();
    assert_eq!(report.version.as_deref(), Some("Acme-5.2"));
    assert_eq!(
        server.calls()[0].params,
        json!({"user": "bridge", "secret": PASSWORD})
    );
    let connection = connect(&server.url, &profile(), by_token());
    assert_eq!(connection.whoami().await.unwrap().as_deref(), Some("robot"));
}

#[tokio::test]
async fn a_refused_login_is_told_once_to_all_who_wait() {
    let server = RpcServer::start(|_| Act::Result(json!({"state": "EXPIRED"}))).await;
    let connection = connect(&server.url, &profile(), by_password());
    let (find, create) = (find(), create());
    let (one, two) = tokio::join!(connection.call(&find), connection.call(&create));
    for failure in [one.unwrap_err(), two.unwrap_err()] {
        assert_eq!(failure.class, FailureClass::Unauthenticated, "{failure}");
        assert_eq!(failure.operation, Operation::Login);
        assert!(failure.message.contains("EXPIRED"), "{failure}");
        assert!(!failure.message.contains(PASSWORD), "{failure}");
    }
    assert_eq!(server.methods(), [(1, "login".to_owned())]);
}

#[tokio::test]
async fn a_login_that_is_put_off_is_not_a_wrong_password() {
    let server =
        RpcServer::start(|_| Act::Error(json!({"code": -32001, "data": {"error": 16}}))).await;
    let connection = connect(&server.url, &profile(), by_token());
    let failure = connection.call(&create()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Throttled, "{failure}");
    assert!(failure.message.contains("error code -32001"), "{failure}");
}

#[tokio::test]
async fn a_login_that_has_ended_is_renewed_once_on_a_new_socket() {
    let server = appliance(|called| match called.connection {
        1 => not_authenticated(),
        _ => Act::Result(json!({"id": 7})),
    })
    .await;
    let connection = connect(&server.url, &profile(), by_token());
    connection.call(&create()).await.unwrap();
    let expected = [
        (1, "login"),
        (1, "user.create"),
        (2, "login"),
        (2, "user.create"),
    ];
    assert_eq!(
        server.methods(),
        expected.map(|(connection, method)| (connection, method.to_owned()))
    );
}

#[tokio::test]
async fn a_refusal_after_a_new_login_is_final() {
    let server = appliance(|_| not_authenticated()).await;
    let connection = connect(&server.url, &profile(), by_token());
    let failure = connection.call(&create()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Unauthenticated);
    assert!(failure.message.contains("lack a right"), "{failure}");
    assert!(
        failure
            .message
            .contains("the appliance says: data/reason: log in"),
        "{failure}"
    );
    assert_eq!(server.methods().len(), 4);
}

#[tokio::test]
async fn a_connection_lost_in_the_middle_leaves_a_write_open_and_the_next_call_reconnects() {
    let server = appliance(|called| match called.connection {
        1 => Act::HangUp,
        _ => Act::Result(json!([])),
    })
    .await;
    let observer = Arc::new(Observed::default());
    let connection = Connection::new(
        settings(&server.url, by_token()),
        profile(),
        Arc::<Observed>::clone(&observer),
    )
    .unwrap();
    let failure = connection.call(&create()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Uncertain, "{failure}");
    connection.call(&find()).await.unwrap();
    assert_eq!(
        server.methods().last().unwrap(),
        &(2, "user.query".to_owned())
    );
    assert_eq!(
        *observer.0.lock().unwrap(),
        [
            (Operation::Login, Ok(()), Some(200)),
            (Operation::Create, Err(FailureClass::Uncertain), None),
            (Operation::Login, Ok(()), Some(200)),
            (Operation::Find, Ok(()), Some(200)),
        ]
    );
}

#[tokio::test]
async fn silence_ends_with_the_timeout() {
    let server = appliance(|_| Act::Silence).await;
    let mut impatient = settings(&server.url, by_token());
    impatient.request_timeout = Duration::from_millis(200);
    let connection = connect_with(impatient, &profile());
    let (find, create) = (find(), create());
    let (read, write) = tokio::join!(connection.call(&find), connection.call(&create));
    assert_eq!(read.unwrap_err().class, FailureClass::Unavailable);
    assert_eq!(write.unwrap_err().class, FailureClass::Uncertain);
}

#[tokio::test]
async fn an_appliance_that_is_away_is_not_dialled_in_a_hot_loop() {
    let dials = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&dials);
    let server = Server::start(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        html(502, "starting")
    })
    .await;
    let connection = connect(&server.url, &profile(), by_token());
    for _ in 0..50 {
        let failure = connection.call(&create()).await.unwrap_err();
        assert_eq!(failure.class, FailureClass::Unavailable, "{failure}");
    }
    let dials = dials.load(Ordering::SeqCst);
    assert!(dials < 10, "{dials} dials for 50 calls");
}

#[tokio::test]
async fn what_is_no_websocket_is_another_api() {
    let server = Server::start(|_| html(404, "not here")).await;
    let connection = connect(&server.url, &profile(), by_token());
    let failure = connection.call(&create()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Protocol, "{failure}");
    assert!(failure.message.contains("/rpc"), "{failure}");
}

#[tokio::test]
async fn closing_ends_the_socket_and_the_next_call_opens_another() {
    let server = appliance(|_| Act::Result(Value::Null)).await;
    let connection = connect(&server.url, &profile(), by_token());
    connection.call(&find()).await.unwrap();
    connection.close().await;
    connection.call(&find()).await.unwrap();
    assert_eq!(server.methods().last().unwrap().0, 2);
}

#[tokio::test]
async fn a_pinned_certificate_is_trusted_and_another_is_not() {
    let identity = Identity::self_signed("nas", false);
    let server = RpcServer::listen(Some(&identity), |_| Act::Result(json!(true))).await;
    let mut pinned = settings(&server.url, by_token());
    pinned.trust = Trust::Pin(identity.fingerprint());
    connect_with(pinned.clone(), &profile())
        .call(&find())
        .await
        .unwrap();
    pinned.trust = Trust::Pin([7; 32]);
    let failure = connect_with(pinned, &profile())
        .call(&find())
        .await
        .unwrap_err();
    assert_eq!(failure.class, FailureClass::Unavailable);
    assert!(
        failure.message.contains("certificate is refused"),
        "{failure}"
    );
    assert_eq!(server.calls().len(), 2, "no secret went to the other one");
}

#[test]
fn a_socket_in_the_clear_is_for_loopback_only() {
    let settings = settings(&"http://192.0.2.7".parse().unwrap(), by_token());
    let error = Connection::new(settings, profile(), Arc::new(Observed::default())).unwrap_err();
    assert!(matches!(error, ConnectError::PlainHttp { .. }), "{error}");
}

#[test]
fn credentials_that_no_login_takes_are_refused_with_a_remedy() {
    let text = TEXT
        .replacen("with = \"token\"", "with = \"password\"", 1)
        .replace(
            "params = [\"{{ token }}\"]",
            "params = [\"{{ password }}\"]",
        );
    let profile = Profile::compile("acme", &text, &toml::Table::new()).unwrap();
    let settings = settings(&"https://nas".parse().unwrap(), by_token());
    let error = Connection::new(settings, Arc::new(profile), Arc::new(Observed::default()));
    let message = error.unwrap_err().to_string();
    assert!(
        message.contains("give `username` and `password`"),
        "{message}"
    );
}
