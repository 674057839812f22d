//! The application service: SCIM operation in, store command out.

mod settings;

pub use settings::{DirectorySettings, TokenSettings};
