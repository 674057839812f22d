//! The configuration file as it is written: one struct a section, one field a key.
//!
//! Meaning and default of every key stand in `config/scim-bridge.toml`, which is the lowest layer:
//! a field that is not an `Option` has its default there.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;

use crate::scim::schema::{AttributeType, Mutability, Returned, Uniqueness};

#[derive(Debug, Deserialize)]
pub(super) struct ConfigurationFile {
    pub(super) profiles_dir: Option<String>,
    pub(super) scim: Scim,
    pub(super) ops: Ops,
    pub(super) store: Store,
    pub(super) passwords: Passwords,
    pub(super) log: Log,
    pub(super) delivery: Delivery,
    pub(super) directory: BTreeMap<String, Directory>,
    /// Read only to be introspected: its values reach the appliances before this struct is made.
    #[expect(dead_code, reason = "merged into every appliance as TOML")]
    pub(super) appliance_defaults: Appliance,
    #[serde(default)]
    pub(super) appliance: Vec<Appliance>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Scim {
    pub(super) listen: String,
    pub(super) certificate_file: Option<String>,
    pub(super) key_file: Option<String>,
    pub(super) behind_proxy: bool,
    pub(super) public_url: Option<String>,
    pub(super) max_body_bytes: u32,
    pub(super) bulk_max_operations: u32,
    pub(super) bulk_max_payload_bytes: u32,
    pub(super) max_results: u32,
    pub(super) client_timeout_seconds: f64,
    pub(super) shutdown_timeout_seconds: f64,
    pub(super) workers: u16,
}

#[derive(Debug, Deserialize)]
pub(super) struct Ops {
    pub(super) listen: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Store {
    pub(super) path: String,
    pub(super) readers: u16,
    pub(super) synchronous: Synchronous,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Synchronous {
    Full,
    Normal,
}

#[derive(Debug, Deserialize)]
pub(super) struct Passwords {
    pub(super) sealing_key_file: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Log {
    pub(super) filter: String,
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    Auto,
    Text,
    Json,
}

#[derive(Debug, Deserialize)]
pub(super) struct Delivery {
    pub(super) lease_seconds: f64,
    pub(super) retry_delays_seconds: Vec<f64>,
    pub(super) max_retry_after_seconds: f64,
    pub(super) refused_retry_seconds: f64,
    pub(super) breaker_failures: u32,
    pub(super) breaker_pause_seconds: f64,
    pub(super) sweep_batch: u32,
    pub(super) shutdown_grace_seconds: f64,
    pub(super) password_ttl_hours: u32,
    pub(super) parked_members_ttl_days: u32,
    pub(super) attempts_ttl_days: u32,
    pub(super) audit_ttl_days: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct Directory {
    pub(super) unique_group_names: bool,
    pub(super) patch_answer: PatchAnswer,
    pub(super) match_parked_by_user_name: bool,
    pub(super) unknown_member_on_create: UnknownMember,
    pub(super) strict: bool,
    #[serde(default)]
    pub(super) tolerate: BTreeMap<String, bool>,
    #[serde(default)]
    pub(super) schema: Vec<Schema>,
    #[serde(default)]
    pub(super) token: Vec<Token>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PatchAnswer {
    Resource,
    NoContent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum UnknownMember {
    Accept,
    Refuse,
}

/// An extension of a resource type (RFC 7643 §3.3, §7).
#[derive(Debug, Deserialize)]
pub(super) struct Schema {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) resource: Option<SchemaResource>,
    #[serde(default)]
    pub(super) attribute: Vec<SchemaAttribute>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum SchemaResource {
    User,
    Group,
}

#[derive(Debug, Deserialize)]
pub(super) struct SchemaAttribute {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<AttributeType>,
    pub(super) multi_valued: Option<bool>,
    pub(super) required: Option<bool>,
    pub(super) case_exact: Option<bool>,
    pub(super) mutability: Option<Mutability>,
    pub(super) returned: Option<Returned>,
    pub(super) uniqueness: Option<Uniqueness>,
    pub(super) canonical_values: Option<Vec<String>>,
    pub(super) reference_types: Option<Vec<String>>,
    #[serde(default)]
    pub(super) sub_attributes: Vec<SchemaSubAttribute>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SchemaSubAttribute {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<AttributeType>,
    pub(super) required: Option<bool>,
    pub(super) case_exact: Option<bool>,
    pub(super) canonical_values: Option<Vec<String>>,
    pub(super) reference_types: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Token {
    pub(super) name: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) sha256_file: Option<String>,
    pub(super) token_file: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Appliance {
    pub(super) name: Option<String>,
    pub(super) vendor: Option<String>,
    pub(super) url: Option<String>,
    pub(super) directory: String,
    pub(super) username: Option<String>,
    pub(super) password: Option<SecretString>,
    pub(super) password_file: Option<String>,
    pub(super) token: Option<SecretString>,
    pub(super) token_file: Option<String>,
    pub(super) ca_file: Option<String>,
    pub(super) certificate_sha256: Option<String>,
    pub(super) insecure_tls: Option<bool>,
    pub(super) connect_timeout_seconds: f64,
    pub(super) request_timeout_seconds: f64,
    pub(super) max_response_bytes: u32,
    pub(super) concurrency: u16,
    pub(super) users: String,
    pub(super) groups: String,
    pub(super) on_deactivate: Removal,
    pub(super) on_leave_scope: Removal,
    pub(super) on_delete: Removal,
    pub(super) purge_after_days: Option<u32>,
    pub(super) create_inactive: bool,
    #[expect(
        dead_code,
        reason = "`hold` is the only way of this release; others are refused"
    )]
    pub(super) on_existing: OnExisting,
    #[expect(
        dead_code,
        reason = "`report` is the only way of this release; others are refused"
    )]
    pub(super) drift: Drift,
    pub(super) account_password: AccountPassword,
    pub(super) members: Members,
    #[serde(default)]
    pub(super) bind_groups: BTreeMap<String, String>,
    pub(super) guard: Guard,
    pub(super) user: Option<Overrides>,
    pub(super) group: Option<GroupOverrides>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Removal {
    Disable,
    Delete,
    Keep,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum OnExisting {
    Hold,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Drift {
    Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AccountPassword {
    Generate,
    Sync,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Members {
    Own,
    Authoritative,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Guard {
    pub(super) window_minutes: u32,
    pub(super) max_deletes: u32,
    pub(super) max_deletes_percent: u32,
    pub(super) max_disables: u32,
    pub(super) max_disables_percent: u32,
}

/// Rows of the vendor's translation table, and collections, that this appliance has otherwise.
#[derive(Debug, Deserialize)]
pub(super) struct Overrides {
    #[serde(default)]
    pub(super) fields: BTreeMap<String, toml::Table>,
    #[serde(default)]
    pub(super) collection: BTreeMap<String, toml::Table>,
}

/// The same for groups, of which no vendor has collections.
#[derive(Debug, Deserialize)]
pub(super) struct GroupOverrides {
    pub(super) fields: BTreeMap<String, toml::Table>,
}
