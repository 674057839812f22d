//! Links and what the delivery reads of them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::resource::{GroupReference, StoredResource};
use crate::scim::ResourceKind;

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkState {
    /// Waits for its turn, or for the next attempt.
    Pending,
    /// Is being worked on.
    InFlight,
    /// The appliance is as desired.
    InSync,
    /// Waits for a key that another link holds.
    Waiting,
    /// Held until an operator decides.
    Held,
    /// Cannot be done as it is; waits for another change.
    Refused,
    /// Disabled in place of deletion, until the purge.
    PurgeWaiting,
}

impl LinkState {
    /// The word for logs, metrics and `status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InFlight => "in_flight",
            Self::InSync => "in_sync",
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::PurgeWaiting => "purge_waiting",
        }
    }
}

/// The account, as the bridge last left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// There is none, as far as the bridge knows.
    Absent,
    /// It can be used.
    Active,
    /// It is disabled.
    Disabled,
}

impl AccountState {
    /// The word for logs and `status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// By which right the bridge writes to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// None: there is no account, or it is not ours.
    None,
    /// The bridge created it.
    Created,
    /// An administrator adopted it, or bound it in the configuration.
    Adopted,
}

/// Disable or delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destruction {
    /// An account is to be disabled.
    Disable,
    /// An account or a group is to be deleted.
    Delete,
}

/// A destruction that the guard holds until an operator decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardHold {
    /// What is held.
    pub destruction: Destruction,
    /// The limits that it ran into, as text that only the delivery reads.
    pub limits: String,
    /// A sentence for the operator.
    pub message: String,
}

/// Recorded before a creation, after a look-up showed the key free.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// The account key.
    pub key: String,
    /// The readable fields that are about to be sent; no secrets.
    pub fields: Map<String, Value>,
    /// When.
    pub at_ms: i64,
}

/// An account under a former name, on an appliance that cannot rename: another one has taken its
/// place, and it is still to be disabled or deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormerAccount {
    /// The vendor's id.
    pub remote_id: String,
    /// Its account key.
    pub account_key: String,
    /// What was last written to it, in case it becomes the account again.
    pub applied: Map<String, Value>,
    /// Whether it can be used.
    pub active: bool,
    /// The password version that it has.
    pub password_version: Option<i64>,
}

/// Notes for the operator that outlive the attempt that made them, each until the next of its kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastingNotes {
    /// What went with an account that was made anew under another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recreated: Option<String>,
    /// What is not known of the account's password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl LastingNotes {
    /// The notes that there are.
    pub fn iter(&self) -> impl Iterator<Item = &String> {
        self.recreated.iter().chain(&self.password)
    }
}

/// The part of a link that attempts change.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkProgress {
    /// The vendor's id of the account.
    pub remote_id: Option<String>,
    /// The account key as the appliance has it.
    pub account_key: Option<String>,
    /// What we last wrote, field by field; secrets as version numbers.
    pub applied: Map<String, Value>,
    /// Active or disabled.
    pub account_state: AccountState,
    /// By which right.
    pub ownership: Ownership,
    /// The creation that is under way.
    pub intent: Option<Intent>,
    /// A write may or may not have happened: observe before writing.
    pub uncertain: bool,
    /// The account is about to be disabled, or may have been: found disabled, it was us.
    pub disabling: bool,
    /// What the guard holds of this link.
    pub guard_hold: Option<GuardHold>,
    /// The password version that the account has.
    pub password_version: Option<i64>,
    /// The resource's `activations` that the account has followed.
    pub applied_activations: i64,
    /// What was left out or changed on the way, for the operator.
    pub notes: Vec<String>,
    /// The account under its former name, which is still to be taken away.
    pub former: Option<FormerAccount>,
    /// Notes that outlive the next attempt.
    pub lasting_notes: LastingNotes,
}

impl Default for LinkProgress {
    fn default() -> Self {
        Self {
            remote_id: None,
            account_key: None,
            applied: Map::new(),
            account_state: AccountState::Absent,
            ownership: Ownership::None,
            intent: None,
            uncertain: false,
            disabling: false,
            guard_hold: None,
            password_version: None,
            applied_activations: 0,
            notes: Vec::new(),
            former: None,
            lasting_notes: LastingNotes::default(),
        }
    }
}

/// The last failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkError {
    /// Failure class.
    pub class: String,
    /// A sentence for the operator.
    pub message: String,
    /// When.
    pub at_ms: i64,
}

/// One resource on one appliance.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Identity of the link.
    pub id: i64,
    /// The appliance's name.
    pub appliance: String,
    /// The directory of the resource.
    pub directory: String,
    /// User or Group.
    pub kind: ResourceKind,
    /// The SCIM id; the resource itself may be gone (see [`Tombstone`]).
    pub resource_id: String,
    /// Grows whenever something makes the link due.
    pub desired_generation: i64,
    /// The generation that was last reached.
    pub applied_generation: i64,
    /// Where it stands.
    pub state: LinkState,
    /// 0 for single changes, larger for sweeps.
    pub priority: i64,
    /// Attempts since the last success.
    pub attempts: i64,
    /// When it is due.
    pub next_attempt_ms: i64,
    /// Since when it has been in sync, or has not been.
    pub since_ms: i64,
    /// How far it has come.
    pub progress: LinkProgress,
    /// The last failure, if it still matters.
    pub error: Option<LinkError>,
    /// The newest SCIM requests that the link carries.
    pub request_ids: Vec<String>,
}

/// A member of a group on the group's appliance.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkedMember {
    /// The user's SCIM id.
    pub resource_id: String,
    /// The vendor's id of the user's account, if there is one.
    pub remote_id: Option<String>,
    /// The user's account key there.
    pub account_key: Option<String>,
}

/// A password, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPassword {
    /// Grows with every password of the resource.
    pub version: i64,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// What is kept of a deleted resource until its accounts are dealt with.
#[derive(Debug, Clone, PartialEq)]
pub struct Tombstone {
    /// The last document.
    pub document: String,
    /// The `externalId` it had.
    pub external_id: Option<String>,
    /// When it was deleted.
    pub deleted_ms: i64,
}

/// An account key that a link holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The profile's name space.
    pub namespace: String,
    /// The key, folded as the vendor compares it.
    pub key: String,
    /// Why the key is not the one that the person's attributes give.
    pub suffix: Option<KeySuffix>,
}

/// The number that tells a person's key from the same one of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeySuffix {
    /// The key without it, folded.
    pub base: String,
    /// The number.
    pub number: u32,
}

/// Everything that an attempt at a link needs, read in one go.
#[derive(Debug, Clone)]
pub struct LinkWork {
    /// The link.
    pub link: Link,
    /// The resource; `None` if it was deleted.
    pub resource: Option<StoredResource>,
    /// What is left of a deleted resource.
    pub tombstone: Option<Tombstone>,
    /// Of a user: all its groups, nested ones too.
    pub groups: Vec<GroupReference>,
    /// Of a group: all users in it, nested ones too.
    pub members: Vec<LinkedMember>,
    /// The password that waits for delivery to this appliance.
    pub password: Option<SealedPassword>,
    /// The keys that the link holds.
    pub claims: Vec<Claim>,
}

/// An answer to [`super::Store::take_due_links`].
#[derive(Debug, Clone, Default)]
pub struct DueLinks {
    /// Links to be worked on, now in flight.
    pub work: Vec<LinkWork>,
    /// When the next link that is not yet due will be; `None` if no link waits for a time.
    pub next_due_ms: Option<i64>,
}

/// The right to drive an appliance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Grows with every new holder.
    pub epoch: i64,
    /// Until when it holds unless renewed.
    pub until_ms: i64,
}

/// Who holds a key.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimHolder {
    /// The link.
    pub link_id: i64,
    /// Its directory.
    pub directory: String,
    /// Its resource.
    pub resource_id: String,
    /// The `userName` (folded) or `displayName` of its resource or tombstone.
    pub name: String,
    /// Its state.
    pub state: LinkState,
    /// The `externalId` of its resource or tombstone.
    pub external_id: Option<String>,
    /// Whether its resource has been deleted.
    pub deleted: bool,
    /// Whether it has an account; a holder without one has the key for an account that it makes.
    pub has_account: bool,
    /// Whether it (directly, or through others) waits for a key that the asking link holds.
    pub waits_for_us: bool,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimOutcome {
    /// The link holds the key now.
    Claimed,
    /// Another link of ours holds it.
    HeldBy(ClaimHolder),
}

/// What became of a hand-over.
#[derive(Debug, Clone, PartialEq)]
pub enum Inheritance {
    /// The new link has the account and its claims.
    HandedOver {
        /// How far the new link has come with that.
        progress: Box<LinkProgress>,
        /// All keys that it holds now.
        claims: Vec<Claim>,
    },
    /// The old link is being worked on (its account may be going at this moment), or has ended.
    Busy,
}

/// The guard's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Go ahead.
    Admitted,
    /// The limit of the window is reached.
    Held {
        /// How many were admitted within the window.
        used: u64,
        /// How many may be.
        limit: u64,
    },
}

/// What [`super::Store::record_outcome`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The link is due again, because its resource changed in the meantime, or because the key that
    /// it was to wait for has been released.
    pub still_due: bool,
    /// Other links of the appliance became due.
    pub woke_others: bool,
}

/// What a sweep does with links that exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepKind {
    /// Makes them due.
    MakeDue,
    /// Leaves them alone; only missing links are added.
    AddMissing,
}

/// A resource that a sweep has come to.
#[derive(Debug, Clone)]
pub struct SweepRow {
    /// The resource, without relations.
    pub resource: StoredResource,
    /// Of a user: all its groups, nested ones too.
    pub groups: Vec<GroupReference>,
    /// Whether a link exists.
    pub linked: bool,
}

/// The next resources of a sweep.
#[derive(Debug, Clone)]
pub struct SweepBatch {
    /// Which sweep.
    pub sweep_id: i64,
    /// What it does.
    pub kind: SweepKind,
    /// The resources.
    pub rows: Vec<SweepRow>,
    /// Where the next batch starts; `None` when this is the last.
    pub next_cursor: Option<i64>,
}
