//! TLS towards an appliance: a configuration of our own for each way of trusting.

mod certificate;
mod verifier;

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

pub use certificate::{CertificateError, fetch_certificate_sha256};
pub(super) use verifier::PinMismatch;
use verifier::{Anything, Pinned};

use super::{ConnectError, Trust};

/// The configuration for an appliance's trust. Reads the operating system's roots from disk where
/// those are trusted.
pub(super) fn client_config(appliance: &str, trust: &Trust) -> Result<ClientConfig, ConnectError> {
    let provider = provider();
    let verifier: Arc<dyn rustls::client::danger::ServerCertVerifier> = match trust {
        Trust::System => return trusting(appliance, system_roots(appliance)?),
        Trust::Authority(pem) => return trusting(appliance, authority(appliance, pem)?),
        Trust::Pin(fingerprint) => Arc::new(Pinned::new(*fingerprint, &provider)),
        Trust::Insecure => {
            tracing::warn!(
                appliance,
                "any certificate is accepted: whoever sits between the bridge and this appliance can read \
                 its credentials; pin the certificate instead (`scim-bridge check --live` prints the fingerprint)"
            );
            Arc::new(Anything::new(&provider))
        }
    };
    Ok(versions(appliance, provider)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

/// A configuration that trusts nobody: for plain http to loopback, where it is never used, because
/// the HTTP client wants one.
pub(super) fn unused_config(appliance: &str) -> Result<ClientConfig, ConnectError> {
    trusting(appliance, RootCertStore::empty())
}

/// Named here and handed on, so that nothing depends on a default of the process.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn trusting(appliance: &str, roots: RootCertStore) -> Result<ClientConfig, ConnectError> {
    Ok(versions(appliance, provider())?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn versions(
    appliance: &str,
    provider: Arc<CryptoProvider>,
) -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, ConnectError> {
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ConnectError::Client {
            appliance: appliance.to_owned(),
            problem: error.to_string(),
        })
}

fn system_roots(appliance: &str) -> Result<RootCertStore, ConnectError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Some systems carry a few roots that do not parse; the others still serve.
    let (usable, _) = roots.add_parsable_certificates(found.certs);
    if usable == 0 {
        return Err(ConnectError::NoSystemRoots {
            appliance: appliance.to_owned(),
            detail: found
                .errors
                .first()
                .map(|error| format!(" ({error})"))
                .unwrap_or_default(),
        });
    }
    Ok(roots)
}

fn authority(appliance: &str, pem: &str) -> Result<RootCertStore, ConnectError> {
    let refuse = |problem: String| ConnectError::Authority {
        appliance: appliance.to_owned(),
        problem,
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate =
            certificate.map_err(|error| refuse(format!("cannot be read ({error})")))?;
        roots.add(certificate).map_err(|error| {
            refuse(format!("holds a certificate that cannot be used ({error})"))
        })?;
    }
    if roots.is_empty() {
        return Err(refuse("holds no certificate".to_owned()));
    }
    Ok(roots)
}
