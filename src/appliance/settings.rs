//! What the configuration says of an appliance's edge.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// How to reach one appliance and speak to it.
#[derive(Debug, Clone)]
pub struct ApplianceSettings {
    /// The name in the configuration, in logs, metrics and `status`.
    pub name: String,
    /// Scheme, host and port; calls go to this origin and nowhere else.
    pub url: Url,
    /// How to authenticate.
    pub credentials: Credentials,
    /// Which certificate to accept.
    pub trust: Trust,
    /// For the connection to be made.
    pub connect_timeout: Duration,
    /// For a whole call, the answer's body included.
    pub request_timeout: Duration,
    /// The longest answer that is read.
    pub max_response_bytes: usize,
    /// How many calls run beside each other.
    pub concurrency: usize,
}

/// Credentials for an appliance; which scheme uses them is the profile's choice.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// User name and password (or API key in the password's place).
    Password {
        /// The user name; it is also the account that the bridge never touches.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// A bearer token or API key.
    Token(SecretString),
}

/// Which certificate of an appliance is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Signed by a root that the operating system trusts.
    System,
    /// Signed by a certificate of this PEM text.
    Authority(String),
    /// This very certificate: the SHA-256 of its DER form.
    Pin([u8; 32]),
    /// Any. Logged loudly at every start.
    Insecure,
}
