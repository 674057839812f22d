//! actix-web: TLS, authentication, SCIM routes, health, metrics.

mod settings;

pub use settings::{OpsSettings, ScimSettings, TlsFiles};
