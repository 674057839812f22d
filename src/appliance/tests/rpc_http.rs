//! A profile that speaks JSON-RPC over plain HTTP.

use std::sync::Arc;

use serde_json::{Value, json};

use super::harness::{by_password, connect};
use super::server::{Seen, Server, html, json};
use crate::scim::ResourceKind;
use crate::vendor::{FailureClass, Profile, RenderedRequest};

const TEXT: &str = r#"
    vendor = "acme"
    title = "Acme OS"
    [transport]
    kind = "jsonrpc-http"
    path = "/jsonrpc"
    [auth]
    schemes = ["basic"]
    [[verdict]]
    code = 42
    class = "conflict"
    [user]
    key = "login"
    [user.find]
    request = { call = "findUser", params = { name = "{{ key }}" } }
    items = "/users"
    [user.create]
    request = { call = "addUser", params = ["{{ fields }}"] }
    [user.update]
    request = { call = "setUser", params = ["{{ id }}", "{{ fields }}"] }
    [user.fields]
    login = { from = ["userName"] }
"#;

fn profile() -> Arc<Profile> {
    Arc::new(Profile::compile("acme", TEXT, &toml::Table::new()).unwrap())
}

fn find() -> RenderedRequest {
    let profile = profile();
    profile
        .object(ResourceKind::User)
        .unwrap()
        .find_request("ann")
        .unwrap()
}

fn create() -> RenderedRequest {
    let profile = profile();
    let fields = [("login".to_owned(), json!("ann"))].into_iter().collect();
    profile
        .object(ResourceKind::User)
        .unwrap()
        .create_request(&fields, true, &serde_json::Map::new())
        .unwrap()
}

/// Answers a call with these members beside its id.
fn answering(members: Value) -> impl Fn(&Seen) -> super::server::Reply + Send + Sync + 'static {
    move |seen| {
        let call: Value = serde_json::from_str(&seen.body).unwrap();
        let mut answer = members.clone();
        answer["id"] = call["id"].clone();
        json(200, &answer.to_string())
    }
}

#[tokio::test]
async fn a_call_is_posted_to_the_one_path_with_the_credentials() {
    let server = Server::start(answering(json!({"result": {"users": []}}))).await;
    let connection = connect(&server.url, &profile(), by_password());
    let answer = connection.call(&find()).await.unwrap();
    assert_eq!(answer.body, Some(json!({"users": []})));
    let seen = server.seen().pop().unwrap();
    assert!(seen.is("POST", "/jsonrpc"), "{seen:?}");
    assert!(seen.header("authorization").is_some());
    let call: Value = serde_json::from_str(&seen.body).unwrap();
    assert_eq!(call["method"], "findUser");
    assert_eq!(call["params"], json!({"name": "ann"}));
    assert_eq!(call["jsonrpc"], "2.0");
}

#[tokio::test]
async fn the_code_decides_whatever_the_status() {
    let cases = [
        (42, FailureClass::Conflict, FailureClass::Conflict),
        (7, FailureClass::Invalid, FailureClass::Invalid),
        (-32602, FailureClass::Invalid, FailureClass::Invalid),
        (-32601, FailureClass::Protocol, FailureClass::Protocol),
        (-32603, FailureClass::Unavailable, FailureClass::Uncertain),
        (-32050, FailureClass::Unavailable, FailureClass::Uncertain),
    ];
    for (code, reading, writing) in cases {
        let server = Server::start(answering(json!({"error": {"code": code}}))).await;
        let connection = connect(&server.url, &profile(), by_password());
        let failure = connection.call(&find()).await.unwrap_err();
        assert_eq!(failure.class, reading, "{failure}");
        let failure = connection.call(&create()).await.unwrap_err();
        assert_eq!(failure.class, writing, "{failure}");
        assert!(failure.message.contains(&code.to_string()), "{failure}");
    }
}

#[tokio::test]
async fn an_answer_to_another_call_is_none() {
    let server = Server::start(|_| json(200, r#"{"id": 4711, "result": {}}"#)).await;
    let connection = connect(&server.url, &profile(), by_password());
    let failure = connection.call(&find()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Protocol);
    let failure = connection.call(&create()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Uncertain);
}

#[tokio::test]
async fn what_http_says_of_a_failure_counts() {
    for (status, class) in [
        (401, FailureClass::Unauthenticated),
        (403, FailureClass::Denied),
        (429, FailureClass::Throttled),
        (503, FailureClass::Uncertain),
    ] {
        let server = Server::start(move |_| html(status, "no")).await;
        let connection = connect(&server.url, &profile(), by_password());
        let failure = connection.call(&create()).await.unwrap_err();
        assert_eq!(failure.class, class, "{failure}");
        assert_eq!(failure.status, Some(status));
    }
}
