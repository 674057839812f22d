//! Creating, showing, changing and deleting user groups.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::appliance::Foreman;
use super::params::{self, Params};
use super::path_id::path_id;
use super::permissions::Caller;
use super::reply::{Answer, Refusal};
use super::state::{State, Usergroup};
use super::{usergroup_rules, view};

/// A group by id, `id-anything` or name.
pub(super) fn find<'a>(foreman: &'a Foreman, text: &str) -> Result<&'a Usergroup, Refusal> {
    let by_id = path_id(text).and_then(|id| foreman.state.usergroups.get(&id));
    by_id
        .or_else(|| foreman.state.usergroup_named(text))
        .ok_or_else(|| Refusal::not_found("usergroup", text))
}

pub(super) fn show(foreman: &Foreman, caller: Caller, id: &str) -> Result<Answer, Refusal> {
    caller.require("view_usergroups")?;
    Ok(Answer::ok(full(&foreman.state, find(foreman, id)?)))
}

pub(super) fn create(
    foreman: &mut Foreman,
    caller: Caller,
    body: &Value,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    caller.require("create_usergroups")?;
    let params = Params::of(body, "usergroup")?;
    let mut group = Usergroup {
        id: 0,
        name: String::new(),
        admin: false,
        user_ids: BTreeSet::new(),
        usergroup_ids: BTreeSet::new(),
        role_ids: BTreeSet::new(),
        created_at: now,
        updated_at: now,
    };
    apply(foreman, &mut group, &params, "")?;
    validate(foreman, caller, None, &group)?;
    group.id = foreman.state.next_usergroup_id();
    let view = full(&foreman.state, &group);
    foreman.state.usergroups.insert(group.id, group);
    Ok(Answer::created(view))
}

pub(super) fn update(
    foreman: &mut Foreman,
    caller: Caller,
    id: &str,
    body: &Value,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    caller.require("edit_usergroups")?;
    let before = find(foreman, id)?.clone();
    let params = Params::of(body, "usergroup")?;
    let mut group = before.clone();
    apply(foreman, &mut group, &params, id)?;
    validate(foreman, caller, Some(&before), &group)?;
    if group.name != before.name || group.admin != before.admin {
        group.updated_at = now;
    }
    let view = full(&foreman.state, &group);
    foreman.state.usergroups.insert(group.id, group);
    Ok(Answer::ok(view))
}

pub(super) fn delete(foreman: &mut Foreman, caller: Caller, id: &str) -> Result<Answer, Refusal> {
    caller.require("destroy_usergroups")?;
    let group = find(foreman, id)?.clone();
    if group.admin && usergroup_rules::is_last_admin_group(foreman, group.id) {
        let message = "Can't delete the last admin user group".to_owned();
        return Err(Refusal::Invalid {
            id: Some(group.id),
            errors: vec![("base".to_owned(), message)],
        });
    }
    foreman.state.remove_usergroup(group.id);
    Ok(Answer::ok(json!({
        "id": group.id,
        "name": group.name,
        "created_at": view::raw_time(group.created_at),
        "updated_at": view::raw_time(group.updated_at),
        "admin": group.admin,
    })))
}

/// `asked` is the id of the path: an unknown member is reported as if the group were unknown.
fn apply(
    foreman: &Foreman,
    group: &mut Usergroup,
    params: &Params,
    asked: &str,
) -> Result<(), Refusal> {
    let state = &foreman.state;
    if let Some(name) = params.text("name") {
        group.name = name.unwrap_or_default();
    }
    if let Some(admin) = params.flag("admin") {
        group.admin = admin;
    }
    let unknown = || Refusal::not_found("usergroup", asked);
    let user_named = |login: &str| {
        let user = state
            .user_by_login(login)
            .filter(|user| user.login == login);
        user.map(|user| user.id)
    };
    if let Some(ids) = params
        .association("user", user_named)
        .map_err(|_| unknown())?
    {
        let is_known = |id: &i64| state.user(*id).is_some_and(|user| !user.hidden);
        if !ids.iter().all(is_known) {
            return Err(unknown());
        }
        group.user_ids = ids;
    }
    let group_named = |name: &str| state.usergroup_named(name).map(|group| group.id);
    if let Some(ids) = params
        .association("usergroup", group_named)
        .map_err(|_| unknown())?
    {
        if !ids.iter().all(|id| state.usergroups.contains_key(id)) {
            return Err(unknown());
        }
        group.usergroup_ids = ids;
    }
    if let Some(ids) = params::role_ids(foreman.release, state, params)? {
        group.role_ids = ids;
    }
    Ok(())
}

fn validate(
    foreman: &Foreman,
    caller: Caller,
    before: Option<&Usergroup>,
    after: &Usergroup,
) -> Result<(), Refusal> {
    let errors = usergroup_rules::errors(foreman, caller, before, after);
    if errors.is_empty() {
        return Ok(());
    }
    let id = before.map(|before| before.id);
    Err(Refusal::Invalid { id, errors })
}

/// An entry of a list: nobody is in it.
pub(super) fn entry(group: &Usergroup) -> Value {
    json!({
        "admin": group.admin,
        "created_at": view::time(group.created_at),
        "updated_at": view::time(group.updated_at),
        "name": group.name,
        "id": group.id,
    })
}

fn full(state: &State, group: &Usergroup) -> Value {
    let mut view = entry(group);
    let Value::Object(fields) = &mut view else {
        return view;
    };
    let nested = group
        .usergroup_ids
        .iter()
        .filter_map(|id| state.usergroups.get(id));
    let nested: Value = nested
        .map(|inner| {
            json!({
                "name": inner.name,
                "id": inner.id,
                "created_at": view::time(inner.created_at),
                "updated_at": view::time(inner.updated_at),
            })
        })
        .collect();
    let users = group.user_ids.iter().filter_map(|id| state.user(*id));
    let users: Value = users
        .map(|user| json!({"id": user.id, "login": user.login, "description": user.description}))
        .collect();
    fields.insert("external_usergroups".to_owned(), json!([]));
    fields.insert("usergroups".to_owned(), nested);
    fields.insert("users".to_owned(), users);
    fields.insert("roles".to_owned(), view::roles(state, &group.role_ids));
    view
}
