//! What leaves the edge in words holds no secret.

use super::harness::{
    PASSWORD, basic, by_password, by_token, connect, create, find, profile, session,
};
use super::server::{Reply, Server, html, json};
use crate::vendor::FailureClass;

/// Everything that a failure says, and the connection besides.
fn words(failure: &crate::appliance::Failure, connection: &crate::appliance::Connection) -> String {
    format!(
        "{failure} {failure:?} {connection:?} {:?}",
        connection.settings()
    )
}

#[tokio::test]
async fn what_the_profile_shows_is_shown_without_the_secrets_in_it() {
    let echo = format!(
        "{{\"error\": {{\"message\": \"s3cret-of-ann is too weak, {PASSWORD} is better\", \"trace\": \"hidden\"}}}}"
    );
    let server = Server::start(move |_| json(422, &echo)).await;
    let bearer = profile("[auth]\nschemes = [\"bearer\"]");
    for connection in [
        connect(&server.url, &basic(), by_password()),
        connect(&server.url, &bearer, by_token()),
    ] {
        let failure = connection.call(&create()).await.unwrap_err();
        assert_eq!(failure.class, FailureClass::Invalid);
        assert!(failure.message.contains("is too weak"), "{failure}");
        let words = words(&failure, &connection);
        for secret in ["s3cret-of-ann", PASSWORD, "hidden"] {
            assert!(!words.contains(secret), "{words}");
        }
    }
}

#[tokio::test]
async fn a_session_token_is_a_secret_too() {
    let server = Server::start(|seen| {
        if seen.target.ends_with("/tokens") {
            return json(201, "{\"token\": \"tok-12345678\", \"id\": 1}");
        }
        json(
            422,
            "{\"error\": {\"message\": \"no session tok-12345678 here\"}}",
        )
    })
    .await;
    let connection = connect(&server.url, &session(), by_password());
    let failure = connection.call(&create()).await.unwrap_err();
    assert!(failure.message.contains("no session"), "{failure}");
    assert!(!words(&failure, &connection).contains("tok-12345678"));
}

#[tokio::test]
async fn no_body_is_shown_that_the_profile_does_not_name() {
    let replies = [
        html(500, "<pre>password=s3cret-of-ann</pre>"),
        json(500, "{\"traceback\": \"s3cret-of-ann\"}"),
        json(200, "{\"password\": \"s3cret-of-ann\""),
        Reply::Half("s3cret-of-ann"),
    ];
    for reply in replies {
        let server = Server::start(move |_| reply.clone()).await;
        let connection = connect(&server.url, &basic(), by_password());
        let failure = connection.call(&create()).await.unwrap_err();
        let words = words(&failure, &connection);
        assert!(!words.contains("s3cret-of-ann"), "{words}");
        assert!(!words.contains(PASSWORD), "{words}");
    }
}

#[tokio::test]
async fn query_values_stay_out_of_the_words() {
    let server = Server::start(|_| Reply::HangUp).await;
    let connection = connect(&server.url, &basic(), by_password());
    let mut request = find();
    request.query = vec![("mail".to_owned(), "ann@corp.example".to_owned())];
    let failure = connection.call(&request).await.unwrap_err();
    assert!(!failure.message.contains("corp.example"), "{failure}");
}
