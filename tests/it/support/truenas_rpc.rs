//! Reads a TrueNAS over its websocket, independently of the bridge.

use appliance_sim::RunningSimulator;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

/// What a method without filters answers.
pub async fn rpc_query(simulator: &RunningSimulator, method: &str) -> Value {
    let url = simulator.url();
    let stream = TcpStream::connect(url.trim_start_matches("http://"))
        .await
        .unwrap();
    let address = format!("{}/api/current", url.replacen("http", "ws", 1));
    let (mut socket, _) = client_async(address, stream).await.unwrap();
    let options = simulator.options();
    let login = json!([{
        "mechanism": "PASSWORD_PLAIN", "username": options.username, "password": options.password,
    }]);
    let entered = call(&mut socket, 1, "auth.login_ex", login).await;
    assert_eq!(entered["response_type"], "SUCCESS", "{entered}");
    call(&mut socket, 2, method, json!([])).await
}

async fn call(
    socket: &mut WebSocketStream<TcpStream>,
    id: u64,
    method: &str,
    params: Value,
) -> Value {
    let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
    socket
        .send(Message::text(message.to_string()))
        .await
        .unwrap();
    loop {
        let Message::Text(text) = socket.next().await.unwrap().unwrap() else {
            continue;
        };
        let answer: Value = serde_json::from_str(&text).unwrap();
        if answer["id"] == json!(id) {
            return answer["result"].clone();
        }
    }
}
