//! From method and path to what is done.

use serde_json::{Value, json};

use super::appliance::TrueNas;
use super::auth::{self, Caller};
use super::body::json_body;
use super::query::Query;
use super::release::Family;
use super::reply::Refusal;
use super::state::{Group, User};
use super::{group_view, groups, system, user_view, users};
use crate::exchange::Request;

/// What is called, once method and path are known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Call {
    UserList,
    UserCreate,
    UserGet(String),
    UserUpdate(String),
    UserDelete(String),
    NextUid,
    Shells,
    UserObject,
    SetPassword,
    GroupList,
    GroupCreate,
    GroupGet(String),
    GroupUpdate(String),
    GroupDelete(String),
    NextGid,
    GroupObject,
    Version,
    Info,
    Ping,
    Me,
}

pub(super) fn answer(nas: &mut TrueNas, request: &Request) -> Result<Value, Refusal> {
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["api", "versions"] => nas
            .family
            .rpc_versions()
            .map(|versions| json!(versions))
            .ok_or(Refusal::NO_ROUTE),
        ["api", "v2.0", rest @ ..] => {
            let call = route(nas.family, &request.method, rest)?;
            let caller = auth::authenticate(nas, request)?;
            if !caller.may_write && request.method != "GET" {
                return Err(Refusal::FORBIDDEN);
            }
            carry_out(nas, &call, caller, request)
        }
        _ => Err(Refusal::NO_ROUTE),
    }
}

fn route(family: Family, method: &str, path: &[&str]) -> Result<Call, Refusal> {
    let id = |path: &[&str]| path.last().map(ToString::to_string).unwrap_or_default();
    let calls: &[(&str, Call)] = &match path {
        ["user"] => vec![("GET", Call::UserList), ("POST", Call::UserCreate)],
        ["user", "id", _] => vec![
            ("GET", Call::UserGet(id(path))),
            ("PUT", Call::UserUpdate(id(path))),
            ("DELETE", Call::UserDelete(id(path))),
        ],
        ["user", "get_next_uid"] => vec![("GET", Call::NextUid)],
        ["user", "shell_choices"] => vec![("POST", Call::Shells)],
        ["user", "get_user_obj"] => vec![("POST", Call::UserObject)],
        ["user", "set_password"] if !family.is_core() => vec![("POST", Call::SetPassword)],
        ["group"] => vec![("GET", Call::GroupList), ("POST", Call::GroupCreate)],
        ["group", "id", _] => vec![
            ("GET", Call::GroupGet(id(path))),
            ("PUT", Call::GroupUpdate(id(path))),
            ("DELETE", Call::GroupDelete(id(path))),
        ],
        ["group", "get_next_gid"] => vec![("GET", Call::NextGid)],
        ["group", "get_group_obj"] => vec![("POST", Call::GroupObject)],
        ["system", "version"] => vec![("GET", Call::Version)],
        ["system", "info"] => vec![("GET", Call::Info)],
        ["core", "ping"] => vec![("GET", Call::Ping)],
        ["auth", "me"] if !family.is_core() => vec![("GET", Call::Me)],
        _ => return Err(Refusal::NO_ROUTE),
    };
    calls
        .iter()
        .find(|(allowed, _)| *allowed == method)
        .map(|(_, call)| call.clone())
        .ok_or(Refusal::WRONG_METHOD)
}

fn carry_out(
    nas: &mut TrueNas,
    call: &Call,
    caller: Caller,
    request: &Request,
) -> Result<Value, Refusal> {
    let body = || json_body(nas.family, request);
    match call {
        Call::UserList => list_users(nas, request),
        Call::UserGet(id) => get_user(nas, id, request),
        Call::UserCreate => users::create(nas, &body()?, request.now),
        Call::UserUpdate(id) => users::update(nas, row_id(id)?, &body()?, request.now),
        Call::UserDelete(id) => users::delete(nas, caller, row_id(id)?, &body()?),
        Call::SetPassword => users::set_password(nas, &body()?, request.now),
        Call::UserObject => user_object(nas, &body()?),
        Call::NextUid => Ok(json!(nas.state.uids.next())),
        Call::Shells => shells(nas, &body()?),
        Call::GroupList => list_groups(nas, request),
        Call::GroupGet(id) => get_group(nas, id),
        Call::GroupCreate => groups::create(nas, &body()?),
        Call::GroupUpdate(id) => groups::update(nas, row_id(id)?, &body()?),
        Call::GroupDelete(id) => groups::delete(nas, row_id(id)?, &body()?),
        Call::GroupObject => group_object(nas, &body()?),
        Call::NextGid => Ok(json!(nas.state.gids.next())),
        Call::Version => Ok(system::version(nas)),
        Call::Info => Ok(system::info(nas)),
        Call::Ping => Ok(json!("pong")),
        Call::Me => Ok(system::me(nas, caller)),
    }
}

fn row_id(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound)
}

fn get_user(nas: &TrueNas, id: &str, request: &Request) -> Result<Value, Refusal> {
    let id = row_id(id)?;
    if id == user_view::CONTAINER_ROOT_ID && nas.family.appends_container_root() {
        return Ok(user_view::container_root(nas.family));
    }
    let user = nas.state.user(id).ok_or(Refusal::NotFound)?;
    Ok(user_view::full(nas, user, request.now))
}

fn get_group(nas: &TrueNas, id: &str) -> Result<Value, Refusal> {
    let group = nas.state.group(row_id(id)?).ok_or(Refusal::NotFound)?;
    Ok(group_view::full(nas, group))
}

fn list_users(nas: &TrueNas, request: &Request) -> Result<Value, Refusal> {
    let query = Query::of(nas.family, request)?;
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
    let views = users.map(|user| user_view::full(nas, user, request.now));
    query.answer(nas.family, views.chain(last))
}

fn list_groups(nas: &TrueNas, request: &Request) -> Result<Value, Refusal> {
    let query = Query::of(nas.family, request)?;
    let groups: Box<dyn Iterator<Item = &Group>> =
        match (query.exact(&["id"]), query.exact(&["name", "group"])) {
            (Some(id), _) => Box::new(id.as_i64().and_then(|id| nas.state.group(id)).into_iter()),
            (_, Some(name)) => Box::new(nas.state.groups_like(name.as_str().unwrap_or_default())),
            _ => Box::new(nas.state.groups_after(query.after_id().unwrap_or_default())),
        };
    let views = groups.map(|group| group_view::full(nas, group));
    query.answer(nas.family, views)
}

/// CORE takes a user's id here, later releases a list of groups.
fn shells(nas: &TrueNas, body: &Value) -> Result<Value, Refusal> {
    let fits = if nas.family.is_core() {
        body.is_i64() || body == &json!({})
    } else {
        body.is_array() || body == &json!({})
    };
    if fits {
        Ok(system::shells(nas))
    } else if nas.family.is_core() {
        Err(Refusal::invalid("user_id", "Not an integer"))
    } else {
        Err(Refusal::invalid(
            "group_ids",
            "Input should be a valid list",
        ))
    }
}

/// Looked up as the password file would be, where an unknown name is an exception.
fn user_object(nas: &TrueNas, body: &Value) -> Result<Value, Refusal> {
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

fn group_object(nas: &TrueNas, body: &Value) -> Result<Value, Refusal> {
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
