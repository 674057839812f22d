//! The durable state: resources, members, links, claims, sweeps, leases.
//!
//! [`Store`] takes commands (plain data in, outcome out); no transaction crosses it. A command that
//! was computed from a resource carries the version it was computed from, and is computed again
//! above when the version has moved on. Member changes are deltas. Nothing outside this module
//! knows SQL. All times are milliseconds since the Unix epoch and are given by the caller.

mod command;
#[cfg(test)]
pub(crate) mod contract;
mod error;
mod link;
mod report;
mod resource;
pub mod sqlite;

use async_trait::async_trait;

pub use command::{
    AdmitDestruction, ClaimKey, CreateResource, DeleteResource, MemberDelta, NewMember,
    RecordOutcome, RegisterAppliance, Targets, UpdateResource, Verdict, WriteContext,
};
pub use error::StoreError;
pub use link::{
    AccountState, Admission, Claim, ClaimHolder, ClaimOutcome, Destruction, DueLinks,
    FormerAccount, GuardHold, Inheritance, Intent, KeySuffix, LastingNotes, Lease, Link, LinkError,
    LinkProgress, LinkState, LinkWork, LinkedMember, Ownership, Recorded, SealedPassword,
    SweepBatch, SweepKind, SweepRow, Tombstone,
};
pub use report::{ApplianceReport, LinkCount, LinkFilter, LinkReport, ParkedMember};
pub use resource::{
    CreateOutcome, DeleteOutcome, GroupReference, IndexKeys, Lookup, MemberReference, Page,
    Relations, StoredResource, UpdateOutcome,
};

use crate::scim::ResourceKind;

/// The store of one scim-bridge, or of several replicas that share it.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    // ---- the directory side -------------------------------------------------------------

    /// Adds a resource, its members, its due links, and an audit event, in one commit.
    async fn create_resource(&self, command: CreateResource) -> Result<CreateOutcome, StoreError>;

    /// Changes a resource, its members, or both, in one commit.
    async fn update_resource(&self, command: UpdateResource) -> Result<UpdateOutcome, StoreError>;

    /// Removes a resource; its name is free at once. Links that have (or may have) an account stay
    /// with a tombstone until the account has been dealt with.
    async fn delete_resource(&self, command: DeleteResource) -> Result<DeleteOutcome, StoreError>;

    /// One resource, with its relations if asked for.
    async fn resource(
        &self,
        directory: &str,
        kind: ResourceKind,
        id: &str,
        expand: bool,
    ) -> Result<Option<StoredResource>, StoreError>;

    /// The resources that an index finds after a sequence number, oldest first, at most `limit`.
    async fn lookup(
        &self,
        directory: &str,
        kind: ResourceKind,
        lookup: Lookup,
        after_sequence: i64,
        limit: u32,
        expand: bool,
    ) -> Result<Vec<StoredResource>, StoreError>;

    /// A page of all resources of a kind, oldest first, with their number.
    async fn page(
        &self,
        directory: &str,
        kind: ResourceKind,
        offset: u64,
        limit: u32,
        expand: bool,
    ) -> Result<Page, StoreError>;

    /// The next resources after a sequence number, oldest first: a scan in batches.
    async fn scan(
        &self,
        directory: &str,
        kind: ResourceKind,
        after_sequence: i64,
        limit: u32,
        expand: bool,
    ) -> Result<Vec<StoredResource>, StoreError>;

    /// All groups that a user is in, directly or through other groups.
    async fn effective_groups(
        &self,
        directory: &str,
        user_id: &str,
    ) -> Result<Vec<GroupReference>, StoreError>;

    /// Whether a group has more direct members than `limit`. Costs no more than `limit` rows, and
    /// reads none of the members' documents.
    async fn has_more_members_than(
        &self,
        directory: &str,
        group_id: &str,
        limit: u32,
    ) -> Result<bool, StoreError>;

    // ---- appliances and leases ----------------------------------------------------------

    /// Tells the store which appliances the configuration knows now. New ones and ones with
    /// another digest or other directories get a sweep of each directory, which covers the links that
    /// an appliance has of directories that it served before too; ones that are missing are detached; ones that return are attached
    /// again with a sweep that only adds missing links.
    async fn register_appliances(
        &self,
        appliances: Vec<RegisterAppliance>,
        now_ms: i64,
    ) -> Result<(), StoreError>;

    /// Takes the lease of an appliance if it is free or has run out. A new epoch begins; links in
    /// flight under an older epoch become uncertain and due.
    async fn acquire_lease(
        &self,
        appliance: &str,
        owner: &str,
        now_ms: i64,
        duration_ms: i64,
    ) -> Result<Option<Lease>, StoreError>;

    /// Prolongs a lease; `false` if the epoch is no longer the current one.
    async fn renew_lease(
        &self,
        appliance: &str,
        epoch: i64,
        now_ms: i64,
        duration_ms: i64,
    ) -> Result<bool, StoreError>;

    /// Gives a lease back, and puts links still in flight under it back to pending. Links whose
    /// write may have happened were recorded as uncertain before.
    async fn release_lease(&self, appliance: &str, epoch: i64) -> Result<(), StoreError>;

    // ---- links --------------------------------------------------------------------------

    /// Takes due links, by priority and due time, and marks them in flight under the epoch.
    async fn take_due_links(
        &self,
        appliance: &str,
        epoch: i64,
        now_ms: i64,
        limit: u32,
    ) -> Result<DueLinks, StoreError>;

    /// Claims an account key for a link. Claiming a key that the link already holds succeeds.
    async fn claim_key(&self, command: ClaimKey) -> Result<ClaimOutcome, StoreError>;

    /// Who holds an account key on an appliance. Nothing is claimed.
    async fn key_holder(
        &self,
        appliance: &str,
        namespace: &str,
        key: &str,
    ) -> Result<Option<ClaimHolder>, StoreError>;

    /// The keys that the link of a resource holds on an appliance.
    async fn resource_claims(
        &self,
        appliance: &str,
        resource_id: &str,
    ) -> Result<Vec<Claim>, StoreError>;

    /// How many groups with a link on the appliance, of which a user is a member directly or through
    /// others, have yet to be written there.
    async fn unsettled_groups(&self, link_id: i64) -> Result<u64, StoreError>;

    /// Records, after a look-up showed the key free, that an account is about to be created.
    async fn record_intent(
        &self,
        appliance: &str,
        epoch: i64,
        link_id: i64,
        intent: Intent,
    ) -> Result<(), StoreError>;

    /// Saves how far a link has come while work on it goes on (between two writes to the vendor).
    async fn checkpoint(
        &self,
        appliance: &str,
        epoch: i64,
        link_id: i64,
        progress: LinkProgress,
    ) -> Result<(), StoreError>;

    /// Records the end of an attempt, releases claims that are no longer needed, wakes links that
    /// waited for them, and makes the links of groups due whose member got or lost an account.
    /// A link that comes to rest wakes those too that wait for a key which it keeps: it is settled
    /// now that it does.
    async fn record_outcome(&self, command: RecordOutcome) -> Result<Recorded, StoreError>;

    /// Asks whether one more account may be disabled or deleted within the guard's window. That an
    /// account is about to be disabled is noted in the link's progress with the admission.
    async fn admit_destruction(&self, command: AdmitDestruction) -> Result<Admission, StoreError>;

    /// Hands the account of a tombstone's link over to the link of a new resource: remote id,
    /// applied fields, claims. The old link ends. Nothing is handed over of a link that is in flight,
    /// because its attempt may be deleting the account, nor of one that has ended.
    async fn inherit_account(
        &self,
        appliance: &str,
        epoch: i64,
        from_link: i64,
        to_link: i64,
    ) -> Result<Inheritance, StoreError>;

    // ---- sweeps -------------------------------------------------------------------------

    /// The next batch of the oldest sweep of an appliance; `None` when there is no sweep.
    async fn sweep_batch(
        &self,
        appliance: &str,
        limit: u32,
    ) -> Result<Option<SweepBatch>, StoreError>;

    /// Makes the links of the batch's resources due (creating them for those listed in `wanted`),
    /// and moves the cursor on; a sweep whose last batch this was ends.
    async fn apply_sweep(
        &self,
        appliance: &str,
        epoch: i64,
        batch: &SweepBatch,
        wanted: Vec<String>,
        now_ms: i64,
    ) -> Result<(), StoreError>;

    // ---- reports and upkeep -------------------------------------------------------------

    /// The state of links, for `status` and the console.
    async fn link_report(&self, filter: LinkFilter) -> Result<Vec<LinkReport>, StoreError>;

    /// The state of appliances.
    async fn appliance_report(&self) -> Result<Vec<ApplianceReport>, StoreError>;

    /// How many links of each appliance are in which state, and since when the oldest is due.
    async fn link_counts(&self) -> Result<Vec<LinkCount>, StoreError>;

    /// Members that groups name and no user answers to yet.
    async fn parked_members(&self) -> Result<Vec<ParkedMember>, StoreError>;

    /// Persists the state of an appliance's breaker, as text that only the delivery reads.
    async fn save_breaker(
        &self,
        appliance: &str,
        epoch: i64,
        breaker: String,
    ) -> Result<(), StoreError>;

    /// Forgets what has outlived its time: parked members, passwords, attempts, guard entries,
    /// audit events; each `*_before_ms` in the argument is a limit for rows of that kind. Links
    /// that a forgotten password was still to be delivered to become due: they have to do without.
    async fn prune(&self, limits: PruneLimits) -> Result<(), StoreError>;

    /// Writes something and takes it back: proof for `/readyz` that the store can be written.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// Up to when rows of each kind are forgotten (milliseconds since the Unix epoch).
#[derive(Debug, Clone, Copy)]
pub struct PruneLimits {
    /// Now.
    pub now_ms: i64,
    /// Parked members that were parked before.
    pub parked_before_ms: i64,
    /// Sealed passwords from before.
    pub passwords_before_ms: i64,
    /// Attempts from before.
    pub attempts_before_ms: i64,
    /// Guard entries from before.
    pub guard_before_ms: i64,
    /// Audit events from before.
    pub audit_before_ms: i64,
}
