//! A link against a peer that answers late, wrongly, or not at all.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, accept_async, client_async_with_config};

use super::dial::Wire;
use super::link::{KeepAlive, Link, LinkLimits};
use crate::appliance::lost::Lost;
use crate::vendor::{FailureClass, Operation};

/// The longest message that the link reads.
const LIMIT: usize = 4096;

struct Peer(WebSocketStream<DuplexStream>);

impl Peer {
    /// The next call: its id and method.
    async fn called(&mut self) -> (u64, String) {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => {
                    let call: Value = serde_json::from_str(&text).unwrap();
                    assert_eq!(call["jsonrpc"], "2.0");
                    let method = call["method"].as_str().unwrap().to_owned();
                    return (call["id"].as_u64().unwrap(), method);
                }
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn say(&mut self, message: &Value) {
        let message = Message::text(message.to_string());
        self.0.send(message).await.unwrap();
    }

    async fn answer(&mut self, id: u64, result: &Value) {
        self.say(&json!({"jsonrpc": "2.0", "id": id, "result": result}))
            .await;
    }
}

fn limits() -> LinkLimits {
    LinkLimits {
        keep_alive: KeepAlive {
            every: Duration::from_secs(30),
            patience: Duration::from_secs(30),
        },
        max_request_bytes: Some(1024),
        max_message_bytes: LIMIT,
    }
}

async fn connected(limits: LinkLimits) -> (Link, Peer) {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let ours: Box<dyn Wire> = Box::new(ours);
    let config = WebSocketConfig::default()
        .max_message_size(Some(LIMIT))
        .max_frame_size(Some(LIMIT));
    let (client, server) = tokio::join!(
        client_async_with_config("ws://nas/api", ours, Some(config)),
        accept_async(theirs)
    );
    (
        Link::start(client.unwrap().0, limits),
        Peer(server.unwrap()),
    )
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

async fn body(link: &Link, method: &str) -> Result<Value, Lost> {
    let received = link.call(method, Some(&json!([])), soon()).await?;
    Ok(received.answer.body.unwrap())
}

/// The classes of a loss, for a write and for a read.
fn classes(lost: &Lost) -> (FailureClass, FailureClass) {
    (lost.class(Operation::Create), lost.class(Operation::Find))
}

const IN_FLIGHT: (FailureClass, FailureClass) =
    (FailureClass::Uncertain, FailureClass::Unavailable);
const UNSENT: (FailureClass, FailureClass) = (FailureClass::Unavailable, FailureClass::Unavailable);

#[tokio::test]
async fn answers_find_their_calls_in_any_order_and_among_noise() {
    let (link, mut peer) = connected(limits()).await;
    let server = async {
        let (first, _) = peer.called().await;
        let (second, _) = peer.called().await;
        peer.say(
            &json!({"jsonrpc": "2.0", "method": "collection_update", "params": {"id": first}}),
        )
        .await;
        peer.say(&json!({"jsonrpc": "2.0", "id": 999, "result": "whose?"}))
            .await;
        peer.say(&json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32700}}))
            .await;
        peer.answer(second, &json!("second")).await;
        peer.answer(first, &json!("first")).await;
    };
    let ordered = async {
        tokio::join!(body(&link, "a"), async {
            // Polled after the first, so that the ids follow the order.
            body(&link, "b").await
        })
    };
    let ((one, two), ()) = tokio::join!(ordered, server);
    assert_eq!(
        (one.unwrap(), two.unwrap()),
        (json!("first"), json!("second"))
    );
    assert!(link.is_open());
}

#[tokio::test]
async fn an_error_is_its_code_and_its_object() {
    let (link, mut peer) = connected(limits()).await;
    let error = json!({"code": -32602, "message": "Invalid params", "data": {"error": 22}});
    let server = async {
        let (id, _) = peer.called().await;
        peer.say(&json!({"jsonrpc": "2.0", "id": id, "error": error}))
            .await;
    };
    let (received, ()) = tokio::join!(link.call("a", None, soon()), server);
    let answer = received.unwrap().answer;
    assert_eq!(
        (answer.code, answer.body),
        (Some(-32602), Some(error.clone()))
    );
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_what_was_sent_open() {
    let (link, mut peer) = connected(limits()).await;
    let server = async {
        peer.called().await;
        drop(peer);
    };
    let (outcome, ()) = tokio::join!(body(&link, "a"), server);
    assert_eq!(classes(&outcome.unwrap_err()), IN_FLIGHT);
    assert!(!link.is_open());
    // What comes after was never sent.
    assert_eq!(classes(&body(&link, "b").await.unwrap_err()), UNSENT);
}

#[tokio::test]
async fn the_code_of_a_good_bye_is_told() {
    use tokio_tungstenite::tungstenite::protocol::CloseFrame;
    let (link, mut peer) = connected(limits()).await;
    let server = async {
        peer.called().await;
        let frame = CloseFrame {
            code: 1009.into(),
            reason: "secret reason".into(),
        };
        peer.0.close(Some(frame)).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(body(&link, "a"), server);
    let lost = outcome.unwrap_err();
    assert_eq!(classes(&lost), IN_FLIGHT);
    assert!(lost.problem().contains("1009"), "{}", lost.problem());
    assert!(!lost.problem().contains("secret"), "{}", lost.problem());
}

#[tokio::test]
async fn silence_ends_with_the_deadline_of_the_call_and_not_of_others() {
    let (link, mut peer) = connected(limits()).await;
    let server = async {
        let (_late, _) = peer.called().await;
        let (id, _) = peer.called().await;
        peer.answer(id, &json!(1)).await;
    };
    let impatient = link.call("a", None, Instant::now() + Duration::from_millis(50));
    let ((late, well), ()) =
        tokio::join!(async { tokio::join!(impatient, body(&link, "b")) }, server);
    assert_eq!(classes(&late.err().unwrap()), IN_FLIGHT);
    assert_eq!(well.unwrap(), json!(1));
    assert!(link.is_open());
}

#[tokio::test]
async fn a_peer_that_answers_no_pings_is_dead() {
    let mut impatient = limits();
    impatient.keep_alive = KeepAlive {
        every: Duration::from_millis(20),
        patience: Duration::from_millis(20),
    };
    let (link, peer) = connected(impatient).await;
    // The peer never polls its socket, and so never answers.
    let lost = body(&link, "a").await.unwrap_err();
    assert!(lost.problem().contains("pings"), "{}", lost.problem());
    assert_eq!(classes(&lost), IN_FLIGHT);
    drop(peer);
}

#[tokio::test]
async fn a_peer_that_answers_pings_may_take_its_time() {
    let mut lively = limits();
    lively.keep_alive = KeepAlive {
        every: Duration::from_millis(5),
        patience: Duration::from_secs(30),
    };
    let (link, mut peer) = connected(lively).await;
    let server = async {
        let (id, _) = peer.called().await;
        let mut pings = 0;
        while pings < 3 {
            if let Message::Ping(_) = peer.0.next().await.unwrap().unwrap() {
                pings += 1;
            }
        }
        peer.answer(id, &json!("done")).await;
    };
    let (outcome, ()) = tokio::join!(body(&link, "a"), server);
    assert_eq!(outcome.unwrap(), json!("done"));
}

#[tokio::test]
async fn an_answer_beyond_the_limit_ends_the_link_and_says_so() {
    let (link, mut peer) = connected(limits()).await;
    let server = async {
        let (id, _) = peer.called().await;
        let long = "x".repeat(2 * LIMIT);
        // The other side gives up while this is being sent.
        let message = json!({"id": id, "result": long}).to_string();
        peer.0.send(Message::text(message)).await.ok();
    };
    let (outcome, ()) = tokio::join!(body(&link, "a"), server);
    let lost = outcome.unwrap_err();
    assert_eq!(
        classes(&lost),
        (FailureClass::Uncertain, FailureClass::Protocol)
    );
    assert!(lost.problem().contains("4096"), "{}", lost.problem());
}

#[tokio::test]
async fn a_call_that_is_too_long_for_the_vendor_is_not_sent() {
    let (link, mut peer) = connected(limits()).await;
    let params = json!(["x".repeat(2000)]);
    let lost = link.call("a", Some(&params), soon()).await.err().unwrap();
    assert_eq!(lost.class(Operation::Create), FailureClass::Invalid);
    assert!(lost.problem().contains("1024"), "{}", lost.problem());
    let server = async {
        let (id, method) = peer.called().await;
        assert_eq!(method, "b", "the first call on the wire");
        peer.answer(id, &Value::Null).await;
    };
    let (outcome, ()) = tokio::join!(body(&link, "b"), server);
    assert_eq!(outcome.unwrap(), Value::Null);
}

#[tokio::test]
async fn what_is_no_json_ends_the_link() {
    let (link, mut peer) = connected(limits()).await;
    let server = async {
        peer.called().await;
        peer.0.send(Message::text("<html>")).await.unwrap();
        peer.0.next().await
    };
    let (outcome, _) = tokio::join!(body(&link, "a"), server);
    assert_eq!(classes(&outcome.unwrap_err()), IN_FLIGHT);
    assert!(!link.is_open());
}

#[tokio::test]
async fn closing_says_good_bye_and_ends() {
    let (link, mut peer) = connected(limits()).await;
    let server = async {
        let message = peer.0.next().await.unwrap().unwrap();
        assert!(matches!(message, Message::Close(_)), "{message:?}");
    };
    let ((), ()) = tokio::join!(link.close(soon()), server);
    assert!(!link.is_open());
    assert_eq!(classes(&body(&link, "a").await.unwrap_err()), UNSENT);
}
