//! The edge to an appliance: a profile at work.
//!
//! A [`Connection`] authenticates, sends what the profile rendered, reads the answer within bounds
//! and classifies it. Everything above sees an [`Answer`](crate::vendor::Answer) or a [`Failure`]
//! with a class, and never a socket, a status code to interpret or a secret.

mod authentication;
mod cause;
mod connect_error;
mod connection;
mod edge;
mod failure;
mod observer;
mod redaction;
mod reference_cache;
mod rest;
mod retry_after;
mod settings;
mod tls;

#[cfg(test)]
mod tests;

pub use connect_error::ConnectError;
pub use connection::{Connection, ProbeReport};
pub use failure::Failure;
pub use observer::{CallObserver, Unobserved};
pub use reference_cache::ReferenceCache;
pub use settings::{ApplianceSettings, Credentials, Trust};
pub use tls::{CertificateError, fetch_certificate_sha256};
