//! Opens a websocket at the appliance's origin.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::{Host, Url};

use crate::appliance::lost::{Lost, explain_tls};

/// A stream of bytes, encrypted or not.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// A websocket over either.
pub(super) type WebSocket = WebSocketStream<Box<dyn Wire>>;

/// Where to dial, and how.
pub(super) struct Dial {
    /// The appliance's origin.
    pub(super) origin: Url,
    /// From the origin on.
    pub(super) path: String,
    /// Headers of the request that opens the socket.
    pub(super) headers: HeaderMap,
    pub(super) tls: Arc<ClientConfig>,
    /// For the whole of it.
    pub(super) time: Duration,
    /// The longest message that is read.
    pub(super) max_message_bytes: usize,
}

impl Dial {
    /// Opens the socket within `time`. Nothing has been asked for when it fails.
    pub(super) async fn open(&self, time: Duration) -> Result<WebSocket, Lost> {
        match timeout(time.min(self.time), self.upgrade()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Lost::Unreachable(
                "no connection could be made in time; check the address, the port and the firewalls between"
                    .to_owned(),
            )),
        }
    }

    async fn upgrade(&self) -> Result<WebSocket, Lost> {
        let wire = self.wire().await?;
        let mut address = self.origin.clone();
        address.set_path(&self.path);
        let scheme = if self.origin.scheme() == "https" {
            "wss"
        } else {
            "ws"
        };
        let address = address.as_str().replacen(self.origin.scheme(), scheme, 1);
        let mut request = address
            .into_client_request()
            .map_err(|error| Lost::Unsendable(format!("its address is none ({error})")))?;
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        let limits = WebSocketConfig::default()
            .max_message_size(Some(self.max_message_bytes))
            .max_frame_size(Some(self.max_message_bytes));
        match client_async_with_config(request, wire, Some(limits)).await {
            Ok((socket, _)) => Ok(socket),
            Err(error) => Err(not_upgraded(&error, &self.path)),
        }
    }

    async fn wire(&self) -> Result<Box<dyn Wire>, Lost> {
        let no_host = || Lost::Unsendable("the appliance's `url` has no host".to_owned());
        let host = self.origin.host().ok_or_else(no_host)?;
        let port = self.origin.port_or_known_default().ok_or_else(no_host)?;
        let stream = match host {
            Host::Domain(name) => TcpStream::connect((name, port)).await,
            Host::Ipv4(address) => TcpStream::connect((address, port)).await,
            Host::Ipv6(address) => TcpStream::connect((address, port)).await,
        }
        .map_err(|error| Lost::Unreachable(format!("no connection could be made: {error}")))?;
        // Calls are small, and somebody waits for each.
        stream.set_nodelay(true).ok();
        if self.origin.scheme() != "https" {
            return Ok(Box::new(stream));
        }
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| no_host())?,
            Host::Ipv4(address) => ServerName::IpAddress(address.into()),
            Host::Ipv6(address) => ServerName::IpAddress(address.into()),
        };
        TlsConnector::from(Arc::clone(&self.tls))
            .connect(name, stream)
            .await
            .map(|stream| Box::new(stream) as Box<dyn Wire>)
            .map_err(|error| {
                let tls = error
                    .get_ref()
                    .and_then(|inner| inner.downcast_ref::<rustls::Error>());
                Lost::Unreachable(match tls {
                    Some(tls) => explain_tls(tls),
                    None => format!("TLS could not be set up: {error}"),
                })
            })
    }
}

/// Why what was reached did not become a websocket.
fn not_upgraded(error: &Error, path: &str) -> Lost {
    match error {
        Error::Http(response) => {
            let status = response.status().as_u16();
            let problem =
                format!("{path} was answered with status {status} instead of a websocket");
            match status {
                408 | 429 | 500..=599 => Lost::Unreachable(problem),
                _ => Lost::Elsewhere(problem),
            }
        }
        Error::Protocol(problem) => Lost::Elsewhere(format!(
            "what answered at {path} is no websocket ({problem})"
        )),
        other => Lost::Unreachable(format!("no websocket could be opened: {other}")),
    }
}
