//! Sessions: one login for all, one renewal for a call, never a loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::harness::{by_password, connect, connect_with, create, find, session, settings};
use super::server::{Reply, Seen, Server, json};
use crate::vendor::{FailureClass, Operation};

const LOGIN: (&str, &str) = ("POST", "/api/tokens");

/// An appliance whose n-th login gives the token `T<n>`; `accepts` says which are good for what.
async fn appliance(accepts: impl Fn(&Seen, &str) -> bool + Send + Sync + 'static) -> Server {
    let logins = AtomicUsize::new(0);
    Server::start(move |seen| {
        if seen.is(LOGIN.0, LOGIN.1) {
            assert_eq!(seen.header("x-token"), None);
            let number = logins.fetch_add(1, Ordering::SeqCst) + 1;
            let body = format!("{{\"token\": \"T{number}\", \"id\": {number}}}");
            return Reply::Slow(Duration::from_millis(20), Box::new(json(201, &body)));
        }
        match seen.header("x-token") {
            Some(token) if accepts(seen, token) => json(200, "{}"),
            _ => json(401, "{}"),
        }
    })
    .await
}

fn logins(server: &Server) -> usize {
    server.count(LOGIN.0, LOGIN.1)
}

#[tokio::test]
async fn the_first_call_logs_in_and_the_next_share_the_token() {
    let server = appliance(|_, token| token == "T1").await;
    let connection = connect(&server.url, &session(), by_password());
    assert!(
        server.seen().is_empty(),
        "nothing is asked before it is needed"
    );
    connection.call(&find()).await.unwrap();
    connection.clone().call(&create()).await.unwrap();
    assert_eq!(logins(&server), 1);
    let login = server.seen().remove(0);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&login.body).unwrap(),
        serde_json::json!({"username": "bridge", "password": "hunter22-of-bridge"})
    );
}

#[tokio::test]
async fn calls_beside_each_other_make_one_login() {
    let server = appliance(|_, token| token == "T1").await;
    let connection = connect(&server.url, &session(), by_password());
    let (find, create) = (find(), create());
    let (one, two, three) = tokio::join!(
        connection.call(&find),
        connection.call(&create),
        connection.call(&find)
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(logins(&server), 1);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_for_all() {
    let expired = Arc::new(AtomicUsize::new(0));
    let number = Arc::clone(&expired);
    let server =
        appliance(move |_, token| token == format!("T{}", number.load(Ordering::SeqCst) + 1)).await;
    let connection = connect(&server.url, &session(), by_password());
    connection.call(&find()).await.unwrap();
    expired.store(1, Ordering::SeqCst);
    let (find, create) = (find(), create());
    let (one, two) = tokio::join!(connection.call(&find), connection.call(&create));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(logins(&server), 2);
    assert_eq!(server.count("DELETE", "/api/tokens/1"), 0);
}

#[tokio::test]
async fn a_refusal_after_a_new_login_is_final_and_leaves_no_session_behind() {
    // Some vendors answer 401 for a missing right, too.
    let server = appliance(|seen, _| seen.method != "POST").await;
    let connection = connect(&server.url, &session(), by_password());
    let failure = connection.call(&create()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Unauthenticated);
    assert_eq!(failure.operation, Operation::Create);
    assert!(failure.message.contains("lack a right"), "{failure}");
    assert_eq!(logins(&server), 2);
    assert_eq!(server.count("POST", "/api/users"), 2);
    assert_eq!(server.count("DELETE", "/api/tokens/1"), 1);
    assert_eq!(server.count("DELETE", "/api/tokens/2"), 1);
}

#[tokio::test]
async fn a_failed_login_is_shared_by_those_who_wait_for_it() {
    let server =
        Server::start(|_| Reply::Slow(Duration::from_millis(50), Box::new(json(401, "{}")))).await;
    let connection = connect(&server.url, &session(), by_password());
    let (find, create) = (find(), create());
    let (one, two) = tokio::join!(connection.call(&find), connection.call(&create));
    for failure in [one.unwrap_err(), two.unwrap_err()] {
        assert_eq!(failure.class, FailureClass::Unauthenticated);
        assert_eq!(failure.operation, Operation::Login);
    }
    assert_eq!(logins(&server), 1);
    assert_eq!(server.seen().len(), 1);
    // It is not remembered for ever: the password may have been put right on the appliance.
    connection.call(&find).await.unwrap_err();
    assert_eq!(logins(&server), 2);
}

#[tokio::test]
async fn a_login_never_speaks_of_the_account() {
    let cases = [
        (404, FailureClass::Protocol),
        (409, FailureClass::Unavailable),
        (400, FailureClass::Unauthenticated),
        (403, FailureClass::Denied),
        (429, FailureClass::Throttled),
        (503, FailureClass::Unavailable),
    ];
    for (status, class) in cases {
        let server = Server::start(move |_| json(status, "{}")).await;
        let connection = connect(&server.url, &session(), by_password());
        let failure = connection.call(&create()).await.unwrap_err();
        assert_eq!(failure.class, class, "{failure}");
        assert_eq!(failure.status, Some(status));
    }
}

#[tokio::test]
async fn a_login_without_a_token_is_not_what_the_profile_says() {
    for body in ["{}", "{\"token\": \"\"}", "{\"token\": \"a\\nb\"}", "[]"] {
        let server = Server::start(move |_| json(200, body)).await;
        let connection = connect(&server.url, &session(), by_password());
        let failure = connection.call(&create()).await.unwrap_err();
        assert_eq!(failure.class, FailureClass::Protocol);
        assert!(failure.message.contains("/token"), "{failure}");
    }
}

#[tokio::test]
async fn the_whole_call_ends_with_the_timeout_login_and_all() {
    let server = Server::start(|_| Reply::Silence).await;
    let mut impatient = settings(&server.url, by_password());
    impatient.request_timeout = Duration::from_millis(200);
    let connection = connect_with(impatient, &session());
    let (find, create) = (find(), create());
    let (one, two) = tokio::join!(connection.call(&find), connection.call(&create));
    for failure in [one.unwrap_err(), two.unwrap_err()] {
        // The write was never sent, so that nothing is uncertain.
        assert_eq!(failure.class, FailureClass::Unavailable, "{failure}");
    }
}

#[tokio::test]
async fn closing_logs_out_by_the_id_and_the_next_call_logs_in() {
    let server = appliance(|_, _| true).await;
    let connection = connect(&server.url, &session(), by_password());
    connection.close().await;
    assert!(
        server.seen().is_empty(),
        "without a session there is none to end"
    );
    connection.call(&find()).await.unwrap();
    connection.close().await;
    connection.close().await;
    assert_eq!(server.count("DELETE", "/api/tokens/1"), 1);
    let logout = server.seen().pop().unwrap();
    assert_eq!(logout.header("x-token"), Some("T1"));
    connection.call(&find()).await.unwrap();
    assert_eq!(logins(&server), 2);
}
