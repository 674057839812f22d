//! Creating, showing, changing and deleting users.

use jiff::Timestamp;
use serde_json::Value;

use super::appliance::Foreman;
use super::params::Params;
use super::path_id::path_id;
use super::permissions::Caller;
use super::reply::{Answer, Errors, Refusal};
use super::state::User;
use super::user_rules::Change;
use super::{seed, user_params, user_view};

/// A user by id, `id-anything` or login. Digits are an id first, and logins are taken as typed.
pub(super) fn find<'a>(
    foreman: &'a Foreman,
    caller: Caller,
    text: &str,
) -> Result<&'a User, Refusal> {
    let by_id = path_id(text).and_then(|id| foreman.state.user(id));
    let by_login = || {
        foreman
            .state
            .user_by_login(text)
            .filter(|user| user.login == text)
    };
    by_id
        .or_else(by_login)
        .filter(|user| !user.hidden && caller.sees(&foreman.state, user))
        .ok_or_else(|| Refusal::not_found("user", text))
}

/// The same, where the caller may change it: everybody their own, others with the permission.
pub(super) fn writable(
    foreman: &Foreman,
    caller: Caller,
    text: &str,
    permission: &'static str,
) -> Result<User, Refusal> {
    let user = find(foreman, caller, text)?.clone();
    if user.id != caller.id {
        caller.require(permission)?;
    }
    Ok(user)
}

pub(super) fn show(foreman: &Foreman, caller: Caller, id: &str) -> Result<Answer, Refusal> {
    let user = find(foreman, caller, id)?;
    Ok(Answer::ok(user_view::full(
        foreman.release,
        &foreman.state,
        user,
    )))
}

pub(super) fn create(
    foreman: &mut Foreman,
    caller: Caller,
    body: &Value,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    caller.require("create_users")?;
    let params = Params::of(body, "user")?;
    let mut user = seed::blank(foreman.release, now);
    user_params::apply(foreman, caller, &mut user, &params)?;
    user_params::assign_only_taxonomies(&foreman.state, &mut user, &params);
    check_race(foreman, &user)?;
    validate(foreman, caller, None, &user, &params)?;
    // The database hands out the id before it finds fault with the reference.
    user.id = foreman.state.next_user_id();
    check_reference(foreman, &user)?;
    Ok(Answer::created(store(foreman, user)))
}

pub(super) fn update(
    foreman: &mut Foreman,
    caller: Caller,
    id: &str,
    body: &Value,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let before = writable(foreman, caller, id, "edit_users")?;
    let params = Params::of(body, "user")?;
    let mut user = before.clone();
    user_params::apply(foreman, caller, &mut user, &params)?;
    validate(foreman, caller, Some(&before), &user, &params)?;
    check_reference(foreman, &user)?;
    if is_row_changed(&before, &user) {
        user.updated_at = now;
    }
    Ok(Answer::ok(store(foreman, user)))
}

pub(super) fn delete(foreman: &mut Foreman, caller: Caller, id: &str) -> Result<Answer, Refusal> {
    caller.require("destroy_users")?;
    let user = find(foreman, caller, id)?.clone();
    if user.id == caller.id {
        return Err(Refusal::Denied {
            details: "You are trying to delete your own account".to_owned(),
            missing: None,
        });
    }
    let hosts = foreman.state.hosts.values();
    let errors: Errors = hosts
        .filter(|host| host.owner_id == Some(user.id))
        .map(|host| {
            (
                "base".to_owned(),
                format!("{} is used by {}", user.login, host.name),
            )
        })
        .collect();
    if !errors.is_empty() {
        let id = Some(user.id);
        return Err(Refusal::Invalid { id, errors });
    }
    foreman.state.remove_user(user.id);
    Ok(Answer::ok(user_view::raw(foreman.release, &user)))
}

/// Of creates that race, all but the first pass the validation and fail at the index.
fn check_race(foreman: &Foreman, user: &User) -> Result<(), Refusal> {
    if !foreman.settings.duplicates_race || foreman.state.user_by_login(&user.login).is_none() {
        return Ok(());
    }
    let message = format!(
        "PG::UniqueViolation: ERROR:  duplicate key value violates unique constraint \
         \"index_users_on_lower_login\"\nDETAIL:  Key (lower_login)=({}) already exists.\n",
        user.login.to_lowercase()
    );
    Err(Refusal::Message(500, message))
}

fn validate(
    foreman: &Foreman,
    caller: Caller,
    before: Option<&User>,
    after: &User,
    params: &Params,
) -> Result<(), Refusal> {
    let change = Change {
        foreman,
        caller,
        before,
        after,
        params,
    };
    let errors = change.errors();
    if errors.is_empty() {
        return Ok(());
    }
    let id = before.map(|before| before.id);
    Err(Refusal::Invalid { id, errors })
}

/// An unknown authentication source gets as far as the database.
fn check_reference(foreman: &Foreman, user: &User) -> Result<(), Refusal> {
    let id = user.auth_source_id.unwrap_or_default();
    if foreman.state.auth_source(id).is_some() {
        return Ok(());
    }
    let message = format!(
        "PG::ForeignKeyViolation: ERROR:  insert or update on table \"users\" violates foreign key constraint \"users_auth_source_id_fk\"\nDETAIL:  Key (auth_source_id)=({id}) is not present in table \"auth_sources\".\n"
    );
    Err(Refusal::Message(500, message))
}

fn store(foreman: &mut Foreman, user: User) -> Value {
    let view = user_view::full(foreman.release, &foreman.state, &user);
    foreman.state.put_user(user);
    view
}

/// Whether the user's own row differs; roles, organizations and locations are other tables.
fn is_row_changed(before: &User, after: &User) -> bool {
    let mut same = after.clone();
    same.role_ids.clone_from(&before.role_ids);
    same.location_ids.clone_from(&before.location_ids);
    same.organization_ids.clone_from(&before.organization_ids);
    same != *before
}
