//! Privileges: which groups have which roles. The three that come with the system, to be read.

use serde_json::{Value, json};

use super::appliance::TrueNas;
use super::group_view;
use super::query::Query;
use super::reply::Refusal;
use super::state::{ADMINISTRATORS_GID, READONLY_GID, SHARING_GID};

/// Name in the code, title, group and role.
const PRIVILEGES: [(&str, &str, i64, &str); 3] = [
    (
        "LOCAL_ADMINISTRATOR",
        "Local Administrator",
        ADMINISTRATORS_GID,
        "FULL_ADMIN",
    ),
    (
        "READONLY_ADMINISTRATOR",
        "Read-Only Administrator",
        READONLY_GID,
        "READONLY_ADMIN",
    ),
    (
        "SHARING_ADMINISTRATOR",
        "Sharing Administrator",
        SHARING_GID,
        "SHARING_ADMIN",
    ),
];

pub(super) fn list(nas: &TrueNas, query: &Query) -> Result<Value, Refusal> {
    query.answer(nas.family, all(nas))
}

pub(super) fn get(nas: &TrueNas, id: i64) -> Result<Value, Refusal> {
    all(nas)
        .find(|privilege| privilege.get("id") == Some(&json!(id)))
        .ok_or(Refusal::NotFound)
}

/// Groups are named by gid when a privilege is written, and shown whole when it is read.
fn all(nas: &TrueNas) -> impl Iterator<Item = Value> {
    (1..).zip(PRIVILEGES).map(|(id, (code, title, gid, role))| {
        let groups = nas.state.group_by_gid(gid).into_iter();
        let groups: Vec<Value> = groups.map(|group| group_view::full(nas, group)).collect();
        json!({
            "id": id,
            "builtin_name": code,
            "name": title,
            "local_groups": groups,
            "ds_groups": [],
            "roles": [role],
            "web_shell": gid == ADMINISTRATORS_GID,
        })
    })
}
