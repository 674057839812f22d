//! What the directory side reads and gets back.

use crate::scim::ResourceKind;

/// A resource as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredResource {
    /// Grows with every creation and is never used twice: the order of pages and scans.
    pub sequence: i64,
    /// Whose resource it is.
    pub directory: String,
    /// User or Group.
    pub kind: ResourceKind,
    /// The SCIM id.
    pub id: String,
    /// Grows with every change.
    pub version: i64,
    /// When it was created.
    pub created_ms: i64,
    /// When it was last changed.
    pub modified_ms: i64,
    /// How often `active` went from false to true.
    pub activations: i64,
    /// The JSON object that is sent to clients, less what other rows decide: `meta`, `members`,
    /// `groups`. It holds `schemas` and `id`.
    pub document: String,
    /// Filled in if the caller asked for it.
    pub relations: Relations,
}

/// What a resource owes to other rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Relations {
    /// Of a user: the groups it is a direct member of.
    pub groups: Vec<GroupReference>,
    /// Of a group: its members, in the order in which they were added.
    pub members: Vec<MemberReference>,
}

/// A group, as its members' `groups` shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupReference {
    /// The group's SCIM id.
    pub id: String,
    /// Its `displayName`.
    pub display: String,
    /// Its `externalId`.
    pub external_id: Option<String>,
    /// `false` if the user is in it through another group only.
    pub direct: bool,
}

/// A member, as its group's `members` shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberReference {
    /// The member's SCIM id.
    pub id: String,
    /// User or Group.
    pub kind: ResourceKind,
    /// What the client sent, until the member's own name changes; then the member's
    /// `displayName`.
    pub display: Option<String>,
}

/// The values by which resources are looked up. Case-insensitive ones are folded
/// ([`crate::scim::fold`]) by the caller.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexKeys {
    /// Folded `userName` of a user, folded `displayName` of a group: unique in its directory and
    /// kind (unless the caller leaves it out).
    pub name: Option<String>,
    /// Folded `displayName`.
    pub display_name: Option<String>,
    /// The plain `displayName`, as members and groups show it.
    pub display: Option<String>,
    /// `externalId`, which is case-exact.
    pub external_id: Option<String>,
    /// Folded e-mail values.
    pub emails: Vec<String>,
}

/// A question that an index answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// By SCIM id.
    Id(String),
    /// By folded `userName` (users) or folded `displayName` (groups).
    Name(String),
    /// By folded `displayName`.
    DisplayName(String),
    /// By `externalId`.
    ExternalId(String),
    /// Users by folded e-mail value.
    Email(String),
    /// Groups that have this member directly.
    HasMember(String),
    /// Members, of the kind asked for, of the group with this id.
    MemberOf(String),
}

/// A page of resources.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The resources of the page.
    pub resources: Vec<StoredResource>,
    /// How many there are in all.
    pub total: u64,
}

/// What became of a creation.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateOutcome {
    /// Done.
    Created(Box<StoredResource>),
    /// The name is taken by the resource with this id.
    NameTaken(String),
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum UpdateOutcome {
    /// Done; `changed` is false when nothing differed, and then the version stayed.
    Updated {
        /// Whether anything differed.
        changed: bool,
        /// The resource after the change, without relations.
        resource: Box<StoredResource>,
    },
    /// The name is taken by the resource with this id.
    NameTaken(String),
    /// The resource has moved on since the command was computed.
    VersionMismatch,
    /// There is no such resource.
    NotFound,
}

/// What became of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeleteOutcome {
    /// Done.
    Deleted,
    /// The resource has moved on since the command was computed.
    VersionMismatch,
    /// There is no such resource.
    NotFound,
}
