//! What a group looks like from outside.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::appliance::TrueNas;
use super::release::Family;
use super::release::Family::{
    Core12, Scale26, Scale2202, Scale2212, Scale2404, Scale2504, Scale2510,
};
use super::state::{ADMINISTRATORS_GID, Group, READONLY_GID, SHARING_GID};

pub(super) fn full(nas: &TrueNas, group: &Group) -> Value {
    let mut view = Map::new();
    for key in keys(nas.family) {
        view.insert(key.to_owned(), value(nas.family, group, key));
    }
    Value::Object(view)
}

/// CORE names a group by `group` alone, the others by `group` and `name`.
fn keys(family: Family) -> impl Iterator<Item = &'static str> {
    KEYS.iter()
        .filter(move |(_, since, until)| (*since..=*until).contains(&family))
        .map(|(key, _, _)| *key)
}

/// Each key with the first and the last family that has it.
const KEYS: &[(&str, Family, Family)] = &[
    ("id", Core12, Scale26),
    ("gid", Core12, Scale26),
    ("group", Core12, Scale26),
    ("name", Scale2202, Scale26),
    ("builtin", Core12, Scale26),
    ("sudo", Core12, Scale2202),
    ("sudo_nopasswd", Core12, Scale2202),
    ("sudo_commands", Core12, Scale26),
    ("sudo_commands_nopasswd", Scale2212, Scale26),
    ("smb", Core12, Scale26),
    ("userns_idmap", Scale2504, Scale26),
    ("users", Core12, Scale26),
    ("local", Core12, Scale26),
    ("id_type_both", Core12, Scale2504),
    ("nt_name", Scale2202, Scale2404),
    ("sid", Scale2202, Scale26),
    ("roles", Scale2404, Scale26),
    ("immutable", Scale2510, Scale26),
];

fn value(family: Family, group: &Group, key: &str) -> Value {
    match key {
        "id" => json!(group.id),
        "gid" => json!(group.gid),
        "name" | "group" => json!(group.name),
        "builtin" => json!(group.builtin),
        "sudo" => json!(group.sudo.all),
        "sudo_nopasswd" => json!(group.sudo.all_nopasswd),
        "sudo_commands" => json!(group.sudo.commands),
        "sudo_commands_nopasswd" => json!(group.sudo.commands_nopasswd),
        "smb" => json!(group.smb),
        "userns_idmap" => group.userns_idmap.clone(),
        "users" => json!(users(group)),
        "local" => json!(true),
        "id_type_both" | "immutable" => json!(false),
        "nt_name" => json!(group.smb.then_some(&group.name)),
        "sid" => json!(
            group
                .smb
                .then(|| format!("S-1-5-21-1-2-3-{}", 200_000 + group.id))
        ),
        "roles" => json!(roles(family, group)),
        _ => Value::Null,
    }
}

/// Members by membership and by primary group, together.
fn users(group: &Group) -> BTreeSet<i64> {
    group.members.union(&group.primary_of).copied().collect()
}

fn roles(family: Family, group: &Group) -> Vec<&'static str> {
    let role = match group.gid {
        ADMINISTRATORS_GID => "FULL_ADMIN",
        READONLY_GID => "READONLY_ADMIN",
        SHARING_GID => "SHARING_ADMIN",
        _ => return Vec::new(),
    };
    if family < Family::Scale2504 {
        vec!["HAS_ALLOW_LIST", role]
    } else {
        vec![role]
    }
}

/// The grp-like view of `group.get_group_obj`.
pub(super) fn grp(nas: &TrueNas, group: &Group) -> Value {
    let members = group.members.iter().filter_map(|id| nas.state.user(*id));
    let names: Vec<&str> = members.map(|user| user.username.as_str()).collect();
    let mut view = json!({"gr_name": group.name, "gr_gid": group.gid, "gr_mem": names});
    if let Value::Object(fields) = &mut view
        && !nas.family.is_core()
    {
        fields.insert("source".to_owned(), json!("LOCAL"));
        fields.insert("local".to_owned(), json!(true));
        fields.insert("sid".to_owned(), Value::Null);
    }
    view
}
