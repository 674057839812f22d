//! From the keys of a request to a user as it would be.

use std::collections::BTreeSet;

use super::appliance::Foreman;
use super::params::{self, Params};
use super::permissions::Caller;
use super::reply::Refusal;
use super::seed;
use super::state::{INTERNAL, State, TaxonomyKind, User};

/// Applies what the request gives and the caller may set; the rest is dropped in silence.
pub(super) fn apply(
    foreman: &Foreman,
    caller: Caller,
    user: &mut User,
    params: &Params,
) -> Result<(), Refusal> {
    texts(user, params);
    if let Some(enabled) = params.flag("mail_enabled") {
        user.mail_enabled = enabled;
    }
    if let Some(disabled) = params.flag("disabled")
        && foreman.release.has_disabled()
    {
        user.disabled = disabled;
    }
    if let Some(admin) = params.flag("admin")
        && caller.admin
    {
        user.admin = admin;
    }
    if user.id != caller.id {
        auth_source(&foreman.state, user, params)?;
        if let Some(roles) = params::role_ids(foreman.release, &foreman.state, params)? {
            user.role_ids = roles;
            user.role_ids.remove(&super::state::DEFAULT_ROLE);
        }
    }
    taxonomies(foreman, user, params)?;
    // The source decides whether there is a password to set.
    if let Some(password) = params.present("password")
        && user.auth_source_id == Some(INTERNAL)
    {
        user.password = Some(seed::password(&password, foreman.serial));
    }
    Ok(())
}

fn texts(user: &mut User, params: &Params) {
    if let Some(login) = params.text("login") {
        user.login = login.unwrap_or_default();
    }
    let fields = [
        ("firstname", &mut user.firstname),
        ("lastname", &mut user.lastname),
        ("mail", &mut user.mail),
        ("description", &mut user.description),
        ("timezone", &mut user.timezone),
        ("locale", &mut user.locale),
    ];
    for (key, field) in fields {
        if let Some(text) = params.text(key) {
            *field = text;
        }
    }
}

fn auth_source(state: &State, user: &mut User, params: &Params) -> Result<(), Refusal> {
    if let Some(id) = params.id("auth_source_id") {
        user.auth_source_id = id;
    } else if let Some(name) = params.present("auth_source_name") {
        let source = state.auth_sources.iter().find(|source| source.name == name);
        let Some(source) = source else {
            let message = format!("Could not find auth_source with name: {name}");
            return Err(Refusal::Message(422, message));
        };
        user.auth_source_id = Some(source.id);
    }
    Ok(())
}

fn taxonomies(foreman: &Foreman, user: &mut User, params: &Params) -> Result<(), Refusal> {
    let chosen = |name, kind| taxonomy_ids(foreman, params, name, kind);
    if let Some(ids) = chosen("location", TaxonomyKind::Location)? {
        user.location_ids = ids;
    }
    if let Some(ids) = chosen("organization", TaxonomyKind::Organization)? {
        user.organization_ids = ids;
    }
    if let Some(id) = params.id("default_location_id") {
        user.default_location_id = id;
    }
    if let Some(id) = params.id("default_organization_id") {
        user.default_organization_id = id;
    }
    Ok(())
}

fn taxonomy_ids(
    foreman: &Foreman,
    params: &Params,
    name: &str,
    kind: TaxonomyKind,
) -> Result<Option<BTreeSet<i64>>, Refusal> {
    let status = foreman.release.unknown_association_status();
    let unknown = |by: &str, value: &str| {
        Refusal::Message(
            status,
            format!("Couldn't find Taxonomy with '{by}'={value}"),
        )
    };
    let state = &foreman.state;
    let named = |name: &str| {
        let found = state
            .taxonomies_of(kind)
            .find(|taxonomy| taxonomy.name == name);
        found.map(|taxonomy| taxonomy.id)
    };
    let ids = params
        .association(name, named)
        .map_err(|name| unknown("name", &name))?;
    let is_known = |id: &i64| state.taxonomies_of(kind).any(|taxonomy| taxonomy.id == *id);
    match ids.iter().flatten().find(|id| !is_known(id)) {
        Some(id) => Err(unknown("id", &id.to_string())),
        None => Ok(ids),
    }
}

/// Where there is one organization and one location, new users are put into them.
pub(super) fn assign_only_taxonomies(state: &State, user: &mut User, params: &Params) {
    let only = |kind| {
        let ids: BTreeSet<i64> = state
            .taxonomies_of(kind)
            .map(|taxonomy| taxonomy.id)
            .collect();
        if ids.len() == 1 { ids } else { BTreeSet::new() }
    };
    if !params.gives("location_ids") {
        user.location_ids.extend(only(TaxonomyKind::Location));
    }
    if !params.gives("organization_ids") {
        user.organization_ids
            .extend(only(TaxonomyKind::Organization));
    }
}
