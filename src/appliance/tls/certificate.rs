//! Which certificate an address presents: for the operator who is about to pin it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::redirect;
use rustls::ClientConfig;
use thiserror::Error;
use url::Url;

use super::provider;
use super::verifier::Noted;
use crate::appliance::cause::root_cause;

/// Why no fingerprint can be told.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// There is no TLS at that address.
    #[error("{address} is not https, so that it presents no certificate")]
    NotTls {
        /// Scheme, host and port.
        address: String,
    },
    /// No handshake came as far as the certificate.
    #[error(
        "{address} presented no certificate: {problem}; check the address, the port and that TLS is spoken there"
    )]
    NotPresented {
        /// Scheme, host and port.
        address: String,
        /// What happened instead.
        problem: String,
    },
    /// The client could not be set up.
    #[error("the TLS client cannot be set up: {0}")]
    Client(String),
}

/// The SHA-256 of the certificate that `url` presents, in lower-case hexadecimal.
///
/// Nothing is verified and nothing is sent: the handshake ends as soon as the certificate is seen.
/// The caller shows the fingerprint to a person, who compares it at the appliance.
pub async fn fetch_certificate_sha256(
    url: &Url,
    timeout: Duration,
) -> Result<String, CertificateError> {
    let address = url.origin().ascii_serialization();
    if url.scheme() != "https" {
        return Err(CertificateError::NotTls { address });
    }
    let fingerprint = Arc::new(OnceLock::new());
    let client =
        looking_client(Arc::clone(&fingerprint), timeout).map_err(CertificateError::Client)?;
    let outcome = client.get(address.as_str()).send().await;
    if let Some(fingerprint) = fingerprint.get() {
        return Ok(fingerprint.clone());
    }
    Err(CertificateError::NotPresented {
        address,
        problem: match outcome {
            Err(error) => root_cause(&error),
            Ok(_) => "the connection was made without one".to_owned(),
        },
    })
}

fn looking_client(
    fingerprint: Arc<OnceLock<String>>,
    timeout: Duration,
) -> Result<reqwest::Client, String> {
    let provider = provider();
    let verifier = Arc::new(Noted::new(fingerprint, &provider));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .timeout(timeout)
        .build()
        .map_err(|error| error.to_string())
}
