//! What can go wrong with the store itself.

/// A failure of the store; what a command *decides* is in its outcome, not here.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the database failed while {operation}: {message}")]
    Database {
        /// What was being done.
        operation: &'static str,
        /// What the database said; never contains values of resources.
        message: String,
    },
    /// The store is closed, because the daemon is shutting down.
    #[error("the store is closed")]
    Closed,
    /// The lease of the appliance has been lost: somebody else drives it now.
    #[error("the lease on appliance {appliance:?} (epoch {epoch}) is no longer held")]
    LeaseLost {
        /// Whose lease.
        appliance: String,
        /// The epoch that the caller believed in.
        epoch: i64,
    },
    /// A row does not read as it was written.
    #[error("a stored {what} cannot be read: {message}")]
    Corrupt {
        /// What kind of row.
        what: &'static str,
        /// Why.
        message: String,
    },
    /// Another daemon holds the database.
    #[error("{path} is in use by another scim-bridge; stop it first, or use its own commands")]
    Locked {
        /// The lock file.
        path: String,
    },
    /// The database belongs to a newer release.
    #[error(
        "the database has schema version {found}, this release knows up to {known}; upgrade scim-bridge"
    )]
    TooNew {
        /// What the database says.
        found: i64,
        /// What this release knows.
        known: i64,
    },
}
