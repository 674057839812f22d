//! actix-web: TLS, authentication, SCIM routes, health, metrics.
//!
//! Two listeners: [`serve_scim`] for identity providers, [`serve_ops`] for operators. This is the
//! only floor that knows a status code of ours.

mod assignables;
mod auth;
mod base_url;
mod bulk;
mod context;
mod discovery;
mod endpoint;
mod errors;
mod gate;
mod metrics_page;
mod negotiation;
mod ops;
mod request_log;
mod resources;
mod routes;
mod server;
mod settings;
mod state;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tls;

pub use ops::{HealthSource, OpsState, ops_app};
pub use routes::scim_app;
pub use server::{ServeError, bind, serve_ops, serve_scim};
pub use settings::{OpsSettings, ScimSettings, TlsFiles};
pub use state::ScimState;
pub use tls::{TlsError, server_config};
