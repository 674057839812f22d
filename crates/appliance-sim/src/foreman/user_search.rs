//! Lists of users, and what they can be searched by.

use serde_json::Value;

use super::appliance::Foreman;
use super::listing::{Listing, Rows};
use super::permissions::Caller;
use super::release::Release;
use super::reply::{Answer, Refusal};
use super::search::{Cell, Field, Kind};
use super::state::{State, TaxonomyKind, User};
use super::{user_view, view};
use crate::exchange::Request;

const FIELDS: &[Field] = &[
    Field::text("login"),
    Field::text("firstname"),
    Field::text("lastname"),
    Field::text("mail"),
    Field::text("description"),
    Field::explicit("admin", Kind::Flag),
    Field::text("role"),
    Field::text("usergroup"),
    Field::text("auth_source"),
    Field::explicit("auth_source_type", Kind::Text),
    Field::explicit("id", Kind::Number),
    Field::explicit("last_login_on", Kind::Text),
    Field::explicit("role_id", Kind::Number),
    Field::explicit("disabled", Kind::Flag),
];

/// Before 2.2 nobody could be disabled.
fn fields(release: Release) -> &'static [Field] {
    if release.has_disabled() {
        FIELDS
    } else {
        FIELDS.split_last().map_or(FIELDS, |(_, rest)| rest)
    }
}

/// The users whom the caller sees and who pass `belongs`, where there is one.
pub(super) fn list(
    foreman: &Foreman,
    caller: Caller,
    request: &Request,
    belongs: Option<&dyn Fn(&User) -> bool>,
) -> Result<Answer, Refusal> {
    let (state, release) = (&foreman.state, foreman.release);
    let organization = taxonomy_parameter(state, request, TaxonomyKind::Organization)?;
    let location = taxonomy_parameter(state, request, TaxonomyKind::Location)?;
    let listing = Listing::of(request, fields(release))?;
    let visible = |user: &&User| {
        belongs.is_none_or(|belongs| belongs(user))
            && organization.is_none_or(|id| user.organization_ids.contains(&id))
            && location.is_none_or(|id| user.location_ids.contains(&id))
            && caller.sees(state, user)
    };
    let everybody =
        caller.admin && belongs.is_none() && organization.is_none() && location.is_none();
    let total = if everybody {
        state.visible_count()
    } else {
        state.visible_users().filter(visible).count()
    };
    let candidates: Vec<&User> = match listing.exact("login") {
        Some(login) => {
            let user = state.user_by_login(login).filter(|user| !user.hidden);
            user.into_iter().filter(visible).collect()
        }
        None => state.visible_users().filter(visible).collect(),
    };
    Ok(listing.answer(Rows {
        total,
        candidates,
        read: &|user, field| read(state, user, field),
        view: &|user| -> Value { user_view::entry(release, state, user) },
        default_order: "firstname",
    }))
}

/// The organization or location that the query string narrows to.
fn taxonomy_parameter(
    state: &State,
    request: &Request,
    kind: TaxonomyKind,
) -> Result<Option<i64>, Refusal> {
    let (name, title) = match kind {
        TaxonomyKind::Organization => ("organization_id", "Organization"),
        TaxonomyKind::Location => ("location_id", "Location"),
    };
    let parameters = request.parameters();
    let Some((_, text)) = parameters
        .iter()
        .find(|(other, value)| other == name && !value.is_empty())
    else {
        return Ok(None);
    };
    let id = text.parse::<i64>().ok();
    let known = id.filter(|id| state.taxonomies_of(kind).any(|taxonomy| taxonomy.id == *id));
    match known {
        Some(id) => Ok(Some(id)),
        None => Err(Refusal::NoTaxonomy(format!(
            "{title} with id {text} not found"
        ))),
    }
}

fn read(state: &State, user: &User, field: &str) -> Vec<Cell> {
    let text = |text: &Option<String>| text.iter().cloned().map(Cell::Text).collect();
    let source = || user.auth_source_id.and_then(|id| state.auth_source(id));
    match field {
        "login" => vec![Cell::Text(user.login.clone())],
        "firstname" => text(&user.firstname),
        "lastname" => text(&user.lastname),
        "mail" => text(&user.mail),
        "description" => text(&user.description),
        "admin" => vec![Cell::Flag(user.admin)],
        "disabled" => vec![Cell::Flag(user.disabled)],
        "id" => vec![Cell::Number(user.id)],
        "role_id" => user.role_ids.iter().copied().map(Cell::Number).collect(),
        "role" => {
            let roles = user.role_ids.iter().filter_map(|id| state.role(*id));
            roles.map(|role| Cell::Text(role.name.to_owned())).collect()
        }
        "usergroup" => {
            let groups = state.all_usergroups(user.id).into_iter();
            groups.map(|group| Cell::Text(group.name.clone())).collect()
        }
        "auth_source" => source()
            .map(|source| Cell::Text(source.name.to_owned()))
            .into_iter()
            .collect(),
        "auth_source_type" => source()
            .map(|source| Cell::Text(source.kind.to_owned()))
            .into_iter()
            .collect(),
        "last_login_on" => user
            .last_login_on
            .map(|time| Cell::Text(view::time(time)))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}
