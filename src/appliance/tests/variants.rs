//! What an appliance speaks is asked once, and again when there is reason to doubt it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use super::harness::{by_password, connect};
use super::server::{Reply, Seen, Server, html, json};
use crate::appliance::Connection;
use crate::scim::ResourceKind;
use crate::vendor::{FailureClass, Profile, RenderedRequest};

/// Three generations of a vendor that does not exist.
const TEXT: &str = r#"
    vendor = "acme"
    title = "Acme OS"
    [transport]
    kind = "rest"
    base_path = "/v1"
    probe = { method = "GET", path = "/version", version = "/version" }
    [auth]
    schemes = ["basic"]
    [user]
    key = "login"
    [user.find]
    request = { method = "GET", path = "/users" }
    [user.create]
    request = { method = "POST", path = "/users" }
    [user.update]
    request = { method = "PUT", path = "/users/{{ id }}" }
    [user.fields]
    login = { from = ["userName"], max_length = 32 }
    [[variant]]
    name = "two"
    probe = { method = "GET", path = "/versions", answer = { status = 200, at = "/*", is = 2 } }
    [variant.with.transport]
    base_path = "/v2"
    [[variant]]
    name = "old"
    before = "3.10"
    [variant.with.user.fields]
    login = { max_length = 8 }
    [[variant]]
    name = "one"
"#;

fn profile() -> Profile {
    match Profile::compile("acme", TEXT, &toml::Table::new()) {
        Ok(profile) => profile,
        Err(errors) => panic!("{errors}"),
    }
}

async fn find(connection: &Connection) -> RenderedRequest {
    let spoken = connection.speaks().await.unwrap();
    let object = spoken.object(ResourceKind::User).unwrap();
    object.find_request("ann").unwrap()
}

/// Of the first API, in this release.
fn of_release(release: &str) -> impl Fn(&Seen) -> Reply + Send + Sync + 'static {
    let version = format!("{{\"version\": \"Acme-{release}\"}}");
    move |seen| match seen.target.as_str() {
        "/versions" => html(404, "not here"),
        "/v1/version" => json(200, &version),
        _ => json(200, "[]"),
    }
}

#[tokio::test]
async fn the_probe_decides_and_is_made_once_without_credentials() {
    let server = Server::start(|seen| match seen.target.as_str() {
        "/versions" => json(200, "[1, 2]"),
        _ => json(200, "[]"),
    })
    .await;
    let connection = connect(&server.url, &Arc::new(profile()), by_password());
    assert!(connection.is_assumed());
    assert_eq!(connection.profile().variant(), Some("one"), "assumed");
    assert!(server.seen().is_empty());
    let request = find(&connection).await;
    connection.call(&request).await.unwrap();
    connection.call(&request).await.unwrap();
    assert!(!connection.is_assumed());
    assert_eq!(connection.profile().variant(), Some("two"));
    assert_eq!(server.count("GET", "/versions"), 1);
    assert_eq!(server.count("GET", "/v2/users"), 2);
    assert_eq!(server.seen()[0].header("authorization"), None);
}

#[tokio::test]
async fn the_release_decides_where_the_probe_does_not() {
    for (release, variant, longest) in [
        ("3.9.7", "old", 8),
        ("3.10", "one", 32),
        ("12.0", "one", 32),
    ] {
        let server = Server::start(of_release(release)).await;
        let connection = connect(&server.url, &Arc::new(profile()), by_password());
        let report = connection.probe().await.unwrap();
        assert_eq!(report.variant.as_deref(), Some(variant), "{release}");
        assert_eq!(report.version, Some(format!("Acme-{release}")));
        let spoken = connection.profile();
        let object = spoken.object(ResourceKind::User).unwrap();
        assert_eq!(object.temporary_key(&"x".repeat(64)).len(), longest);
    }
}

#[tokio::test]
async fn an_appliance_that_cannot_say_what_it_speaks_is_not_taken_for_an_old_one() {
    for (status, class) in [
        (502, FailureClass::Unavailable),
        (429, FailureClass::Throttled),
    ] {
        let server = Server::start(move |_| html(status, "starting")).await;
        let connection = connect(&server.url, &Arc::new(profile()), by_password());
        let failure = connection.speaks().await.unwrap_err();
        assert_eq!(failure.class, class, "{failure}");
        assert!(connection.is_assumed());
    }
}

#[tokio::test]
async fn a_release_that_cannot_be_read_is_asked_of_the_administrator() {
    let server = Server::start(of_release("nightly")).await;
    let connection = connect(&server.url, &Arc::new(profile()), by_password());
    let failure = connection.speaks().await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Protocol);
    assert!(failure.message.contains("give `version`"), "{failure}");
}

#[tokio::test]
async fn an_upgrade_is_noticed_when_the_old_api_is_gone() {
    let upgraded = Arc::new(AtomicU16::new(0));
    let state = Arc::clone(&upgraded);
    let server = Server::start(move |seen| {
        let is_new = state.load(Ordering::SeqCst) == 1;
        match (seen.target.as_str(), is_new) {
            ("/versions", true) => json(200, "[2]"),
            ("/versions", false) => json(404, "{}"),
            ("/v1/version", false) => json(200, "{\"version\": \"3.10\"}"),
            ("/v1/users", false) | ("/v2/users", true) => json(200, "[]"),
            _ => html(404, "not here"),
        }
    })
    .await;
    let connection = connect(&server.url, &Arc::new(profile()), by_password());
    let old = find(&connection).await;
    connection.call(&old).await.unwrap();
    upgraded.store(1, Ordering::SeqCst);
    let failure = connection.call(&old).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Protocol, "{failure}");
    let new = find(&connection).await;
    connection.call(&new).await.unwrap();
    assert_eq!(connection.profile().variant(), Some("two"));
    assert_eq!(server.count("GET", "/versions"), 2, "not at every call");
}

#[tokio::test]
async fn those_who_need_to_know_at_once_ask_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let server = Server::start(move |seen| {
        if seen.target == "/versions" {
            counter.fetch_add(1, Ordering::SeqCst);
        }
        json(200, "[2]")
    })
    .await;
    let connection = connect(&server.url, &Arc::new(profile()), by_password());
    let (one, two) = tokio::join!(connection.speaks(), connection.speaks());
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_pinned_variant_is_not_asked_for() {
    let server = Server::start(|_| json(200, "[]")).await;
    let pinned = profile().pinned(Some("old"), None).unwrap();
    let connection = connect(&server.url, &Arc::new(pinned), by_password());
    assert!(!connection.is_assumed());
    let request = find(&connection).await;
    connection.call(&request).await.unwrap();
    assert_eq!(connection.profile().variant(), Some("old"));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_pinned_release_leaves_the_probe_to_be_made() {
    let server = Server::start(|seen| match seen.target.as_str() {
        "/versions" => html(404, "not here"),
        _ => json(200, "[]"),
    })
    .await;
    let pinned = profile().pinned(None, Some("2.0")).unwrap();
    let connection = connect(&server.url, &Arc::new(pinned), by_password());
    assert_eq!(connection.speaks().await.unwrap().variant(), Some("old"));
    assert_eq!(server.seen().len(), 1, "the release is not asked for");
}
