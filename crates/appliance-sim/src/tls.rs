//! The simulator's side of TLS: a self-signed certificate as appliances come with, or files.

use std::{path::Path, sync::Arc};

use rcgen::{CertificateParams, DnType, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;

use crate::{error::SimulatorError, options::SimulatorOptions, options::Tls};

/// What a simulator that speaks TLS listens with.
pub(crate) struct Identity {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) certificate_pem: String,
    pub(crate) certificate_sha256: String,
}

/// The TLS identity that the options ask for; none for plain HTTP.
pub(crate) fn identity(options: &SimulatorOptions) -> Result<Option<Identity>, SimulatorError> {
    match &options.tls {
        Tls::None => Ok(None),
        Tls::SelfSigned => self_signed(options).map(Some),
        Tls::Files { certificate, key } => from_files(certificate, key).map(Some),
    }
}

fn self_signed(options: &SimulatorOptions) -> Result<Identity, SimulatorError> {
    let names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
        options.listen.ip().to_string(),
    ];
    let mut parameters = CertificateParams::new(names)?;
    parameters
        .distinguished_name
        .push(DnType::CommonName, format!("simulated {}", options.vendor));
    parameters.is_ca = IsCa::ExplicitNoCa;
    let key = KeyPair::generate()?;
    let certificate = parameters.self_signed(&key)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    with(vec![certificate.der().clone()], key, certificate.pem())
}

fn from_files(certificate: &Path, key: &Path) -> Result<Identity, SimulatorError> {
    let pem = std::fs::read_to_string(certificate).map_err(|error| unusable(certificate, error))?;
    let chain = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unusable(certificate, error))?;
    if chain.is_empty() {
        return Err(unusable(certificate, "there is no certificate in it"));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, error))?;
    with(chain, key, pem)
}

fn with(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    certificate_pem: String,
) -> Result<Identity, SimulatorError> {
    let certificate_sha256 = chain
        .first()
        .map(|leaf| fingerprint(leaf.as_ref()))
        .unwrap_or_default();
    // The provider is named here, so that the simulator leaves the process's default alone.
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Identity {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        certificate_pem,
        certificate_sha256,
    })
}

fn fingerprint(der: &[u8]) -> String {
    Sha256::digest(der)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn unusable(path: &Path, reason: impl ToString) -> SimulatorError {
    SimulatorError::CertificateFile {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}
