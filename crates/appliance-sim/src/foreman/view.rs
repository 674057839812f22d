//! Pieces that several views share.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::{AuthSource, DEFAULT_ROLE, Role, State, Taxonomy};

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
