//! What the configuration says of a directory.

use std::sync::Arc;

use crate::scim::Tolerances;
use crate::scim::assignable::Assignable;
use crate::scim::schema::SchemaSet;

/// One identity provider's name space.
#[derive(Debug, Clone)]
pub struct DirectorySettings {
    /// Its name; `default` always exists. Others stand in their URL.
    pub name: String,
    /// Who may write to it.
    pub tokens: Vec<TokenSettings>,
    /// Whether two groups may not have the same `displayName`.
    pub unique_group_names: bool,
    /// Whether a PATCH is answered with 204 in place of 200 and the resource.
    pub patch_no_content: bool,
    /// Whether a parked member value may also match a `userName`.
    pub match_parked_by_user_name: bool,
    /// Whether a group is created although nobody is known by a member's id; else it is refused.
    pub accept_unknown_members: bool,
    /// What its clients may do that the RFCs, or the profiles of them, do not ask for.
    pub tolerances: Tolerances,
    /// The schemas of RFC 7643 and those that the deployment declares.
    pub schemas: Arc<SchemaSet>,
    /// The roles and entitlements that identity providers can choose from, in the order of their
    /// lists.
    pub assignables: Vec<Assignable>,
}

/// A bearer token, as its digest.
#[derive(Debug, Clone)]
pub struct TokenSettings {
    /// Its name in the audit trail.
    pub name: String,
    /// SHA-256 of the token.
    pub sha256: [u8; 32],
}
