//! From an HTTP request to a socket: RFC 6455 §4.2.

use std::sync::{Arc, Mutex, PoisonError};

use hyper::{body::Incoming, header::CONNECTION, header::SEC_WEBSOCKET_ACCEPT, header::UPGRADE};
use hyper::{header::HeaderValue, upgrade::OnUpgrade};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::exchange::Request;

/// A connection that becomes a socket, once its 101 is on the way.
pub(crate) struct Opening {
    pub(crate) connection: OnUpgrade,
    pub(crate) request: Request,
}

/// Where the service leaves the opening for the connection that it answers on.
#[derive(Clone, Default)]
pub(crate) struct Upgrade(Arc<Mutex<Option<Opening>>>);

impl Upgrade {
    pub(crate) fn set(&self, opening: Opening) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(opening);
    }

    pub(crate) fn take(&self) -> Option<Opening> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The connection under the request, if that asks for a socket.
pub(crate) fn asked_for(request: &mut hyper::Request<Incoming>) -> Option<OnUpgrade> {
    let asks = request
        .headers()
        .get(UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    asks.then(|| hyper::upgrade::on(request))
}

/// Puts into a 101 what makes the client go on.
pub(crate) fn accept<B>(request: &Request, answer: &mut hyper::Response<B>) {
    let key = request.header("sec-websocket-key").unwrap_or_default();
    let headers = answer.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    if let Ok(accepted) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accepted);
    }
}
