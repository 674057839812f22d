//! Reading users and groups, whichever way the question came.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::appliance::TrueNas;
use super::query::Query;
use super::release::Family;
use super::reply::Refusal;
use super::state::{Group, User};
use super::{group_view, system, user_view};

pub(super) fn next_uid(nas: &mut TrueNas) -> Value {
    json!(nas.state.uids.next())
}

pub(super) fn next_gid(nas: &mut TrueNas) -> Value {
    json!(nas.state.gids.next())
}

pub(super) fn get_user(nas: &TrueNas, id: i64, now: Timestamp) -> Result<Value, Refusal> {
    if id == user_view::CONTAINER_ROOT_ID && nas.family.appends_container_root() {
        return Ok(user_view::container_root(nas.family));
    }
    let user = nas.state.user(id).ok_or(Refusal::NotFound)?;
    Ok(user_view::full(nas, user, now))
}

pub(super) fn get_group(nas: &TrueNas, id: i64) -> Result<Value, Refusal> {
    let group = nas.state.group(id).ok_or(Refusal::NotFound)?;
    Ok(group_view::full(nas, group))
}

pub(super) fn list_users(nas: &TrueNas, query: &Query, now: Timestamp) -> Result<Value, Refusal> {
    let users: Box<dyn Iterator<Item = &User>> =
        match (query.exact(&["id"]), query.exact(&["username"])) {
            (Some(id), _) => Box::new(id.as_i64().and_then(|id| nas.state.user(id)).into_iter()),
            (_, Some(name)) => Box::new(nas.state.users_like(name.as_str().unwrap_or_default())),
            _ => Box::new(nas.state.users_after(query.after_id().unwrap_or_default())),
        };
    let last = nas
        .family
        .appends_container_root()
        .then(|| user_view::container_root(nas.family));
    let views = users.map(|user| user_view::full(nas, user, now));
    query.answer(nas.family, views.chain(last))
}

pub(super) fn list_groups(nas: &TrueNas, query: &Query) -> Result<Value, Refusal> {
    let groups: Box<dyn Iterator<Item = &Group>> =
        match (query.exact(&["id"]), query.exact(&["name", "group"])) {
            (Some(id), _) => Box::new(id.as_i64().and_then(|id| nas.state.group(id)).into_iter()),
            (_, Some(name)) => Box::new(nas.state.groups_like(name.as_str().unwrap_or_default())),
            _ => Box::new(nas.state.groups_after(query.after_id().unwrap_or_default())),
        };
    let views = groups.map(|group| group_view::full(nas, group));
    query.answer(nas.family, views)
}

/// Old releases take a user's id here, those from 23.10 on a list of groups.
pub(super) fn shells(nas: &TrueNas, body: &Value) -> Result<Value, Refusal> {
    let takes_user = nas.family < Family::Scale2310;
    let fits = if takes_user {
        body.is_i64() || body == &json!({})
    } else {
        body.is_array() || body == &json!({})
    };
    if fits {
        Ok(system::shells(nas))
    } else if takes_user {
        Err(Refusal::invalid("user_id", "Not an integer"))
    } else {
        Err(Refusal::invalid(
            "group_ids",
            "Input should be a valid list",
        ))
    }
}

/// Looked up as the password file would be, where an unknown name is an exception.
pub(super) fn user_object(nas: &TrueNas, body: &Value) -> Result<Value, Refusal> {
    let name = body.get("username").and_then(Value::as_str);
    let uid = body.get("uid").and_then(Value::as_i64);
    let found = match (name, uid) {
        (Some(name), _) => nas.state.user_named(name),
        (None, Some(uid)) => nas.state.users().find(|user| user.uid == uid),
        (None, None) => return Err(Refusal::invalid("get_user_obj.username", "Field required")),
    };
    let asked = name.map_or_else(|| uid.unwrap_or_default().to_string(), str::to_owned);
    found
        .map(|user| user_view::passwd(nas, user))
        .ok_or_else(|| no_entry(nas.family, &asked, "user"))
}

pub(super) fn group_object(nas: &TrueNas, body: &Value) -> Result<Value, Refusal> {
    let name = body.get("groupname").and_then(Value::as_str);
    let gid = body.get("gid").and_then(Value::as_i64);
    let found = match (name, gid) {
        (Some(name), _) => nas.state.group_named(name),
        (None, Some(gid)) => nas.state.group_by_gid(gid),
        (None, None) => {
            return Err(Refusal::invalid(
                "get_group_obj.groupname",
                "Field required",
            ));
        }
    };
    let asked = name.map_or_else(|| gid.unwrap_or_default().to_string(), str::to_owned);
    found
        .map(|group| group_view::grp(nas, group))
        .ok_or_else(|| no_entry(nas.family, &asked, "group"))
}

fn no_entry(family: Family, asked: &str, kind: &str) -> Refusal {
    let message = if family.is_core() {
        format!("'{asked}'")
    } else {
        format!("'{asked}: {kind} with this name does not exist'")
    };
    Refusal::Unhandled {
        exception: "KeyError",
        message,
    }
}
