//! When a user group is valid.

use super::appliance::Foreman;
use super::permissions::Caller;
use super::reply::Errors;
use super::state::Usergroup;

pub(super) fn errors(
    foreman: &Foreman,
    caller: Caller,
    before: Option<&Usergroup>,
    after: &Usergroup,
) -> Errors {
    let mut errors = Errors::new();
    name(foreman, before, after, &mut errors);
    nesting(foreman, after, &mut errors);
    let was_admin = before.is_some_and(|before| before.admin);
    if after.admin && !was_admin && !caller.admin {
        complain(
            &mut errors,
            "admin",
            "you can't assign administrator user group",
        );
    }
    if was_admin && !after.admin && is_last_admin_group(foreman, after.id) {
        let message = "cannot be removed from the last admin account";
        complain(&mut errors, "admin", message);
    }
    errors
}

fn name(foreman: &Foreman, before: Option<&Usergroup>, after: &Usergroup, errors: &mut Errors) {
    let name = after.name.as_str();
    if before.is_some_and(|before| before.name == name) {
        return;
    }
    if name.is_empty() {
        return complain(errors, "name", "can't be blank");
    }
    if name.chars().count() > 255 {
        complain(errors, "name", "is too long (maximum is 255 characters)");
    }
    if foreman.state.usergroup_named(name).is_some() {
        complain(errors, "name", "has already been taken");
    }
    let user = foreman.state.user_by_login(name);
    if user.is_some_and(|user| user.login == name) {
        complain(errors, "name", "is already used by a user account");
    }
}

fn nesting(foreman: &Foreman, after: &Usergroup, errors: &mut Errors) {
    if after.usergroup_ids.contains(&after.id) {
        let message = "Validation failed: cannot contain itself as member";
        return complain(errors, "usergroups", message);
    }
    let closes_a_cycle = |id: &i64| foreman.state.contains(*id, after.id);
    if after.usergroup_ids.iter().any(closes_a_cycle) {
        complain(
            errors,
            "usergroups",
            "Validation failed: Adding would cause a cycle!",
        );
    }
}

/// Whether nobody would be an administrator without this group.
pub(super) fn is_last_admin_group(foreman: &Foreman, id: i64) -> bool {
    let state = &foreman.state;
    let stays_admin = |user: &super::state::User| {
        user.admin
            || state
                .all_usergroups(user.id)
                .iter()
                .any(|group| group.admin && group.id != id)
    };
    state.has_admin() && !state.visible_users().any(stays_admin)
}

fn complain(errors: &mut Errors, field: &str, message: &str) {
    errors.push((field.to_owned(), message.to_owned()));
}
