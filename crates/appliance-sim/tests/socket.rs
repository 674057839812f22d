//! The server around sockets: calls in flight, faults, the journal, over real connections.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use appliance_sim::{Control, Fault, FaultKind, RunningSimulator, SimulatorOptions, Vendor, start};
use futures_util::{SinkExt, StreamExt};
use regex::Regex;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message},
};

const KEY: &str = "1-abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl";

/// Long enough for every answer that comes.
const SOON: Duration = Duration::from_secs(10);
/// Long enough to see that none comes.
const NEVER: Duration = Duration::from_millis(300);

struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last: u64,
}

impl Client {
    async fn open(simulator: &RunningSimulator) -> Result<Self, Error> {
        let url = format!("{}/api/current", simulator.url()).replacen("http", "ws", 1);
        let (socket, _) = connect_async(url).await?;
        Ok(Self { socket, last: 0 })
    }

    /// Logged in as the administrator.
    async fn entered(simulator: &RunningSimulator) -> Self {
        let mut client = Self::open(simulator).await.unwrap();
        let reply = client.call("auth.login_with_api_key", json!([KEY])).await;
        assert_eq!(reply.unwrap()["result"], json!(true));
        client
    }

    async fn send(&mut self, method: &str, params: Value) -> u64 {
        self.last += 1;
        let call = json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params});
        self.socket
            .send(Message::text(call.to_string()))
            .await
            .unwrap();
        self.last
    }

    /// The next text; none once the connection is closed.
    async fn text(&mut self) -> Option<String> {
        loop {
            let message = tokio::time::timeout(SOON, self.socket.next())
                .await
                .unwrap();
            match message {
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    async fn receive(&mut self) -> Option<Value> {
        let text = self.text().await?;
        Some(serde_json::from_str(&text).unwrap())
    }

    async fn call(&mut self, method: &str, params: Value) -> Option<Value> {
        let id = self.send(method, params).await;
        let reply = self.receive().await?;
        assert_eq!(reply["id"], json!(id));
        Some(reply)
    }

    async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(NEVER, self.socket.next())
            .await
            .is_err()
    }
}

async fn goldeye() -> (RunningSimulator, Control) {
    let mut options = SimulatorOptions::new(Vendor::TrueNas);
    options.release = Some("25.10.6".into());
    options.token = Some(KEY.into());
    let simulator = start(options).await.unwrap();
    let control = simulator.control();
    (simulator, control)
}

fn on(kind: FaultKind, method: &str) -> Fault {
    Fault::new(kind)
        .on_method("RPC")
        .on_path(Regex::new(&format!("^{}$", regex::escape(method))).unwrap())
        .times(1)
}

fn person(name: &str) -> Value {
    json!([{"username": name, "full_name": "N", "password": "x", "smb": false, "group_create": true}])
}

fn exists(control: &Control, name: &str) -> bool {
    let query = json!({
        "method": "user.query", "params": [[["username", "=", name]], {"count": true}],
    });
    let reply = control.ask("POST", "/_sim/rpc", &query);
    let reply: Value = serde_json::from_slice(&reply.body).unwrap();
    reply["result"] == json!(1)
}

#[tokio::test]
async fn calls_are_journaled_by_method_with_their_errors() {
    let (simulator, control) = goldeye().await;
    let mut client = Client::entered(&simulator).await;
    client.call("user.create", person("ann")).await.unwrap();
    client.call("user.create", person("ann")).await.unwrap();
    let calls = control.journal();
    assert_eq!(
        (calls[0].method.as_str(), calls[0].path.as_str()),
        ("GET", "/api/current")
    );
    assert_eq!(calls[0].status, 101);
    assert_eq!(
        (calls[2].method.as_str(), calls[2].path.as_str()),
        ("RPC", "user.create")
    );
    assert_eq!(calls[2].body, person("ann"));
    let codes: Vec<_> = calls.iter().map(|call| call.error_code).collect();
    assert_eq!(codes, [None, None, None, Some(-32602)]);
    simulator.stop().await;
    assert_eq!(
        client.receive().await,
        None,
        "a stopped simulator keeps no socket"
    );
}

#[tokio::test]
async fn a_slow_call_is_overtaken() {
    let (simulator, control) = goldeye().await;
    let mut client = Client::entered(&simulator).await;
    control.inject(on(FaultKind::Latency { milliseconds: 200 }, "user.query"));
    let slow = client.send("user.query", json!([])).await;
    let quick = client.send("core.ping", json!([])).await;
    assert_eq!(client.receive().await.unwrap()["id"], json!(quick));
    assert_eq!(client.receive().await.unwrap()["id"], json!(slow));
}

#[tokio::test]
async fn the_twenty_first_call_in_flight_is_refused() {
    let (simulator, control) = goldeye().await;
    let mut client = Client::entered(&simulator).await;
    control.inject(Fault::new(FaultKind::Latency { milliseconds: 400 }).on_method("RPC"));
    for _ in 0..20 {
        client.send("core.ping", json!([])).await;
    }
    let surplus = client.send("user.query", json!([])).await;
    let mut refused = Vec::new();
    for _ in 0..21 {
        let reply = client.receive().await.unwrap();
        if reply["error"]["code"] == json!(-32000) {
            refused.push(reply["id"].clone());
        }
    }
    assert_eq!(refused, [json!(surplus)]);
}

#[tokio::test]
async fn a_lost_reply_happened_and_a_dropped_call_did_not() {
    let (simulator, control) = goldeye().await;
    for (kind, name, happened) in [
        (FaultKind::DropBeforeHandling, "before", false),
        (FaultKind::DropAfterHandling, "after", true),
        (FaultKind::TruncateBody, "truncated", true),
    ] {
        let mut client = Client::entered(&simulator).await;
        control.inject(on(kind, "user.create"));
        assert_eq!(
            client.call("user.create", person(name)).await,
            None,
            "{name}"
        );
        assert_eq!(exists(&control, name), happened, "{name}");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_leaves_the_others_alone() {
    let (simulator, control) = goldeye().await;
    let mut client = Client::entered(&simulator).await;
    control.inject(on(FaultKind::Silence, "user.create"));
    client.send("user.create", person("ann")).await;
    let ping = client.send("core.ping", json!([])).await;
    assert_eq!(client.receive().await.unwrap()["id"], json!(ping));
    assert!(client.is_silent().await);
    assert!(exists(&control, "ann"));
}

#[tokio::test]
async fn a_dead_connection_answers_not_even_pings() {
    let (simulator, control) = goldeye().await;
    let mut client = Client::entered(&simulator).await;
    client.socket.send(Message::Ping("a".into())).await.unwrap();
    let pong = tokio::time::timeout(SOON, client.socket.next())
        .await
        .unwrap();
    assert_eq!(pong.unwrap().unwrap(), Message::Pong("a".into()));
    control.inject(on(FaultKind::Freeze, "core.ping"));
    client.send("core.ping", json!([])).await;
    client.socket.send(Message::Ping("b".into())).await.unwrap();
    assert!(client.is_silent().await);
}

#[tokio::test]
async fn answers_are_replaced_and_cut_as_asked() {
    let (simulator, control) = goldeye().await;
    let mut client = Client::entered(&simulator).await;
    control.inject(on(
        FaultKind::Status {
            status: 500,
            body: json!({"code": -32001, "data": {"error": 5}}).to_string(),
            content_type: String::new(),
        },
        "core.ping",
    ));
    let reply = client.call("core.ping", json!([])).await.unwrap();
    assert_eq!(reply["error"]["data"]["error"], 5);
    control.inject(on(
        FaultKind::Throttle {
            retry_after_seconds: None,
        },
        "core.ping",
    ));
    let reply = client.call("core.ping", json!([])).await.unwrap();
    assert_eq!(reply["error"]["code"], -32000);
    for kind in [FaultKind::HalfBody, FaultKind::HtmlPage] {
        control.inject(on(kind, "core.ping"));
        client.send("core.ping", json!([])).await;
        let text = client.text().await.unwrap();
        serde_json::from_str::<Value>(&text).unwrap_err();
    }
}

#[tokio::test]
async fn a_message_that_is_too_large_closes_the_socket_with_its_code() {
    let (simulator, _) = goldeye().await;
    let mut client = Client::open(&simulator).await.unwrap();
    client.send("core.ping", json!(["x".repeat(9_000)])).await;
    let closed = tokio::time::timeout(SOON, client.socket.next())
        .await
        .unwrap();
    match closed.unwrap().unwrap() {
        Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), 1007),
        other => assert!(other.is_close(), "{other:?}"),
    }
}

#[tokio::test]
async fn a_simulator_that_goes_down_ends_its_sockets() {
    let (simulator, control) = goldeye().await;
    let mut client = Client::entered(&simulator).await;
    control.set_down(true);
    assert_eq!(client.receive().await, None);
    Client::open(&simulator).await.err().unwrap();
    control.set_down(false);
    Client::entered(&simulator).await;
}
