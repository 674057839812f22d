//! What a user looks like: in lists, alone, and when it is deleted.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::release::Release;
use super::state::{State, Taxonomy, TaxonomyKind, User, Usergroup};
use super::view;

/// An entry of a list: no roles, no groups.
pub(super) fn entry(release: Release, state: &State, user: &User) -> Value {
    Value::Object(fields(release, state, user, view::taxonomy_name))
}

/// The whole user, as show, create and update answer.
pub(super) fn full(release: Release, state: &State, user: &User) -> Value {
    let mut fields = fields(release, state, user, view::taxonomy);
    let mut add = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    add(
        "cached_usergroups",
        groups(state, &state.all_usergroups(user.id)),
    );
    if let Some(source) = user.auth_source_id.and_then(|id| state.auth_source(id)) {
        add(source_key(source.kind), view::auth_source(source));
    }
    add("mail_notifications", json!([]));
    add("roles", view::roles(state, &user.role_ids));
    add(
        "usergroups",
        groups(state, &state.direct_usergroups(user.id)),
    );
    Value::Object(fields)
}

fn fields(
    release: Release,
    state: &State,
    user: &User,
    show_taxonomy: fn(&Taxonomy) -> Value,
) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut add = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    add("firstname", json!(user.firstname));
    add("lastname", json!(user.lastname));
    add("mail", json!(user.mail));
    if release.shows_mail_enabled() {
        add("mail_enabled", json!(user.mail_enabled));
    }
    add("admin", json!(user.admin));
    add("auth_source_id", json!(user.auth_source_id));
    if release.has_disabled() {
        add("disabled", json!(user.disabled));
    }
    let source = user.auth_source_id.and_then(|id| state.auth_source(id));
    add("auth_source_name", json!(source.map(|source| source.name)));
    add("timezone", json!(user.timezone));
    add("locale", json!(user.locale));
    add("last_login_on", json!(user.last_login_on.map(view::time)));
    add("created_at", json!(view::time(user.created_at)));
    add("updated_at", json!(view::time(user.updated_at)));
    add("id", json!(user.id));
    add("login", json!(user.login));
    add("description", json!(user.description));
    add(
        "ssh_keys",
        user.ssh_keys
            .iter()
            .map(|key| view::ssh_key(user, key))
            .collect(),
    );
    let chosen = |kind, ids: &BTreeSet<i64>| -> Value {
        let all = state.taxonomies_of(kind);
        all.filter(|taxonomy| ids.contains(&taxonomy.id))
            .map(show_taxonomy)
            .collect()
    };
    let one = |kind, id: Option<i64>| {
        let found = state
            .taxonomies_of(kind)
            .find(|taxonomy| Some(taxonomy.id) == id);
        found.map_or(Value::Null, view::taxonomy)
    };
    add(
        "default_location",
        one(TaxonomyKind::Location, user.default_location_id),
    );
    add(
        "locations",
        chosen(TaxonomyKind::Location, &user.location_ids),
    );
    add(
        "default_organization",
        one(TaxonomyKind::Organization, user.default_organization_id),
    );
    add(
        "organizations",
        chosen(TaxonomyKind::Organization, &user.organization_ids),
    );
    add("effective_admin", json!(state.is_effective_admin(user)));
    fields
}

/// The key of the authentication source depends on its type.
fn source_key(kind: &str) -> &'static str {
    match kind {
        "AuthSourceInternal" => "auth_source_internal",
        "AuthSourceExternal" => "auth_source_external",
        "AuthSourceLdap" => "auth_source_ldap",
        _ => "auth_source_hidden",
    }
}

fn groups(state: &State, groups: &[&Usergroup]) -> Value {
    let views = groups.iter().map(|group| {
        json!({
            "name": group.name,
            "id": group.id,
            "created_at": view::time(group.created_at),
            "updated_at": view::time(group.updated_at),
            "roles": view::roles(state, &group.role_ids),
        })
    });
    views.collect()
}

/// The answer to a delete: the row as it is, password hash and salt with it.
pub(super) fn raw(release: Release, user: &User) -> Value {
    /// The salt is the beginning of a bcrypt hash.
    const SALT_LENGTH: usize = 29;
    let hash = user
        .password
        .as_ref()
        .map(|password| password.hash.as_str());
    let name = [&user.firstname, &user.lastname];
    let name: Vec<&str> = name.into_iter().flatten().map(String::as_str).collect();
    let mut row = Map::new();
    let mut add = |key: &str, value: Value| row.insert(key.to_owned(), value);
    add("id", json!(user.id));
    add("login", json!(user.login));
    add("firstname", json!(user.firstname));
    add("lastname", json!(user.lastname));
    add("mail", json!(user.mail));
    add("admin", json!(user.admin));
    add(
        "last_login_on",
        json!(user.last_login_on.map(view::raw_time)),
    );
    add("auth_source_id", json!(user.auth_source_id));
    add("created_at", json!(view::raw_time(user.created_at)));
    add("updated_at", json!(view::raw_time(user.updated_at)));
    add("password_hash", json!(hash));
    add(
        "password_salt",
        json!(hash.and_then(|hash| hash.get(..SALT_LENGTH))),
    );
    add("locale", json!(user.locale));
    add("avatar_hash", Value::Null);
    add(
        "default_organization_id",
        json!(user.default_organization_id),
    );
    add("default_location_id", json!(user.default_location_id));
    add("lower_login", json!(user.login.to_lowercase()));
    add("mail_enabled", json!(user.mail_enabled));
    add("timezone", json!(user.timezone));
    add("description", json!(user.description));
    if release.has_disabled() {
        add("disabled", json!(user.disabled));
    }
    add("password", Value::Null);
    add("name", json!(name.join(" ")));
    Value::Object(row)
}
