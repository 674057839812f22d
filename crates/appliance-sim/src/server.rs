//! The listener: accepts connections and serves each until the simulator stops.

use std::{net::SocketAddr, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    control::Control,
    error::SimulatorError,
    options::SimulatorOptions,
    service, simulators,
    socket::{self, Upgrade},
    tls::{self, Identity},
};

/// A peer that starts a TLS handshake and does not go on is left after this time.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// After a failed accept (out of file handles) the listener waits this long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A simulator that listens. Dropping it stops it without waiting.
pub struct RunningSimulator {
    options: SimulatorOptions,
    address: SocketAddr,
    certificate_pem: Option<String>,
    certificate_sha256: Option<String>,
    control: Control,
    listener: JoinHandle<()>,
}

/// Starts a simulator in the state of a fresh installation; it serves when this returns.
///
/// # Errors
///
/// The release is unknown, the address cannot be listened on, or the certificate cannot be used.
pub async fn start(options: SimulatorOptions) -> Result<RunningSimulator, SimulatorError> {
    let control = Control::new(simulators::install(&options)?);
    let (acceptor, certificate_pem, certificate_sha256) = match tls::identity(&options)? {
        None => (None, None, None),
        Some(Identity {
            acceptor,
            certificate_pem,
            certificate_sha256,
        }) => (
            Some(acceptor),
            Some(certificate_pem),
            Some(certificate_sha256),
        ),
    };
    let cannot_listen = |source| SimulatorError::Listen {
        address: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let listener = tokio::spawn(accept(listener, acceptor, control.clone()));
    Ok(RunningSimulator {
        options,
        address,
        certificate_pem,
        certificate_sha256,
        control,
        listener,
    })
}

impl RunningSimulator {
    /// The origin, such as `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        let scheme = match self.certificate_pem {
            Some(_) => "https",
            None => "http",
        };
        format!("{scheme}://{}", self.address)
    }

    /// What it was started with; the port may be 0 there.
    pub fn options(&self) -> &SimulatorOptions {
        &self.options
    }

    /// The certificate (chain) as PEM, if it speaks TLS.
    pub fn certificate_pem(&self) -> Option<String> {
        self.certificate_pem.clone()
    }

    /// The SHA-256 of the certificate's DER form in lower-case hex, if it speaks TLS.
    pub fn certificate_sha256(&self) -> Option<String> {
        self.certificate_sha256.clone()
    }

    /// The handle to read its journal and to inject faults.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Closes the listener and every connection; the port is free when this returns.
    pub async fn stop(mut self) {
        self.listener.abort();
        // Being cancelled is what was asked for.
        drop((&mut self.listener).await);
    }
}

impl Drop for RunningSimulator {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Accepts until it is aborted; the connections end with it, as their set is dropped.
async fn accept(listener: TcpListener, acceptor: Option<TlsAcceptor>, control: Control) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, peer, acceptor.clone(), control.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            // Keeps the set small; how a connection ended is its peer's business.
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves one connection. Its errors are the peer's leaving or a fault that was asked for.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    control: Control,
) {
    // Without it small answers wait for acknowledgements; a stream that cannot is as good.
    stream.set_nodelay(true).ok();
    match acceptor {
        None => serve(stream, peer, false, control).await,
        Some(acceptor) => {
            let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream));
            if let Ok(Ok(stream)) = handshake.await {
                serve(stream, peer, true, control).await;
            }
        }
    }
}

async fn serve<S>(stream: S, peer: SocketAddr, secure: bool, control: Control)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let upgrade = Upgrade::default();
    let service = service_fn(|request| {
        let (control, upgrade) = (control.clone(), upgrade.clone());
        async move { service::answer(&control, request, peer.ip(), secure, &upgrade).await }
    });
    let served: Result<(), hyper::Error> = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
    drop(served);
    // Still in this task, so that the socket ends when the simulator stops.
    if let Some(opening) = upgrade.take() {
        socket::serve(opening, control).await;
    }
}
