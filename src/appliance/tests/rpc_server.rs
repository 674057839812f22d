//! A JSON-RPC server behind a websocket, in the clear or behind TLS.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;
use url::Url;

use super::server::Identity;

/// What the server does with a call.
pub(super) enum Act {
    Result(Value),
    Error(Value),
    /// Ends the connection instead of answering.
    HangUp,
    /// Never answers.
    Silence,
}

/// A call as it came over the wire.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Called {
    /// Which connection, from one.
    pub(super) connection: usize,
    pub(super) method: String,
    pub(super) params: Value,
}

type Handler = dyn Fn(&Called) -> Act + Send + Sync;

/// Stops when it is dropped.
pub(super) struct RpcServer {
    pub(super) url: Url,
    calls: Arc<Mutex<Vec<Called>>>,
    _tasks: JoinSet<()>,
}

impl RpcServer {
    pub(super) async fn start(handler: impl Fn(&Called) -> Act + Send + Sync + 'static) -> Self {
        Self::listen(None, handler).await
    }

    pub(super) async fn listen(
        identity: Option<&Identity>,
        handler: impl Fn(&Called) -> Act + Send + Sync + 'static,
    ) -> Self {
        let handler: Arc<Handler> = Arc::new(handler);
        let tls = identity.map(Identity::acceptor);
        let scheme = if tls.is_some() { "https" } else { "http" };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let journal = Arc::clone(&calls);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                number += 1;
                let connection = number;
                let (tls, handler, journal) =
                    (tls.clone(), Arc::clone(&handler), Arc::clone(&journal));
                connections.spawn(async move {
                    match tls {
                        None => serve(stream, connection, &*handler, &journal).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, connection, &*handler, &journal).await;
                            }
                        }
                    }
                });
            }
        });
        Self {
            url: Url::parse(&format!("{scheme}://127.0.0.1:{port}")).unwrap(),
            calls,
            _tasks: tasks,
        }
    }

    /// Every call so far.
    pub(super) fn calls(&self) -> Vec<Called> {
        self.calls.lock().unwrap().clone()
    }

    /// The methods that were called, with the connection of each.
    pub(super) fn methods(&self) -> Vec<(usize, String)> {
        let calls = self.calls().into_iter();
        calls.map(|call| (call.connection, call.method)).collect()
    }
}

async fn serve<S>(stream: S, connection: usize, handler: &Handler, journal: &Mutex<Vec<Called>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Ok(mut socket) = accept_async(stream).await else {
        return;
    };
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else {
            continue;
        };
        let call: Value = serde_json::from_str(&text).unwrap();
        let called = Called {
            connection,
            method: call["method"].as_str().unwrap().to_owned(),
            params: call["params"].clone(),
        };
        let act = handler(&called);
        journal.lock().unwrap().push(called);
        let id = &call["id"];
        let answer = match act {
            Act::Result(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Act::Error(error) => json!({"jsonrpc": "2.0", "id": id, "error": error}),
            Act::HangUp => return,
            Act::Silence => continue,
        };
        if socket
            .send(Message::text(answer.to_string()))
            .await
            .is_err()
        {
            return;
        }
    }
}
