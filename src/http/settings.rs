//! What the configuration says of the two listeners.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// The listener of the SCIM endpoint.
#[derive(Debug, Clone)]
pub struct ScimSettings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificate chain and key, PEM; without it plain HTTP is spoken.
    pub tls: Option<TlsFiles>,
    /// Whether a proxy in front ends TLS: then plain HTTP is allowed off loopback too.
    pub behind_proxy: bool,
    /// The URL under which clients see this server, without `/scim/v2`; by default taken from each
    /// request's `Host`.
    pub public_url: Option<Url>,
    /// The largest request body.
    pub max_body_bytes: usize,
    /// The most operations in one bulk request.
    pub bulk_max_operations: usize,
    /// The largest body of a bulk request.
    pub bulk_max_payload_bytes: usize,
    /// The largest page, and the page when a client does not ask for a size.
    pub max_results: u32,
    /// For a client to send its whole request.
    pub client_timeout: Duration,
    /// For requests in flight when a shutdown is asked for.
    pub shutdown_timeout: Duration,
    /// Worker threads; 0 means one for each core.
    pub workers: usize,
}

/// Certificate and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM file with the certificate chain.
    pub certificate: PathBuf,
    /// PEM file with the key.
    pub key: PathBuf,
}

/// The listener for operators: health, metrics.
#[derive(Debug, Clone)]
pub struct OpsSettings {
    /// Where to listen.
    pub listen: SocketAddr,
}
