//! The protocol, pure: schemas, resources, paths, filters, PATCH, queries, discovery, errors
//! (RFC 7643, RFC 7644). No I/O, and nothing here knows a database or a vendor.
//!
//! Its own floors, each importing only from those to its right:
//! `discovery → assignable → query → path`, `bulk`, `patch → resource → document`, all `→ filter → schema →
//! {error, tolerance, kind}`.

pub mod assignable;
pub mod bulk;
pub mod discovery;
mod document;
pub mod error;
pub mod filter;
mod folding;
mod kind;
pub mod patch;
pub mod path;
mod precondition;
pub mod query;
pub mod resource;
pub mod schema;
#[cfg(test)]
mod tests;
pub mod tolerance;

pub use error::{ErrorKind, ScimError};
pub use folding::{fold, folds_alike};
pub use kind::ResourceKind;
pub use precondition::{Preconditions, Revision};
pub use tolerance::{Tolerance, Tolerances, Tolerated};
