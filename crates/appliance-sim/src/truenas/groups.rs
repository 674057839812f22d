//! Creating, changing and deleting groups.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::appliance::TrueNas;
use super::names;
use super::release::Family;
use super::reply::{Complaints, EACCES, EEXIST, Refusal};
use super::schema::Argument;
use super::schema_fields::{GROUP, GROUP_DELETE};
use super::state::{Group, State, Sudo};
use super::user_rules::sudo_complaints;

pub(super) fn create(nas: &mut TrueNas, body: &Value) -> Result<Value, Refusal> {
    let argument = Argument {
        method: "group_create",
        model: "GroupCreate",
        fields: GROUP,
        create: true,
    };
    let given = argument.check(nas.family, body)?;
    let mut group = Group::new(nas.state.gids.next());
    apply(&mut group, &given);
    let mut complaints = Complaints::of(argument.method);
    check(nas, None, &group, &given, &mut complaints);
    complaints.check()?;
    group.id = nas.state.next_group_id();
    let id = group.id;
    nas.state.put_group(group);
    if let Some(users) = given.get("users") {
        nas.state.set_members(id, &row_ids(users));
    }
    Ok(json!(id))
}

pub(super) fn update(nas: &mut TrueNas, id: i64, body: &Value) -> Result<Value, Refusal> {
    let argument = Argument {
        method: "group_update",
        model: "GroupUpdate",
        fields: GROUP,
        create: false,
    };
    let given = argument.check(nas.family, body)?;
    let before = existing(nas, id)?.clone();
    let mut group = before.clone();
    apply(&mut group, &given);
    let mut complaints = Complaints::of(argument.method);
    if before.builtin && before.name != group.name {
        complaints.add("name", "This attribute cannot be changed");
    }
    check(nas, Some(&before), &group, &given, &mut complaints);
    complaints.check()?;
    let primary_of = group.primary_of.clone();
    nas.state.put_group(group);
    if let Some(users) = given.get("users") {
        // Nobody gets a membership row beside the primary group.
        let explicit = row_ids(users).difference(&primary_of).copied().collect();
        nas.state.set_members(id, &explicit);
    }
    Ok(json!(id))
}

pub(super) fn delete(nas: &mut TrueNas, id: i64, body: &Value) -> Result<Value, Refusal> {
    let argument = Argument::of_delete(
        nas.family,
        "group_delete",
        "GroupDeleteOptions",
        GROUP_DELETE,
    );
    let options = argument.check(nas.family, body)?;
    let group = existing(nas, id)?;
    if group.builtin {
        return Err(Refusal::call("A built-in group cannot be deleted.", EACCES));
    }
    let primary_of = group.primary_of.clone();
    if options.get("delete_users") == Some(&Value::Bool(true)) {
        for user in primary_of {
            nas.state.remove_user(user);
        }
    }
    let nogroup = nas.state.group_named("nogroup").map(|group| group.id);
    nas.state.remove_group(id, nogroup);
    Ok(json!(id))
}

/// Makes the group of a new user; not for SMB, and without asking what else has that name.
pub(super) fn create_primary(state: &mut State, name: &str) -> i64 {
    let mut group = Group::new(state.gids.next());
    name.clone_into(&mut group.name);
    group.smb = false;
    group.id = state.next_group_id();
    let id = group.id;
    state.put_group(group);
    id
}

/// Removes what was the primary group of a deleted user, unless somebody else uses it.
pub(super) fn delete_if_unused(state: &mut State, id: i64) {
    let unused = state.group(id).is_some_and(|group| {
        !group.builtin && group.primary_of.is_empty() && group.members.is_empty()
    });
    if unused {
        state.remove_group(id, None);
    }
}

/// Puts one of the sudo keys in place, for users and groups alike.
pub(super) fn apply_sudo(sudo: &mut Sudo, key: &str, value: &Value) {
    let flag = value == &Value::Bool(true);
    let texts = || {
        let list = value.as_array().into_iter().flatten();
        list.filter_map(|text| text.as_str().map(str::to_owned))
            .collect()
    };
    match key {
        "sudo" => sudo.all = flag,
        "sudo_nopasswd" => sudo.all_nopasswd = flag,
        "sudo_commands" => sudo.commands = texts(),
        "sudo_commands_nopasswd" => sudo.commands_nopasswd = texts(),
        _ => {}
    }
}

fn existing(nas: &TrueNas, id: i64) -> Result<&Group, Refusal> {
    nas.state
        .group(id)
        .ok_or_else(|| Refusal::NoSuchRow(format!("Group {id} does not exist")))
}

fn apply(group: &mut Group, given: &Map<String, Value>) {
    for (key, value) in given {
        match key.as_str() {
            "name" => value
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut group.name),
            "gid" => group.gid = value.as_i64().unwrap_or(group.gid),
            "smb" => group.smb = value == &Value::Bool(true),
            "userns_idmap" => group.userns_idmap = value.clone(),
            _ => apply_sudo(&mut group.sudo, key, value),
        }
    }
}

fn check(
    nas: &TrueNas,
    before: Option<&Group>,
    after: &Group,
    given: &Map<String, Value>,
    complaints: &mut Complaints,
) {
    check_name(nas, before, after, given, complaints);
    let duplicate_allowed = given.get("allow_duplicate_gid") == Some(&Value::Bool(true));
    let keeps_gid = before.is_some_and(|before| before.gid == after.gid);
    if !duplicate_allowed && !keeps_gid && nas.state.gids.is_taken(after.gid) {
        let owner = nas.state.group_by_gid(after.gid);
        let owner = owner.map_or("another", |group| group.name.as_str());
        let message = format!("Gid {} is already used (group {owner} has it)", after.gid);
        complaints.add_errno("gid", message, EEXIST);
    }
    if let Some(users) = given.get("users") {
        check_users(nas, after, &row_ids(users), complaints);
    }
    for key in ["sudo_commands", "sudo_commands_nopasswd"] {
        if let Some(Value::Array(commands)) = given.get(key) {
            sudo_complaints(nas.family, key, commands, complaints);
        }
    }
}

fn check_name(
    nas: &TrueNas,
    before: Option<&Group>,
    after: &Group,
    given: &Map<String, Value>,
    complaints: &mut Complaints,
) {
    let name = after.name.as_str();
    let others = || {
        nas.state
            .groups_like(name)
            .filter(|group| group.id != after.id)
    };
    if given.contains_key("name") {
        if others().any(|group| group.name == name) {
            let message = format!("A Group with the name \"{name}\" already exists.");
            return complaints.add_errno("name", message, EEXIST);
        }
        if nas.family <= Family::Scale2410
            && let Some(message) = names::blacklist_complaint(name)
        {
            return complaints.add("name", message);
        }
    }
    let newly_smb = before.is_none_or(|before| !before.smb || before.name != after.name);
    if after.smb && newly_smb && others().any(|group| group.smb) {
        let message = format!(
            "Group name \"{name}\" conflicts with an existing SMB group. SMB group names are case-insensitive."
        );
        complaints.add_errno("name", message, EEXIST);
    }
}

fn check_users(nas: &TrueNas, group: &Group, users: &BTreeSet<i64>, complaints: &mut Complaints) {
    let missing: Vec<String> = users
        .iter()
        .filter(|id| nas.state.user(**id).is_none())
        .map(i64::to_string)
        .collect();
    if !missing.is_empty() {
        let message = format!("Following users do not exist: {}", missing.join(", "));
        complaints.add("users", message);
    }
    // CORE takes such a list and goes on showing the primary members.
    if nas.family.is_core() {
        return;
    }
    let dropped: Vec<&str> = group
        .primary_of
        .difference(users)
        .filter_map(|id| nas.state.user(*id))
        .map(|user| user.username.as_str())
        .collect();
    if !dropped.is_empty() {
        let message = format!(
            "This group is primary for the following users: {}. You can't remove them.",
            dropped.join(", ")
        );
        complaints.add("users", message);
    }
}

fn row_ids(value: &Value) -> BTreeSet<i64> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect()
}
