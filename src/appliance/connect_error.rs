//! Why a configured appliance cannot be connected to at all.

use thiserror::Error;

/// Something in an appliance's configuration or profile that no call could survive. Every message
/// names the appliance, the key and the remedy; none holds a secret.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The URL is neither `https` nor `http`.
    #[error(
        "appliance {appliance}: `url` has the scheme \"{scheme}\"; write https://HOST or https://HOST:PORT"
    )]
    Scheme {
        /// The appliance's name.
        appliance: String,
        /// What the URL says.
        scheme: String,
    },

    /// The URL says more than scheme, host and port.
    #[error(
        "appliance {appliance}: `url` holds {part}; write only https://HOST or https://HOST:PORT, {remedy}"
    )]
    UrlParts {
        /// The appliance's name.
        appliance: String,
        /// The part that does not belong there.
        part: &'static str,
        /// Where it does.
        remedy: &'static str,
    },

    /// Credentials would cross a network in the clear.
    #[error(
        "appliance {appliance}: `url` is plain http to {host}, and credentials are sent over plain http to \
         loopback addresses only; write https://, and if its certificate is self-signed pin it (`scim-bridge \
         check --live` prints the fingerprint)"
    )]
    PlainHttp {
        /// The appliance's name.
        appliance: String,
        /// The host.
        host: String,
    },

    /// None of the profile's authentication schemes can use the credentials.
    #[error(
        "appliance {appliance}: {vendor} authenticates by {schemes}, and the configuration gives only {given}; {remedy}"
    )]
    NoScheme {
        /// The appliance's name.
        appliance: String,
        /// The profile's vendor.
        vendor: String,
        /// The schemes of the profile.
        schemes: String,
        /// What the configuration gives.
        given: &'static str,
        /// What to give instead.
        remedy: &'static str,
    },

    /// The profile wants sessions and does not say how to log in.
    #[error(
        "appliance {appliance}: the profile {vendor} lists the scheme \"session\" and has no [auth.session]; add one"
    )]
    NoSession {
        /// The appliance's name.
        appliance: String,
        /// The profile's vendor.
        vendor: String,
    },

    /// The credentials hold characters that their place in a request cannot carry.
    #[error("appliance {appliance}: the {what} {problem}")]
    Credential {
        /// The appliance's name.
        appliance: String,
        /// `user name`, `password`, `token`.
        what: &'static str,
        /// What is wrong, and what to do.
        problem: &'static str,
    },

    /// The profile names a header that HTTP does not allow.
    #[error(
        "appliance {appliance}: the profile {vendor} has a header \"{header}\" whose {part} HTTP does not allow; correct the profile"
    )]
    Header {
        /// The appliance's name.
        appliance: String,
        /// The profile's vendor.
        vendor: String,
        /// The header's name.
        header: String,
        /// `name` or `value`.
        part: &'static str,
    },

    /// The operating system has no trusted roots.
    #[error(
        "appliance {appliance}: no certificate authorities of the operating system could be read{detail}; install \
         the package ca-certificates, or trust a CA file or a SHA-256 pin for this appliance"
    )]
    NoSystemRoots {
        /// The appliance's name.
        appliance: String,
        /// The first error in reading them, if there was one.
        detail: String,
    },

    /// The CA file does not hold usable certificates.
    #[error(
        "appliance {appliance}: the CA file {problem}; it must hold certificates in PEM form (BEGIN CERTIFICATE)"
    )]
    Authority {
        /// The appliance's name.
        appliance: String,
        /// What is wrong with it.
        problem: String,
    },

    /// The HTTP client or the TLS configuration could not be built.
    #[error("appliance {appliance}: the HTTP client cannot be set up: {problem}")]
    Client {
        /// The appliance's name.
        appliance: String,
        /// What the library says.
        problem: String,
    },
}
