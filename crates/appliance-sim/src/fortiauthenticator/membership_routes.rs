//! `/localgroup-memberships/`: one user in one group, one call.

use serde_json::{Map, Value, json};

use crate::exchange::{Request, Response};

use super::{
    appliance::FortiAuthenticator,
    body::body,
    filter::Filters,
    group_routes::{object_id, user},
    local_user,
    membership::{COLLECTION, FILTERS, Membership, NamedMembership},
    reply, user_group,
};

/// `/localgroup-memberships/`.
pub(super) fn collection(
    appliance: &mut FortiAuthenticator,
    request: &Request,
) -> Result<Response, Response> {
    match request.method.as_str() {
        "POST" => create(appliance, request),
        _ => list(appliance, request),
    }
}

/// `/localgroup-memberships/ID/`.
pub(super) fn object(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    id: u64,
) -> Result<Response, Response> {
    let membership = *appliance
        .memberships
        .get(id)
        .ok_or_else(|| reply::empty(404))?;
    if request.method == "DELETE" {
        appliance.memberships.remove(id);
        return Ok(reply::empty(204));
    }
    Ok(reply::json(
        200,
        &show(appliance, &named(appliance, membership)),
    ))
}

fn list(appliance: &FortiAuthenticator, request: &Request) -> Result<Response, Response> {
    let filters = Filters::read(&request.parameters(), &FILTERS)?;
    filters.check_numbers(&["user", "group"])?;
    let wanted = |field| filters.wanted(field).and_then(|id| id.parse().ok());
    let memberships = match (wanted("user"), wanted("group")) {
        (Some(user), _) => appliance.memberships.of_user(user),
        (None, Some(group)) => appliance.memberships.of_group(group),
        (None, None) => appliance.memberships.all(),
    };
    let rows = memberships.into_iter().map(|one| named(appliance, one));
    let rows = rows.filter(|row| filters.accept(row)).collect();
    let listing = appliance.listing(request, COLLECTION, &FILTERS);
    listing.reply(rows, |row| show(appliance, row))
}

fn create(appliance: &mut FortiAuthenticator, request: &Request) -> Result<Response, Response> {
    let body = body(request)?;
    let user = user(appliance, present(&body, "user")?)?;
    let group = object_id(
        present(&body, "group")?,
        "group",
        user_group::COLLECTION,
        |id| appliance.groups.get(id).is_some(),
    )?;
    // The framework does not foresee that there is one already.
    let id = appliance
        .memberships
        .add(user, group)
        .ok_or_else(|| reply::generic(500))?;
    let uri = appliance.dialect.uri(COLLECTION, id);
    Ok(reply::created(request, &uri))
}

fn present<'a>(body: &'a Map<String, Value>, field: &str) -> Result<&'a Value, Response> {
    body.get(field)
        .filter(|value| !value.is_null())
        .ok_or_else(|| {
            reply::error(format!(
                "The '{field}' field has no data and doesn't allow a default or null value."
            ))
        })
}

fn named(appliance: &FortiAuthenticator, membership: Membership) -> NamedMembership<'_> {
    let group = appliance.groups.get(membership.group);
    NamedMembership {
        membership,
        username: appliance.users.name_of(membership.user).unwrap_or_default(),
        group_name: group.map(|group| group.name.as_str()).unwrap_or_default(),
    }
}

fn show(appliance: &FortiAuthenticator, row: &NamedMembership<'_>) -> Value {
    let dialect = appliance.dialect;
    let Membership { id, user, group } = row.membership;
    json!({
        "group": dialect.uri(user_group::COLLECTION, group),
        "group_name": row.group_name,
        "id": id,
        "resource_uri": dialect.uri(COLLECTION, id),
        "user": dialect.uri(local_user::COLLECTION, user),
        "username": row.username,
    })
}
