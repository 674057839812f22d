//! Pieces that several views share.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::{AuthSource, DEFAULT_ROLE, Role, SshKey, State, Taxonomy, User};
use crate::dummy_hash::letters;

/// A time as replies have it.
pub(super) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A time as the replies to deletes have it.
pub(super) fn raw_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

pub(super) fn role(role: &Role) -> Value {
    json!({
        "name": role.name,
        "id": role.id,
        "description": role.description,
        "origin": "foreman",
    })
}

/// Those roles that can be given; the default role cannot.
pub(super) fn roles<'a>(state: &State, ids: impl IntoIterator<Item = &'a i64>) -> Value {
    let ids = ids.into_iter().filter(|id| **id != DEFAULT_ROLE);
    ids.filter_map(|id| state.role(*id)).map(role).collect()
}

/// A taxonomy by id and name alone, as lists have it.
pub(super) fn taxonomy_name(taxonomy: &Taxonomy) -> Value {
    json!({"id": taxonomy.id, "name": taxonomy.name})
}

pub(super) fn taxonomy(taxonomy: &Taxonomy) -> Value {
    json!({
        "id": taxonomy.id,
        "name": taxonomy.name,
        "title": taxonomy.name,
        "description": null,
    })
}

pub(super) fn auth_source(source: &AuthSource) -> Value {
    json!({"id": source.id, "type": source.kind, "name": source.name})
}

/// A key, with a fingerprint that differs as the key does.
pub(super) fn ssh_key(user: &User, key: &SshKey) -> Value {
    let mut hasher = DefaultHasher::new();
    key.key.hash(&mut hasher);
    json!({
        "id": key.id,
        "name": key.name,
        "key": key.key,
        "fingerprint": format!("SHA256:{}", letters(hasher.finish(), 43)),
        "user_id": user.id,
        "created_at": time(key.created_at),
        "updated_at": time(key.created_at),
    })
}
