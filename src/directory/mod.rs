//! The application service: SCIM operation in, store command out.
//!
//! A [`Directory`] is one identity provider's name space. It knows the protocol and the store,
//! but neither HTTP nor appliances; what it needs of the latter is in [`TargetPlanner`].

mod additions;
#[cfg(test)]
mod agreement;
mod assignables;
mod bulk;
mod candidates;
mod dialect;
mod error;
mod keys;
mod list;
mod members;
mod ordered;
mod page;
mod plan;
mod ports;
mod render;
mod scans;
mod service;
mod settings;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod update;
mod write;

pub use bulk::{BulkAnswer, BulkDone, BulkResult};
pub use error::{DirectoryError, SealError};
pub use ports::{IdSource, PasswordSealer, Ports, TargetPlanner, UuidSource};
pub use scans::{ScanSettings, Scans};
pub use service::{Answer, Caller, Directory};
pub use settings::{DirectorySettings, TokenSettings};
