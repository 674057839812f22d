//! `/usergroups/`: what each call does.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::exchange::{Request, Response};

use super::{
    appliance::FortiAuthenticator,
    body::body,
    dialect::id_of,
    filter::Filters,
    listing::parameter,
    local_user, reply,
    user_group::{COLLECTION, FILTERS, NAME_LENGTH, UserGroup},
};

/// `/usergroups/`.
pub(super) fn collection(
    appliance: &mut FortiAuthenticator,
    request: &Request,
) -> Result<Response, Response> {
    match request.method.as_str() {
        "POST" => create(appliance, request),
        _ => list(appliance, request),
    }
}

/// `/usergroups/ID/`.
pub(super) fn object(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    id: u64,
) -> Result<Response, Response> {
    let group = appliance.groups.get(id).ok_or_else(|| reply::empty(404))?;
    match request.method.as_str() {
        "PUT" => replace(appliance, request, id),
        "PATCH" => change(appliance, request, id),
        "DELETE" => {
            appliance.groups.remove(id);
            appliance.memberships.remove_group(id);
            Ok(reply::empty(204))
        }
        _ => Ok(reply::json(
            200,
            &show(appliance, group, shows_members(request)),
        )),
    }
}

fn list(appliance: &FortiAuthenticator, request: &Request) -> Result<Response, Response> {
    let filters = Filters::read(&request.parameters(), &FILTERS)?;
    let mut groups = appliance.groups.all();
    groups.retain(|group| filters.accept(group));
    let listing = appliance.listing(request, COLLECTION, &FILTERS);
    let members = shows_members(request);
    listing.reply(groups, |group| show(appliance, group, members))
}

fn shows_members(request: &Request) -> bool {
    let parameters = request.parameters();
    let asked = parameter(&parameters, "return_members");
    !asked.is_some_and(|asked| matches!(asked, "false" | "False" | "0"))
}

fn show(appliance: &FortiAuthenticator, group: &UserGroup, members: bool) -> Value {
    let mut document = json!({
        "id": group.id,
        "name": group.name,
        "password_policy": "Default",
        "resource_uri": appliance.dialect.uri(COLLECTION, group.id),
    });
    if members && let Some(document) = document.as_object_mut() {
        let uri = |user| json!(appliance.dialect.uri(local_user::COLLECTION, user));
        let users: Value = appliance.memberships.users_of(group.id).map(uri).collect();
        document.insert("users".into(), users);
    }
    document
}

fn create(appliance: &mut FortiAuthenticator, request: &Request) -> Result<Response, Response> {
    let body = body(request)?;
    let name = name(appliance, &body, None)?.ok_or_else(name_required)?;
    let users = users(appliance, &body)?.unwrap_or_default();
    if appliance.groups.count() >= appliance.settings.max_groups {
        return Err(reply::error(
            "The maximum number of user groups has been reached.",
        ));
    }
    let id = appliance.groups.add(name);
    appliance.memberships.replace(id, &users);
    let uri = appliance.dialect.uri(COLLECTION, id);
    Ok(reply::created(request, &uri))
}

/// PUT: who is not in the body is no member any more.
fn replace(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    id: u64,
) -> Result<Response, Response> {
    let body = body(request)?;
    let name = name(appliance, &body, Some(id))?.ok_or_else(name_required)?;
    let users = users(appliance, &body)?.unwrap_or_default();
    appliance.groups.rename(id, name);
    appliance.memberships.replace(id, &users);
    Ok(reply::empty(204))
}

/// PATCH: the guide says that users are added; some clients rely on their being replaced.
fn change(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    id: u64,
) -> Result<Response, Response> {
    let body = body(request)?;
    let name = name(appliance, &body, Some(id))?;
    let users = users(appliance, &body)?;
    if let Some(name) = name {
        appliance.groups.rename(id, name);
    }
    if let Some(mut users) = users {
        if !appliance.settings.group_patch_replaces {
            users.extend(appliance.memberships.users_of(id));
        }
        appliance.memberships.replace(id, &users);
    }
    Ok(reply::empty(202))
}

/// The name in a body, if it has one that can be had.
fn name(
    appliance: &FortiAuthenticator,
    body: &Map<String, Value>,
    own: Option<u64>,
) -> Result<Option<String>, Response> {
    let Some(name) = body.get("name") else {
        return Ok(None);
    };
    let name = name.as_str().unwrap_or_default();
    let length = name.chars().count();
    if length == 0 {
        return Err(name_required());
    }
    if length > NAME_LENGTH {
        let text =
            format!("Ensure this value has at most {NAME_LENGTH} characters (it has {length}).");
        return Err(reply::invalid_field(COLLECTION, "name", &text));
    }
    if appliance.groups.is_taken(name, own) {
        let text = "User group with this Name already exists.";
        return Err(reply::invalid_field(COLLECTION, "name", text));
    }
    Ok(Some(name.to_owned()))
}

fn name_required() -> Response {
    reply::invalid_field(COLLECTION, "name", "This field is required.")
}

/// The users in a body, if it says any; null says none.
fn users(
    appliance: &FortiAuthenticator,
    body: &Map<String, Value>,
) -> Result<Option<BTreeSet<u64>>, Response> {
    let uris = match body.get("users") {
        None => return Ok(None),
        Some(Value::Null) => return Ok(Some(BTreeSet::new())),
        Some(Value::Array(uris)) => uris,
        Some(_) => return Err(reply::generic(500)),
    };
    let users = uris.iter().map(|uri| user(appliance, uri));
    users.collect::<Result<_, _>>().map(Some)
}

/// The id of a user named by its path; administrators can be members, too.
pub(super) fn user(appliance: &FortiAuthenticator, uri: &Value) -> Result<u64, Response> {
    object_id(uri, "user", local_user::COLLECTION, |id| {
        appliance.users.name_of(id).is_some()
    })
}

/// The id in a path of a body, if there is such an object.
pub(super) fn object_id(
    uri: &Value,
    field: &str,
    collection: &str,
    exists: impl Fn(u64) -> bool,
) -> Result<u64, Response> {
    let Some(path) = uri.as_str() else {
        return Err(reply::error(format!(
            "The '{field}' field was given data that was not a URI, not a dictionary-alike and \
             does not have a 'pk' attribute: {uri}."
        )));
    };
    match id_of(path, collection) {
        Some(id) if exists(id) => Ok(id),
        Some(_) => Err(unknown_object(collection, path)),
        // No page has this path.
        None => Err(reply::generic(404)),
    }
}

fn unknown_object(collection: &str, uri: &str) -> Response {
    reply::error(format!(
        "Could not find the provided {collection} object via resource URI '{uri}'."
    ))
}
