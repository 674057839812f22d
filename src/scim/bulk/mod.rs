//! Bulk requests (RFC 7644 §3.7): what is asked, in which order it can be done, and what a
//! `bulkId` stands for.
//!
//! The request as a whole is refused only where its frame is wrong or too large; whatever is wrong
//! with one operation is the result of that operation.

mod order;
mod patch_path;
mod read;
mod reference;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use order::{Step, order};
pub use reference::{Postponed, postpone, references, resolve};

use super::{Preconditions, ResourceKind, ScimError};

/// A bulk request.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    /// After so many failed operations the rest is left undone; `None` does all of them.
    pub fail_on_errors: Option<u64>,
    /// What is to be done.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The method in capitals, as the result repeats it.
    pub method: String,
    /// The client's name for the resource that the operation creates, or for the operation.
    pub bulk_id: Option<String>,
    /// What is to be done, or what is wrong with the operation.
    pub action: Result<Action, ScimError>,
}

/// What one operation does. An `id` may be a reference, `bulkId:<name>`.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// POST
    Create {
        /// User or Group.
        kind: ResourceKind,
        /// The resource.
        data: Value,
    },
    /// PUT
    Replace {
        /// Which one.
        target: Target,
        /// The resource.
        data: Value,
    },
    /// PATCH
    Patch {
        /// Which one.
        target: Target,
        /// The patch request.
        data: Value,
    },
    /// DELETE
    Delete {
        /// Which one.
        target: Target,
    },
}

/// The resource that an operation changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// User or Group.
    pub kind: ResourceKind,
    /// Its id, or a reference.
    pub id: String,
    /// The operation's `version`, as `If-Match` would have it.
    pub preconditions: Preconditions,
}

impl Action {
    fn data(&self) -> Option<&Value> {
        match self {
            Self::Create { data, .. } | Self::Replace { data, .. } | Self::Patch { data, .. } => {
                Some(data)
            }
            Self::Delete { .. } => None,
        }
    }

    fn target(&self) -> Option<&Target> {
        match self {
            Self::Create { .. } => None,
            Self::Replace { target, .. } | Self::Patch { target, .. } | Self::Delete { target } => {
                Some(target)
            }
        }
    }
}
