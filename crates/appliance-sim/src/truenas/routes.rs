//! From method and path to what is done.

use serde_json::{Value, json};

use super::appliance::TrueNas;
use super::auth::{self, Caller};
use super::body::json_body;
use super::query::Query;
use super::release::Family;
use super::reply::Refusal;
use super::{groups, privileges, reads, rpc, system, users};
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
    PrivilegeList,
    PrivilegeGet(String),
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
        ["api", "boot_id"] if nas.family.rpc_versions().is_some() => Ok(system::boot_id()),
        ["api", version] if rpc::is_socket(nas.family, version) => Err(Refusal::NO_UPGRADE),
        ["api", "v2.0", rest @ ..] if nas.family.has_rest() => {
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
        ["user", "set_password"] if family >= Family::Scale2404 => {
            vec![("POST", Call::SetPassword)]
        }
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
        ["privilege"] if family >= Family::Scale2212 => vec![("GET", Call::PrivilegeList)],
        ["privilege", "id", _] if family >= Family::Scale2212 => {
            vec![("GET", Call::PrivilegeGet(id(path)))]
        }
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
        Call::UserList => reads::list_users(nas, &Query::of(nas.family, request)?, request.now),
        Call::UserGet(id) => reads::get_user(nas, row_id(id)?, request.now),
        Call::UserCreate => users::create(nas, &body()?, request.now),
        Call::UserUpdate(id) => users::update(nas, row_id(id)?, &body()?, request.now),
        Call::UserDelete(id) => users::delete(nas, caller, row_id(id)?, &body()?),
        Call::SetPassword => users::set_password(nas, &body()?, request.now),
        Call::UserObject => reads::user_object(nas, &body()?),
        Call::NextUid => Ok(reads::next_uid(nas)),
        Call::Shells => reads::shells(nas, &body()?),
        Call::GroupList => reads::list_groups(nas, &Query::of(nas.family, request)?),
        Call::GroupGet(id) => reads::get_group(nas, row_id(id)?),
        Call::GroupCreate => groups::create(nas, &body()?),
        Call::GroupUpdate(id) => groups::update(nas, row_id(id)?, &body()?),
        Call::GroupDelete(id) => groups::delete(nas, row_id(id)?, &body()?),
        Call::GroupObject => reads::group_object(nas, &body()?),
        Call::NextGid => Ok(reads::next_gid(nas)),
        Call::Version => Ok(system::version(nas)),
        Call::Info => Ok(system::info(nas)),
        Call::Ping => Ok(json!("pong")),
        Call::Me => Ok(system::me(nas, caller)),
        Call::PrivilegeList => privileges::list(nas, &Query::of(nas.family, request)?),
        Call::PrivilegeGet(id) => privileges::get(nas, row_id(id)?),
    }
}

fn row_id(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound)
}
