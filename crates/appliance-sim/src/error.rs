//! Why a simulator does not start.

use std::{net::SocketAddr, path::PathBuf};

use thiserror::Error;

use crate::vendor::Vendor;

/// A release that the simulator of a vendor does not imitate.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[error(
    "no {vendor} simulator imitates the release {release:?}; choose one of {}",
    vendor.releases().join(", ")
)]
pub struct UnknownRelease {
    /// Whose release it would be.
    pub vendor: Vendor,
    /// What was asked for.
    pub release: String,
}

impl UnknownRelease {
    pub(crate) fn new(vendor: Vendor, release: &str) -> Self {
        Self {
            vendor,
            release: release.to_owned(),
        }
    }
}

/// Why a simulator does not start.
#[derive(Debug, Error)]
pub enum SimulatorError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another address or port (0 for any)")]
    Listen {
        /// The address of the options.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The release is none that the simulator knows.
    #[error(transparent)]
    Release(#[from] UnknownRelease),
    /// A certificate or key file cannot be used.
    #[error("cannot use {path} for TLS: {reason}; it must be a PEM file")]
    CertificateFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The self-signed certificate cannot be made.
    #[error("cannot make a self-signed certificate: {0}")]
    SelfSigned(#[from] rcgen::Error),
    /// Certificate and key do not make a TLS server.
    #[error("cannot serve TLS with this certificate and key: {0}")]
    Tls(#[from] rustls::Error),
}
