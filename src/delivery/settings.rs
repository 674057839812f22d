//! What the configuration says of delivery: for all appliances, and the policies of one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use scim_filter_parser::Filter;

/// Delivery as a whole.
#[derive(Debug, Clone)]
pub struct DeliverySettings {
    /// How long a lease on an appliance lasts without being renewed.
    pub lease: Duration,
    /// How long to wait after the first, second, ... failed attempt; the last one repeats.
    pub retry_delays: Vec<Duration>,
    /// The longest `Retry-After` that is obeyed.
    pub max_retry_after: Duration,
    /// How long to wait before a link that the appliance refused is tried again unasked.
    pub refused_retry: Duration,
    /// How many failures in a row open an appliance's breaker.
    pub breaker_failures: u32,
    /// How long an open breaker waits before its single probe; doubles up to the last retry delay.
    pub breaker_pause: Duration,
    /// How many resources a sweep looks at in one step.
    pub sweep_batch: u32,
    /// How long calls in flight may go on after a shutdown was asked for.
    pub shutdown_grace: Duration,
    /// How long undelivered passwords are kept.
    pub password_ttl: Duration,
    /// How long members that no user answers to are kept.
    pub parked_ttl: Duration,
    /// How long the history of attempts is kept.
    pub attempts_ttl: Duration,
    /// How long audit events are kept.
    pub audit_ttl: Duration,
}

/// What an appliance gets and what may be done to it.
#[derive(Debug, Clone)]
pub struct AppliancePolicy {
    /// The directories that it serves; at least one.
    pub directories: BTreeSet<String>,
    /// Which users it gets; `None` means none.
    pub users: Option<Scope>,
    /// Which groups it gets; `None` (the default) means none.
    pub groups: Option<Scope>,
    /// When `active` becomes false.
    pub on_deactivate: Removal,
    /// When a resource leaves the scope.
    pub on_leave_scope: Removal,
    /// When a resource is deleted.
    pub on_delete: Removal,
    /// With `on_delete = "disable"`: when the disabled account is deleted after all.
    pub purge_after: Option<Duration>,
    /// Whether an inactive user without an account gets a disabled one.
    pub create_inactive: bool,
    /// When somebody else has the account key already.
    pub on_collision: CollisionPolicy,
    /// When an account is to get another key, and the vendor cannot rename.
    pub on_rename: RenamePolicy,
    /// Where account passwords come from.
    pub password: PasswordPolicy,
    /// Whether group members that the bridge did not add are taken out.
    pub authoritative_members: bool,
    /// SCIM group `displayName` → the vendor's existing group: memberships only.
    pub bind_groups: BTreeMap<String, String>,
    /// Limits on deletes and disables.
    pub guard: GuardSettings,
}

impl AppliancePolicy {
    /// Whether it gets resources of this directory at all.
    pub fn serves(&self, directory: &str) -> bool {
        self.directories.contains(directory)
    }
}

/// A scope: everything, or what a filter says.
#[derive(Debug, Clone)]
pub enum Scope {
    /// Every resource of the kind.
    All,
    /// Resources that match.
    Matching(Box<Filter>),
}

/// What to do with an account that is not to be used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Disable it.
    Disable,
    /// Delete it.
    Delete,
    /// Leave it as it is, and stop following the resource.
    Keep,
}

/// Where account passwords come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordPolicy {
    /// A random one that nobody sees; the identity provider's is discarded.
    Generate,
    /// The identity provider's, when it sends one; else a random one.
    Sync,
    /// Nowhere: accounts are made without a password login, where the vendor has such a thing.
    None,
}

/// What to do when somebody else has the account key that a person's attributes give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CollisionPolicy {
    /// The person gets no account before the key is free; the link says so.
    Refuse,
    /// The person gets the key with a number behind it, for ever.
    Suffix,
}

/// What to do when an account is to get another key, and the vendor cannot rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenamePolicy {
    /// The account keeps its name; the link says so.
    Refuse,
    /// Another account is made, and the one under the former name taken away as `on_delete` says.
    Recreate,
}

/// Limits on deletes and disables: `max(count, share)` within the window, each kind for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardSettings {
    /// The window.
    pub window: Duration,
    /// So many deletes are always allowed.
    pub max_deletes: u32,
    /// Or this share of the appliance's accounts, in per cent.
    pub max_deletes_percent: u32,
    /// So many disables are always allowed.
    pub max_disables: u32,
    /// Or this share of the appliance's accounts, in per cent.
    pub max_disables_percent: u32,
}
