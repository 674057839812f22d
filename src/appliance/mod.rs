//! A profile at work: transport, authentication, verdicts, convergence.

mod settings;

pub use settings::{ApplianceSettings, Credentials, Trust};
