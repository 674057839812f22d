//! The two listeners, from the socket to the graceful end.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::{App, HttpServer, web};
use tokio_util::sync::CancellationToken;

use super::ops::{OpsState, ops_app};
use super::request_log::log_requests;
use super::routes::scim_app;
use super::settings::ScimSettings;
use super::state::ScimState;
use super::tls::{self, TlsError};

/// Identity providers keep their connections; so do load balancers, most of them for 60 s.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// A probe or a scrape in flight may end; nobody needs it longer.
const OPS_SHUTDOWN_SECONDS: u64 = 1;

/// Why a listener could not be started, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; is the port taken, or the address not ours?")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Tokens and personal data would cross a network in the clear.
    #[error(
        "refusing plain HTTP on {address}, which is not loopback: set scim.tls.certificate and scim.tls.key, or declare scim.behind_proxy = true where a proxy in front ends TLS"
    )]
    PlainHttp {
        /// The address.
        address: SocketAddr,
    },
    /// Certificate or key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The listener failed.
    #[error("a listener failed: {0}")]
    Io(#[from] io::Error),
}

/// Opens a listener; port 0 takes a free one.
///
/// # Errors
/// When the address cannot be listened on.
pub fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|source| ServeError::Bind { address, source })
}

/// Serves the SCIM endpoint until `shutdown` is cancelled, then lets requests in flight end within
/// the time that the settings allow.
///
/// # Errors
/// When plain HTTP off loopback is asked for without `behind_proxy`, the certificate cannot be
/// used, or the listener fails.
pub async fn serve_scim(
    listener: TcpListener,
    state: Arc<ScimState>,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    Ok(scim_server(listener, state, shutdown)?.await?)
}

/// Apart from [`serve_scim`], because only the running server may move between threads.
fn scim_server(
    listener: TcpListener,
    state: Arc<ScimState>,
    shutdown: CancellationToken,
) -> Result<Server, ServeError> {
    let settings = state.settings.clone();
    refuse_plain_http(listener.local_addr()?, &settings)?;
    let state = web::Data::from(state);
    let mut server = HttpServer::new(move || application(state.clone()))
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(settings.client_timeout)
        .shutdown_timeout(settings.shutdown_timeout.as_secs())
        .disable_signals()
        .shutdown_signal(async move { shutdown.cancelled().await });
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    let server = match &settings.tls {
        Some(files) => server.listen_rustls_0_23(listener, tls::server_config(files)?)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

/// Serves health and metrics until `shutdown` is cancelled.
///
/// # Errors
/// When the listener fails.
pub async fn serve_ops(
    listener: TcpListener,
    state: Arc<OpsState>,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let state = web::Data::from(state);
    let server = HttpServer::new(move || App::new().configure(ops_app(state.clone())))
        .workers(1)
        .shutdown_timeout(OPS_SHUTDOWN_SECONDS)
        .disable_signals()
        .shutdown_signal(async move { shutdown.cancelled().await })
        .listen(listener)?;
    Ok(server.run().await?)
}

/// The endpoint with what stands around it: one log line for each request, and paths as clients
/// write them (a slash too many, because a base URL ended with one).
pub(super) fn application(
    state: web::Data<ScimState>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .configure(scim_app(state))
        .wrap(NormalizePath::trim())
        .wrap(from_fn(log_requests))
}

fn refuse_plain_http(address: SocketAddr, settings: &ScimSettings) -> Result<(), ServeError> {
    let safe = settings.tls.is_some() || settings.behind_proxy || address.ip().is_loopback();
    if safe {
        Ok(())
    } else {
        Err(ServeError::PlainHttp { address })
    }
}

#[cfg(test)]
mod tests {
    use super::refuse_plain_http;
    use crate::http::testing::settings;

    #[test]
    fn plain_http_off_loopback_needs_a_declared_proxy() {
        let mut settings = settings();
        let outside = "192.0.2.7:8080".parse().unwrap();
        assert!(refuse_plain_http("127.0.0.1:8080".parse().unwrap(), &settings).is_ok());
        assert!(refuse_plain_http(outside, &settings).is_err());
        assert!(refuse_plain_http("0.0.0.0:8080".parse().unwrap(), &settings).is_err());
        settings.behind_proxy = true;
        assert!(refuse_plain_http(outside, &settings).is_ok());
    }
}
