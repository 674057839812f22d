//! Commands: plain data that says what is to be written.

use std::collections::BTreeSet;

use super::link::{Claim, Destruction, KeySuffix, LinkProgress};
use super::resource::IndexKeys;
use crate::scim::ResourceKind;

/// Who asks, by which request, and when: goes into the audit event and the links.
#[derive(Debug, Clone)]
pub struct WriteContext {
    /// The id of the SCIM request.
    pub request_id: String,
    /// The name of the token that was used.
    pub actor: String,
    /// Now.
    pub now_ms: i64,
}

/// Which links a change concerns.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// Appliances on which a link of the resource is to exist. Links that exist already become due
    /// in any case.
    pub ensure: Vec<String>,
    /// Appliances whose scope or table reads `groups`: there, links of users who join or leave a
    /// group become due too (and are created if missing; the delivery judges the scope). Large
    /// changes become a sweep.
    pub members: Vec<String>,
}

/// A member to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// The member's SCIM id; a value that the directory does not know is parked.
    pub value: String,
    /// The `display` that the client sent.
    pub display: Option<String>,
}

/// A change to the members of a group; deltas are applied in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberDelta {
    /// Adds members; those who are in already stay as they are.
    Add(Vec<NewMember>),
    /// Takes members out; those who are not in are passed over. Parked values are meant too.
    Remove(Vec<String>),
    /// Makes this the whole list.
    Replace(Vec<NewMember>),
}

/// Adds a resource.
#[derive(Debug, Clone)]
pub struct CreateResource {
    /// Who and when.
    pub context: WriteContext,
    /// Whose resource.
    pub directory: String,
    /// User or Group.
    pub kind: ResourceKind,
    /// The new SCIM id.
    pub id: String,
    /// See [`super::StoredResource::document`].
    pub document: String,
    /// Look-up values.
    pub keys: IndexKeys,
    /// Of a group: its members.
    pub members: Vec<NewMember>,
    /// A sealed password and the appliances that are to get it.
    pub password: Option<(Vec<u8>, Vec<String>)>,
    /// Which links.
    pub targets: Targets,
    /// Whether a parked member value may also match the `userName`, not only the `externalId`.
    pub match_parked_by_name: bool,
}

/// Changes a resource.
#[derive(Debug, Clone)]
pub struct UpdateResource {
    /// Who and when.
    pub context: WriteContext,
    /// Whose resource.
    pub directory: String,
    /// User or Group.
    pub kind: ResourceKind,
    /// Which one.
    pub id: String,
    /// The version that the new document was computed from; `None` where only members change, as
    /// deltas commute with other changes.
    pub expected_version: Option<i64>,
    /// The new document and its look-up values; `None` leaves both alone.
    pub document: Option<(String, IndexKeys)>,
    /// Member changes, applied in order.
    pub members: Vec<MemberDelta>,
    /// Whether `active` goes from false to true.
    pub activated: bool,
    /// A sealed password and the appliances that are to get it.
    pub password: Option<(Vec<u8>, Vec<String>)>,
    /// Which links.
    pub targets: Targets,
    /// Whether a parked member value may also match the `userName`, not only the `externalId`.
    pub match_parked_by_name: bool,
}

/// Removes a resource.
#[derive(Debug, Clone)]
pub struct DeleteResource {
    /// Who and when.
    pub context: WriteContext,
    /// Whose resource.
    pub directory: String,
    /// User or Group.
    pub kind: ResourceKind,
    /// Which one.
    pub id: String,
    /// The version that is meant; `None` deletes whatever stands.
    pub expected_version: Option<i64>,
    /// Which links (of members, if a group goes).
    pub targets: Targets,
}

/// An appliance that the configuration knows.
#[derive(Debug, Clone)]
pub struct RegisterAppliance {
    /// Its name.
    pub name: String,
    /// The directories that it serves.
    pub directories: BTreeSet<String>,
    /// Which kinds of resources it may get.
    pub kinds: Vec<ResourceKind>,
    /// Digest of its effective profile, scopes and policies.
    pub digest: String,
}

/// Claims an account key.
#[derive(Debug, Clone)]
pub struct ClaimKey {
    /// On which appliance.
    pub appliance: String,
    /// Under which epoch.
    pub epoch: i64,
    /// For which link.
    pub link_id: i64,
    /// The profile's name space.
    pub namespace: String,
    /// The key, folded as the vendor compares it.
    pub key: String,
    /// The suffix that is in the key; a key that the link holds already becomes a suffixed one.
    pub suffix: Option<KeySuffix>,
}

/// Asks the guard.
#[derive(Debug, Clone)]
pub struct AdmitDestruction {
    /// On which appliance.
    pub appliance: String,
    /// Under which epoch.
    pub epoch: i64,
    /// For which link. One that was admitted is admitted again, without counting anew, until its
    /// destruction has been recorded (or is not wanted any more) and the window has passed.
    pub link_id: i64,
    /// What is to be done.
    pub destruction: Destruction,
    /// Start of the window.
    pub since_ms: i64,
    /// Now.
    pub now_ms: i64,
    /// At least so many are allowed within the window.
    pub max_count: u32,
    /// Or this share of the appliance's accounts, in per cent, if that is more.
    pub max_share_percent: u32,
}

/// How an attempt at a link ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The appliance is as desired.
    Done,
    /// Try again at that time; `class` and `message` say why.
    Retry {
        /// When.
        at_ms: i64,
        /// Failure class.
        class: String,
        /// A sentence for the operator.
        message: String,
    },
    /// Wait until the key is free, which another link holds.
    WaitForKey {
        /// `waiting`, or `conflict` where nobody is expected to let go of the key by itself.
        class: String,
        /// The profile's name space.
        namespace: String,
        /// The folded key.
        key: String,
        /// A sentence for the operator.
        message: String,
        /// Look again by then in any case.
        until_ms: i64,
    },
    /// Held until an operator decides (guard, existing account).
    Hold {
        /// `guard` or `existing`.
        class: String,
        /// A sentence for the operator.
        message: String,
    },
    /// Cannot be done as it is; waits for another change.
    Refuse {
        /// Failure class.
        class: String,
        /// A sentence for the operator.
        message: String,
    },
    /// The account has been disabled in place of deletion; purge it at that time.
    PurgeAt {
        /// When.
        at_ms: i64,
    },
    /// Nothing is left to be linked: the link ends and its claims are released.
    Gone,
}

/// Records the end of an attempt.
#[derive(Debug, Clone)]
pub struct RecordOutcome {
    /// On which appliance.
    pub appliance: String,
    /// Under which epoch.
    pub epoch: i64,
    /// Which link.
    pub link_id: i64,
    /// The desired generation that the attempt worked towards.
    pub generation: i64,
    /// How far the link has come.
    pub progress: LinkProgress,
    /// The keys that the link goes on holding; others are released.
    pub keep_claims: Vec<Claim>,
    /// How it ended.
    pub verdict: Verdict,
    /// When the attempt began.
    pub started_ms: i64,
    /// Now.
    pub now_ms: i64,
}
