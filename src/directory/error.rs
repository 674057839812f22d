//! Why an operation on the directory did not succeed.

use crate::scim::ScimError;
use crate::store::StoreError;

/// A failed operation. Nothing was changed, unless the store failed while committing.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The request cannot be done, and the client is told why.
    #[error(transparent)]
    Refused(#[from] ScimError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password that came with the request could not be sealed, so nothing was written.
    #[error(transparent)]
    Sealing(#[from] SealError),
    /// Other requests kept changing the resource in between.
    #[error("{kind} {id} kept being changed by other requests; send the request again")]
    Contended {
        /// `User` or `Group`.
        kind: &'static str,
        /// Which one.
        id: String,
    },
    /// No place among the scans got free in time.
    #[error(
        "too many lists that no index answers are asked for at once; send the request again, one \
         list after the other"
    )]
    Busy,
    /// A stored resource does not read as a JSON object.
    #[error("the stored resource {id} cannot be read: {reason}")]
    Corrupt {
        /// Which one.
        id: String,
        /// Why.
        reason: String,
    },
}

/// A password could not be sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a password could not be sealed: {0}")]
pub struct SealError(pub String);
