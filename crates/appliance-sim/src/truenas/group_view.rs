//! What a group looks like from outside.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::appliance::TrueNas;
use super::release::Family;
use super::state::{ADMINISTRATORS_GID, Group, READONLY_GID, SHARING_GID};

pub(super) fn full(nas: &TrueNas, group: &Group) -> Value {
    let mut view = Map::new();
    for key in keys(nas.family) {
        view.insert(key.to_owned(), value(nas.family, group, key));
    }
    Value::Object(view)
}

/// 25.10 has `immutable` where the releases before it had `id_type_both`.
fn keys(family: Family) -> impl Iterator<Item = &'static str> {
    let keys = all_keys(family).iter().copied();
    keys.filter(move |key| match *key {
        "id_type_both" => family < Family::Scale2510,
        "immutable" => family >= Family::Scale2510,
        _ => true,
    })
}

/// CORE names a group by `group` alone, the others by `group` and `name`.
fn all_keys(family: Family) -> &'static [&'static str] {
    match family {
        Family::Core13 => &[
            "id",
            "gid",
            "group",
            "builtin",
            "sudo",
            "sudo_nopasswd",
            "sudo_commands",
            "smb",
            "users",
            "local",
            "id_type_both",
        ],
        Family::Scale2410 => &[
            "id",
            "gid",
            "group",
            "builtin",
            "sudo_commands",
            "sudo_commands_nopasswd",
            "smb",
            "users",
            "name",
            "local",
            "id_type_both",
            "sid",
            "roles",
        ],
        Family::Scale2504 | Family::Scale2510 | Family::Scale26 => &[
            "id",
            "gid",
            "name",
            "builtin",
            "sudo_commands",
            "sudo_commands_nopasswd",
            "smb",
            "userns_idmap",
            "group",
            "id_type_both",
            "local",
            "sid",
            "roles",
            "users",
            "immutable",
        ],
    }
}

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
    if family == Family::Scale2410 {
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
