//! Creating, changing and deleting users.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::appliance::TrueNas;
use super::auth::Caller;
use super::groups;
use super::passwords;
use super::release::Family;
use super::reply::{Complaints, EFAULT, EINVAL, ENOENT, Refusal};
use super::schema::Argument;
use super::schema_fields::{SET_PASSWORD, USER, USER_DELETE};
use super::state::{SMB_USERS_GID, User};
use super::user_rules::{self, Change};
use super::user_view;

pub(super) fn create(nas: &mut TrueNas, body: &Value, now: Timestamp) -> Result<Value, Refusal> {
    let argument = Argument {
        method: "user_create",
        model: "UserCreate",
        fields: USER,
        create: true,
    };
    let given = argument.check(nas.family, body)?;
    let mut user = User::new(nas.family);
    apply(nas.family, &mut user, &given);

    let mut complaints = Complaints::of(argument.method);
    let makes_group = given.get("group_create") == Some(&Value::Bool(true));
    if makes_group == given.get("group").is_some_and(Value::is_i64) {
        complaints.add(
            "group",
            "Enter either a group name or create a new group to continue.",
        );
    }
    Change {
        family: nas.family,
        state: &nas.state,
        before: None,
        after: &user,
        given: &given,
    }
    .check(&mut complaints);
    complaints.check()?;
    if nas.family.is_core() && user.home != nas.family.no_home() && !given.contains_key("uid") {
        // It owns the directory to the uid that was given, before it looks for one.
        return Err(Refusal::Unhandled {
            exception: "KeyError",
            message: "'uid'".to_owned(),
        });
    }

    user.group = primary_group(nas, &user, makes_group)?;
    if let Some(missing) = user
        .groups
        .iter()
        .find(|id| nas.state.group(**id).is_none())
    {
        // The primary group stays behind: the releases that come here undo nothing.
        return Err(Refusal::call(format!("Group {missing} not found"), ENOENT));
    }
    if given.get("uid").is_none_or(Value::is_null) {
        user.uid = nas.state.uids.next();
    }
    if user.smb
        && let Some(smb_users) = nas.state.group_by_gid(SMB_USERS_GID)
        && !user.groups.contains(&smb_users.id)
    {
        user.groups.push(smb_users.id);
    }
    user.id = nas.state.next_user_id();
    let password = user_rules::apply_password(&mut user, &given, now);
    let id = user.id;
    nas.state.put_user(user);
    written(nas, id, &given, password, now)
}

pub(super) fn update(
    nas: &mut TrueNas,
    id: i64,
    body: &Value,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let argument = Argument {
        method: "user_update",
        model: "UserUpdate",
        fields: USER,
        create: false,
    };
    let given = argument.check(nas.family, body)?;
    let before = existing(nas, id)?.clone();
    let mut user = before.clone();
    apply(nas.family, &mut user, &given);

    let mut complaints = Complaints::of(argument.method);
    if let Some(group) = given.get("group") {
        check_primary_group(nas, group, &mut complaints)?;
    }
    Change {
        family: nas.family,
        state: &nas.state,
        before: Some(&before),
        after: &user,
        given: &given,
    }
    .check(&mut complaints);
    complaints.check()?;
    if let Some(missing) = user
        .groups
        .iter()
        .find(|id| nas.state.group(**id).is_none())
    {
        return Err(Refusal::call(format!("Group {missing} not found"), ENOENT));
    }
    let password = user_rules::apply_password(&mut user, &given, now);
    nas.state.put_user(user);
    written(nas, id, &given, password, now)
}

pub(super) fn delete(
    nas: &mut TrueNas,
    caller: Caller,
    id: i64,
    body: &Value,
) -> Result<Value, Refusal> {
    let argument = Argument::of_delete(nas.family, "user_delete", "UserDeleteOptions", USER_DELETE);
    let options = argument.check(nas.family, body)?;
    let user = existing(nas, id)?;
    if nas.family >= Family::Scale2504 && caller.user == id {
        return Err(Refusal::call(
            "Cannot delete the currently active user",
            EINVAL,
        ));
    }
    if user.builtin || (user.immutable && nas.family >= Family::Scale2410) {
        return Err(Refusal::call("Cannot delete a built-in user", EINVAL));
    }
    if nas.family >= Family::Scale2212
        && user_rules::is_last_password_administrator(&nas.state, user)
    {
        let message = "At least one local user with full rights must keep a password.";
        return Err(Refusal::call(message, EINVAL));
    }
    let group = user.group;
    nas.state.remove_user(id);
    if options.get("delete_group") != Some(&Value::Bool(false)) {
        groups::delete_if_unused(&mut nas.state, group);
    }
    Ok(json!(id))
}

/// `user.set_password`, which callers with full rights may use without the old one.
pub(super) fn set_password(
    nas: &mut TrueNas,
    body: &Value,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let argument = Argument {
        method: "user_set_password",
        model: "UserSetPassword",
        fields: SET_PASSWORD,
        create: true,
    };
    let given = argument.check(nas.family, body)?;
    let text = |key: &str| given.get(key).and_then(Value::as_str);
    let name = text("username").unwrap_or_default();
    let Some(mut user) = nas.state.user_named(name).cloned() else {
        return Err(Refusal::invalid(
            "user_set_password.username",
            "User does not exist.",
        ));
    };
    if text("old_password").is_some_and(|old| !passwords::opens(&user, old)) {
        return Err(Refusal::invalid(
            "user_set_password.old_password",
            "Failed to validate password.",
        ));
    }
    passwords::set(&mut user, text("new_password").unwrap_or_default(), now);
    nas.state.put_user(user);
    Ok(Value::Null)
}

fn existing(nas: &TrueNas, id: i64) -> Result<&User, Refusal> {
    nas.state
        .user(id)
        .ok_or_else(|| Refusal::NoSuchRow(format!("User {id} does not exist")))
}

/// The answer to a create or an update.
fn written(
    nas: &TrueNas,
    id: i64,
    given: &Map<String, Value>,
    password: Option<String>,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let Some(user) = nas
        .state
        .user(id)
        .filter(|_| nas.family.replies_with_the_user())
    else {
        return Ok(json!(id));
    };
    for key in ["password", "email"] {
        if given.get(key) == Some(&json!("")) {
            // The reply's own model refuses the empty text that it would have to echo, after
            // everything is committed.
            return Err(Refusal::Unhandled {
                exception: "ValidationErrors",
                message: format!("[EINVAL] result.{key}: String should have at least 1 character"),
            });
        }
    }
    let mut reply = user_view::full(nas, user, now);
    if let Value::Object(fields) = &mut reply {
        fields.insert("password".to_owned(), json!(password));
    }
    Ok(reply)
}

/// The primary group of a new user: the one that was named, one of the user's name that is there
/// already, or a new one.
fn primary_group(nas: &mut TrueNas, user: &User, make: bool) -> Result<i64, Refusal> {
    if make {
        if let Some(group) = nas.state.group_named(&user.username) {
            return Ok(group.id);
        }
        return Ok(groups::create_primary(&mut nas.state, &user.username));
    }
    match nas.state.group(user.group) {
        Some(group) => Ok(group.id),
        None if nas.family >= Family::Scale2504 => Err(no_group("user_create.group", user.group)),
        None => Err(Refusal::call(
            format!("Group {} not found", user.group),
            EFAULT,
        )),
    }
}

fn check_primary_group(
    nas: &TrueNas,
    given: &Value,
    complaints: &mut Complaints,
) -> Result<(), Refusal> {
    let Some(id) = given.as_i64() else {
        complaints.add("group", "A primary group is required.");
        return Ok(());
    };
    if nas.state.group(id).is_some() {
        return Ok(());
    }
    if nas.family >= Family::Scale2504 {
        return Err(no_group("user_update.group", id));
    }
    Err(Refusal::Unhandled {
        exception: "IndexError",
        message: "list index out of range".to_owned(),
    })
}

fn no_group(key: &str, id: i64) -> Refusal {
    Refusal::Validation(vec![super::reply::Complaint {
        key: key.to_owned(),
        message: format!("Group {id} not found"),
        errno: ENOENT,
    }])
}

/// Puts the keys that were given into the row; passwords are for later.
fn apply(family: Family, user: &mut User, given: &Map<String, Value>) {
    for (key, value) in given {
        let text = || value.as_str().map(str::to_owned);
        let flag = value == &Value::Bool(true);
        match key.as_str() {
            "username" => user.username = text().unwrap_or_default(),
            "full_name" => user.full_name = text().unwrap_or_default(),
            "email" => user.email = text(),
            "home" => user.home = text().unwrap_or_default(),
            "shell" => user.shell = text().unwrap_or_default(),
            "sshpubkey" => user.sshpubkey = text(),
            "uid" => user.uid = value.as_i64().unwrap_or(user.uid),
            "group" => user.group = value.as_i64().unwrap_or(user.group),
            "groups" => user.groups = row_ids(value),
            "smb" => user.smb = flag,
            "locked" => user.locked = flag,
            "password_disabled" => user.password_disabled = flag,
            "ssh_password_enabled" => user.ssh_password_enabled = flag,
            "microsoft_account" => user.microsoft_account = flag,
            "attributes" => user.attributes = value.clone(),
            "userns_idmap" => user.userns_idmap = value.clone(),
            "webshare" => user.webshare = flag,
            _ => groups::apply_sudo(&mut user.sudo, key, value),
        }
    }
    let creates_home = given.get("home_create") == Some(&Value::Bool(true));
    if creates_home && user.home != family.no_home() {
        user.home = format!("{}/{}", user.home.trim_end_matches('/'), user.username);
    }
}

fn row_ids(value: &Value) -> Vec<i64> {
    let ids = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64);
    let mut seen = BTreeSet::new();
    ids.filter(|id| seen.insert(*id)).collect()
}
