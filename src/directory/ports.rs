//! What the directory needs of others, as traits: who gets a resource, who seals a password,
//! where ids come from.

use std::sync::Arc;

use secrecy::SecretString;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::SealError;
use super::scans::Scans;
use crate::scim::ResourceKind;
use crate::store::GroupReference;

/// Knows the appliances: which of them a change of the directory concerns.
pub trait TargetPlanner: Send + Sync {
    /// The appliances whose scope may hold a resource with this document; `groups` are all groups
    /// of a user, nested ones too, and are empty for appliances' sakes that do not read them.
    fn ensure(
        &self,
        directory: &str,
        kind: ResourceKind,
        document: &Map<String, Value>,
        groups: &[GroupReference],
    ) -> Vec<String>;

    /// The appliances of the directory whose scope or translation table reads `groups`.
    fn reads_groups(&self, directory: &str) -> Vec<String>;

    /// The appliances of the directory that take over the identity provider's passwords.
    fn password_targets(&self, directory: &str) -> Vec<String>;

    /// Called after each commit that may have made links due.
    fn wake(&self);
}

/// Seals passwords, so that they never lie in the store in the clear.
pub trait PasswordSealer: Send + Sync {
    /// Seals a password for one resource.
    ///
    /// # Errors
    /// When the cipher fails; the request is then refused as a whole.
    fn seal(&self, resource_id: &str, password: &SecretString) -> Result<Vec<u8>, SealError>;
}

/// Where new SCIM ids come from.
pub trait IdSource: Send + Sync {
    /// An id that was never given out before.
    fn next_id(&self) -> String;
}

/// UUIDs of version 7: new ones sort last, which keeps the database's index compact.
#[derive(Debug, Clone, Copy, Default)]
pub struct UuidSource;

impl IdSource for UuidSource {
    fn next_id(&self) -> String {
        Uuid::now_v7().to_string()
    }
}

/// Everything outside the store that a [`super::Directory`] works with.
#[derive(Clone)]
pub struct Ports {
    /// Who gets what.
    pub targets: Arc<dyn TargetPlanner>,
    /// `None` when no password is ever kept.
    pub sealer: Option<Arc<dyn PasswordSealer>>,
    /// The time.
    pub clock: Arc<dyn crate::telemetry::Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// The places for lists that no index answers; shared by all directories.
    pub scans: Arc<Scans>,
}
