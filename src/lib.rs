//! scim-bridge: an identity provider pushes SCIM 2.0, every configured appliance follows.
//!
//! The floors of the house, each importing only those to its right:
//! `cli → http → {directory, delivery} → {appliance, store} → vendor → scim`. Every floor may use
//! `telemetry`, which imports none of them.

pub mod appliance;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod directory;
pub mod http;
pub mod scim;
pub mod store;
pub mod telemetry;
pub mod vendor;
