//! What operators read.

use super::link::{Link, LinkState};
use crate::scim::ResourceKind;

/// Which links a report lists.
#[derive(Debug, Clone, Default)]
pub struct LinkFilter {
    /// Only this appliance.
    pub appliance: Option<String>,
    /// Only resources of this directory.
    pub directory: Option<String>,
    /// Only these states; empty means all.
    pub states: Vec<LinkState>,
    /// Only resources whose `userName`, `displayName` or id equals this, without regard to case.
    pub name: Option<String>,
    /// Only this kind.
    pub kind: Option<ResourceKind>,
    /// At most so many rows; 0 means all.
    pub limit: u32,
}

/// A link in a report.
#[derive(Debug, Clone)]
pub struct LinkReport {
    /// The `userName` or `displayName` of the resource or its tombstone.
    pub name: String,
    /// Whether the resource has been deleted.
    pub deleted: bool,
    /// The link.
    pub link: Link,
}

/// An appliance in a report.
#[derive(Debug, Clone)]
pub struct ApplianceReport {
    /// Its name.
    pub name: String,
    /// Whether the configuration no longer knows it.
    pub detached: bool,
    /// Who drives it.
    pub lease_owner: Option<String>,
    /// Until when.
    pub lease_until_ms: i64,
    /// The current epoch.
    pub epoch: i64,
    /// The breaker's state, as the delivery wrote it.
    pub breaker: Option<String>,
    /// How many sweeps are under way.
    pub sweeps: u64,
}

/// Links by state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCount {
    /// The appliance.
    pub appliance: String,
    /// The state.
    pub state: LinkState,
    /// How many.
    pub count: u64,
    /// Since when the oldest of them has not been in sync.
    pub oldest_since_ms: Option<i64>,
}

/// A member value that no user answers to yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedMember {
    /// The directory.
    pub directory: String,
    /// The group's id.
    pub group_id: String,
    /// The group's `displayName`.
    pub group: String,
    /// The value that the client sent.
    pub value: String,
    /// Since when.
    pub parked_ms: i64,
}
