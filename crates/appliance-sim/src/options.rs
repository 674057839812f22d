//! What a simulator is started with.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use rand::distr::{Alphanumeric, SampleString};

use crate::vendor::Vendor;

/// Length of a generated password; every vendor takes it.
const PASSWORD_LENGTH: usize = 24;

/// Whether and with which certificate the simulator speaks TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// Plain HTTP.
    None,
    /// A fresh self-signed certificate that is no CA, as appliances come with.
    SelfSigned,
    /// A certificate (chain) and its key, both PEM.
    Files {
        /// The certificate, followed by its issuers.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

/// What a simulator is started with.
#[derive(Clone, PartialEq, Eq)]
pub struct SimulatorOptions {
    /// Whose appliance.
    pub vendor: Vendor,
    /// Which release of it; the vendor's default if absent.
    pub release: Option<String>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether to speak TLS.
    pub tls: Tls,
    /// The API user's name.
    pub username: String,
    /// The API user's password. For FortiAuthenticator also the API key, unless `token` is set.
    pub password: String,
    /// The API key or personal access token, where the vendor has one.
    pub token: Option<String>,
}

impl SimulatorOptions {
    /// A simulator on a free loopback port, without TLS, with the vendor's typical user name, a
    /// random password and the vendor's default release.
    pub fn new(vendor: Vendor) -> Self {
        Self {
            vendor,
            release: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: Tls::None,
            username: vendor.administrator().to_owned(),
            password: Alphanumeric.sample_string(&mut rand::rng(), PASSWORD_LENGTH),
            token: None,
        }
    }

    /// The release to imitate.
    pub(crate) fn release(&self) -> &str {
        self.release
            .as_deref()
            .unwrap_or(self.vendor.default_release())
    }
}

impl fmt::Debug for SimulatorOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SimulatorOptions")
            .field("vendor", &self.vendor)
            .field("release", &self.release)
            .field("listen", &self.listen)
            .field("tls", &self.tls)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
