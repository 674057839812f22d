//! Answers that are not what an API should send, and no answers at all.

use std::time::Duration;

use super::harness::{basic, by_password, connect, connect_with, create, find, request, settings};
use super::server::{Reply, Server, html, json};
use crate::appliance::Failure;
use crate::vendor::{FailureClass, Operation, RenderedRequest};
use url::Url;

async fn failure_of(reply: Reply, request: &RenderedRequest) -> Failure {
    let server = Server::start(move |_| reply.clone()).await;
    let connection = connect(&server.url, &basic(), by_password());
    connection.call(request).await.unwrap_err()
}

#[tokio::test]
async fn json_is_read_whatever_it_is_called() {
    let server = Server::start(|_| html(200, "{\"results\": []}")).await;
    let connection = connect(&server.url, &basic(), by_password());
    let answer = connection.call(&find()).await.unwrap();
    assert_eq!(answer.body, Some(serde_json::json!({"results": []})));
    assert_eq!((answer.status, answer.size), (200, 15));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_says_where_to() {
    let elsewhere = Server::start(|_| json(200, "{}")).await;
    let target = elsewhere.url.join("/login?next=secret").unwrap();
    let server = Server::start(move |_| html(302, "").header("Location", target.as_str())).await;
    let connection = connect(&server.url, &basic(), by_password());
    let failure = connection.call(&find()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Protocol);
    assert_eq!(failure.status, Some(302));
    let origin = elsewhere.url.origin().ascii_serialization();
    assert!(failure.message.contains(&origin), "{failure}");
    assert!(!failure.message.contains("secret"), "{failure}");
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_page_with_status_200_is_no_answer() {
    let page = html(200, "<html><b>Please log in</b></html>");
    let failure = failure_of(page.clone(), &find()).await;
    assert_eq!(failure.class, FailureClass::Protocol);
    for part in ["nas-1", "find", "200", "text/html", "33 bytes"] {
        assert!(failure.message.contains(part), "{part} in {failure}");
    }
    assert!(!failure.message.contains("Please log in"));
    // Whether the account was created is not known.
    let failure = failure_of(page, &create()).await;
    assert_eq!(failure.class, FailureClass::Uncertain);
}

#[tokio::test]
async fn half_a_json_is_no_answer() {
    let failure = failure_of(json(200, "{\"results\": ["), &find()).await;
    assert_eq!(failure.class, FailureClass::Protocol);
}

#[tokio::test]
async fn an_oversized_answer_is_not_read_to_its_end() {
    let announced = json(200, &format!("[{}]", "1,".repeat(4096)));
    for reply in [announced, Reply::Endless] {
        let failure = failure_of(reply.clone(), &find()).await;
        assert_eq!(failure.class, FailureClass::Protocol);
        assert!(failure.message.contains("4096 bytes"), "{failure}");
        let failure = failure_of(reply, &create()).await;
        assert_eq!(failure.class, FailureClass::Uncertain);
    }
}

#[tokio::test]
async fn an_answer_of_just_the_limit_is_read() {
    let body = format!("\"{}\"", "x".repeat(4094));
    let server = Server::start(move |_| json(200, &body)).await;
    let connection = connect(&server.url, &basic(), by_password());
    assert_eq!(connection.call(&find()).await.unwrap().size, 4096);
}

#[tokio::test]
async fn an_oversized_error_page_keeps_the_class_of_its_status() {
    let failure = failure_of(html(403, &"x".repeat(5000)), &create()).await;
    assert_eq!(failure.class, FailureClass::Denied);
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_leaves_nothing_uncertain() {
    // A port that was free a moment ago, and where nobody listens now.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = Url::parse(&format!("http://127.0.0.1:{port}")).unwrap();
    let connection = connect(&url, &basic(), by_password());
    for request in [find(), create()] {
        let failure = connection.call(&request).await.unwrap_err();
        assert_eq!(failure.class, FailureClass::Unavailable);
        assert!(failure.message.contains("no connection"), "{failure}");
    }
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_uncertain() {
    for reply in [Reply::HangUp, Reply::Half("{\"id\": 1")] {
        let failure = failure_of(reply.clone(), &create()).await;
        assert_eq!(failure.class, FailureClass::Uncertain, "{failure}");
        let failure = failure_of(reply, &find()).await;
        assert_eq!(failure.class, FailureClass::Unavailable, "{failure}");
    }
}

#[tokio::test]
async fn a_silent_appliance_ends_with_the_timeout() {
    let server = Server::start(|_| Reply::Silence).await;
    let mut impatient = settings(&server.url, by_password());
    impatient.request_timeout = Duration::from_millis(200);
    let connection = connect_with(impatient, &basic());
    let failure = connection.call(&create()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Uncertain);
    let failure = connection.call(&find()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Unavailable);
    assert!(failure.message.contains("in time"), "{failure}");
}

#[tokio::test]
async fn a_wait_that_the_appliance_asks_for_is_told() {
    let throttled = json(429, "{}").header("Retry-After", "7");
    let failure = failure_of(throttled, &create()).await;
    assert_eq!(failure.class, FailureClass::Throttled);
    assert_eq!(failure.retry_after, Some(Duration::from_secs(7)));

    let until = json(503, "{}")
        .header("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT");
    let failure = failure_of(until, &find()).await;
    assert_eq!(failure.class, FailureClass::Unavailable);
    assert_eq!(failure.retry_after, Some(Duration::from_secs(30)));
}

#[tokio::test]
async fn a_path_that_addresses_something_else_is_never_sent() {
    let server = Server::start(|_| json(200, "{}")).await;
    let connection = connect(&server.url, &basic(), by_password());
    for path in [
        "/api/users/..",
        "/api/users/%2e%2e",
        "/api/users/a?all=true",
    ] {
        let request = request(Operation::Delete, "DELETE", path);
        let failure = connection.call(&request).await.unwrap_err();
        assert_eq!(failure.class, FailureClass::Invalid);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn cookies_are_neither_kept_nor_handed_on() {
    let server = Server::start(|_| json(200, "{}").header("Set-Cookie", "sid=admin")).await;
    let connection = connect(&server.url, &basic(), by_password());
    let answer = connection.call(&find()).await.unwrap();
    assert_eq!(answer.header("set-cookie"), None);
    connection.call(&find()).await.unwrap();
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("cookie").is_none())
    );
}

#[tokio::test]
async fn a_get_may_carry_a_body() {
    let server = Server::start(|_| json(200, "[]")).await;
    let connection = connect(&server.url, &basic(), by_password());
    let mut request = find();
    request.body = Some(serde_json::json!({"query-filters": [["username", "=", "007"]]}));
    request.query = vec![("login".to_owned(), "a b&c".to_owned())];
    connection.call(&request).await.unwrap();
    let seen = server.seen().pop().unwrap();
    assert!(seen.is("GET", "/api/users?login=a%20b%26c"), "{seen:?}");
    assert_eq!(seen.body, r#"{"query-filters":[["username","=","007"]]}"#);
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("accept"), Some("application/json"));
}
