//! What a user looks like from outside.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::appliance::TrueNas;
use super::passwords;
use super::release::Family;
use super::state::{ADMINISTRATORS_GID, Group, READONLY_GID, SHARING_GID, User};
use super::user_keys;

/// The row id of the account that lists from 25.04.1 on end with; more than 31 bits.
pub(super) const CONTAINER_ROOT_ID: i64 = 2_247_000_001;

pub(super) fn full(nas: &TrueNas, user: &User, now: Timestamp) -> Value {
    let mut view = Map::new();
    for key in user_keys::keys(nas.family) {
        view.insert(key.to_owned(), value(nas, user, key, now));
    }
    Value::Object(view)
}

fn value(nas: &TrueNas, user: &User, key: &str, now: Timestamp) -> Value {
    let credential = user.credential.as_ref();
    match key {
        "id" => json!(user.id),
        "uid" => json!(user.uid),
        "username" => json!(user.username),
        "unixhash" => json!(credential.map_or("*", |credential| &credential.unixhash)),
        "smbhash" => json!(passwords::smb_hash(nas.family, user)),
        "home" => json!(user.home),
        "shell" => json!(user.shell),
        "full_name" => json!(user.full_name),
        "builtin" => json!(user.builtin),
        "smb" => json!(user.smb),
        "password_disabled" => json!(user.password_disabled),
        "ssh_password_enabled" => json!(user.ssh_password_enabled),
        "locked" => json!(user.locked),
        "sudo" => json!(user.sudo.all),
        "sudo_nopasswd" => json!(user.sudo.all_nopasswd),
        "sudo_commands" => json!(user.sudo.commands),
        "sudo_commands_nopasswd" => json!(user.sudo.commands_nopasswd),
        "microsoft_account" => json!(user.microsoft_account),
        "attributes" => user.attributes.clone(),
        "email" => json!(user.email),
        "group" => nas
            .state
            .group(user.group)
            .map_or_else(|| json!({}), |group| nested_group(nas.family, group)),
        "groups" => json!(user.groups),
        "sshpubkey" => json!(user.sshpubkey),
        "userns_idmap" => user.userns_idmap.clone(),
        "webshare" => json!(user.webshare),
        "immutable" => json!(user.immutable),
        "local" => json!(true),
        "id_type_both" | "twofactor_auth_configured" | "password_change_required" => json!(false),
        "nt_name" => json!(user.smb.then_some(&user.username)),
        "sid" => json!(
            user.smb
                .then(|| format!("S-1-5-21-1-2-3-{}", 20_000 + user.id))
        ),
        "roles" => json!(roles(nas, user)),
        "api_keys" => json!(api_keys(nas, user)),
        "last_password_change" => credential.map_or(
            Value::Null,
            |credential| json!({"$date": credential.changed.as_millisecond()}),
        ),
        "password_age" => credential.map_or(Value::Null, |credential| {
            json!((now.as_second() - credential.changed.as_second()) / 86_400)
        }),
        "password_history" => json!([]),
        _ => Value::Null,
    }
}

/// The primary group, whose keys kept the prefix of their database columns.
fn nested_group(family: Family, group: &Group) -> Value {
    let mut nested = json!({
        "id": group.id,
        "bsdgrp_gid": group.gid,
        "bsdgrp_group": group.name,
        "bsdgrp_builtin": group.builtin,
    });
    let Value::Object(fields) = &mut nested else {
        return nested;
    };
    let mut add = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    if family.has_sudo_flags() {
        add("bsdgrp_sudo", json!(group.sudo.all));
        add("bsdgrp_sudo_nopasswd", json!(group.sudo.all_nopasswd));
        add("bsdgrp_sudo_commands", json!(group.sudo.commands));
    } else {
        add("bsdgrp_sudo_commands", json!(group.sudo.commands));
        add(
            "bsdgrp_sudo_commands_nopasswd",
            json!(group.sudo.commands_nopasswd),
        );
    }
    add("bsdgrp_smb", json!(group.smb));
    if family >= Family::Scale2504 {
        add("bsdgrp_userns_idmap", json!(0));
    }
    nested
}

fn roles(nas: &TrueNas, user: &User) -> Vec<&'static str> {
    let mut roles = Vec::new();
    for (gid, role) in [
        (ADMINISTRATORS_GID, "FULL_ADMIN"),
        (READONLY_GID, "READONLY_ADMIN"),
        (SHARING_GID, "SHARING_ADMIN"),
    ] {
        if nas.state.is_in(user, gid) {
            roles.push(role);
        }
    }
    if nas.family < Family::Scale2504 && !roles.is_empty() {
        roles.insert(0, "HAS_ALLOW_LIST");
    }
    roles
}

fn api_keys(nas: &TrueNas, user: &User) -> Vec<i64> {
    let key = nas.api_key.as_ref().filter(|key| key.is_of(user));
    key.map(|key| key.id).into_iter().collect()
}

/// The synthetic account at the end of every list: in no table, builtin and locked.
pub(super) fn container_root(family: Family) -> Value {
    let mut view = Map::new();
    for key in user_keys::keys(family) {
        let value = match key {
            "id" => json!(CONTAINER_ROOT_ID),
            "uid" => json!(2_147_000_001_i64),
            "username" | "full_name" => json!("truenas_container_unpriv_root"),
            "unixhash" | "smbhash" => json!("*"),
            "home" => json!(family.no_home()),
            "shell" => json!("/usr/sbin/nologin"),
            "builtin" | "locked" | "local" | "immutable" | "password_disabled" => json!(true),
            "group" => json!({
                "id": CONTAINER_ROOT_ID,
                "bsdgrp_gid": 2_147_000_001_i64,
                "bsdgrp_group": "truenas_container_unpriv_root",
                "bsdgrp_builtin": true,
                "bsdgrp_sudo_commands": [],
                "bsdgrp_sudo_commands_nopasswd": [],
                "bsdgrp_smb": false,
                "bsdgrp_userns_idmap": 0,
            }),
            "groups"
            | "sudo_commands"
            | "sudo_commands_nopasswd"
            | "password_history"
            | "roles"
            | "api_keys" => json!([]),
            "smb"
            | "ssh_password_enabled"
            | "id_type_both"
            | "twofactor_auth_configured"
            | "webshare"
            | "password_change_required" => json!(false),
            _ => Value::Null,
        };
        view.insert(key.to_owned(), value);
    }
    Value::Object(view)
}

/// The passwd-like view of `user.get_user_obj`.
pub(super) fn passwd(nas: &TrueNas, user: &User) -> Value {
    let gid = nas.state.group(user.group).map_or(0, |group| group.gid);
    let common = json!({
        "pw_name": user.username,
        "pw_gecos": user.full_name,
        "pw_dir": user.home,
        "pw_shell": user.shell,
        "pw_uid": user.uid,
        "pw_gid": gid,
    });
    let mut view = common;
    let Value::Object(fields) = &mut view else {
        return view;
    };
    let mut add = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    if nas.family.is_core() {
        let gids = user.groups.iter().filter_map(|id| nas.state.group(*id));
        let list: Vec<i64> = [gid]
            .into_iter()
            .chain(gids.map(|group| group.gid))
            .collect();
        add("grouplist", json!(list));
    } else {
        add("source", json!("LOCAL"));
        add("grouplist", Value::Null);
        add("local", json!(true));
        add("sid", Value::Null);
    }
    view
}
