//! `/localusers/ID/radiusattributes/`: what each call does.

use serde_json::{Map, Value, json};

use crate::exchange::{Request, Response};

use super::{
    appliance::FortiAuthenticator,
    body::{any_body, body},
    filter::Filters,
    radius::{FILTERS, RadiusAttribute},
    reply,
};

/// The key of the errors.
const RESOURCE: &str = "radiusattributes";

/// The attributes of one user.
pub(super) fn collection(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    owner: u64,
) -> Result<Response, Response> {
    appliance
        .users
        .get(owner)
        .ok_or_else(|| reply::empty(404))?;
    match request.method.as_str() {
        "POST" => {
            let attribute = read(RadiusAttribute::new(owner), &body(request)?)?;
            let id = appliance.radius.add(attribute);
            Ok(reply::created(request, &uri(appliance, owner, id)))
        }
        "PUT" => replace(appliance, request, owner),
        "DELETE" => {
            appliance.radius.remove_owner(owner);
            Ok(reply::empty(204))
        }
        _ => list(appliance, request, owner),
    }
}

/// One attribute of one user.
pub(super) fn object(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    owner: u64,
    id: u64,
) -> Result<Response, Response> {
    let attribute = appliance.radius.get(owner, id);
    let attribute = attribute.ok_or_else(|| reply::empty(404))?.clone();
    match request.method.as_str() {
        "PATCH" => {
            let attribute = read(attribute, &body(request)?)?;
            appliance.radius.put(attribute);
            Ok(reply::empty(202))
        }
        "DELETE" => {
            appliance.radius.remove(id);
            Ok(reply::empty(204))
        }
        _ => Ok(reply::json(200, &show(appliance, &attribute))),
    }
}

/// PUT: the attributes of the body are all that the user has afterwards.
fn replace(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    owner: u64,
) -> Result<Response, Response> {
    let body = any_body(request)?;
    let items = match &body {
        Value::Array(items) => items,
        body => match body.get("objects").and_then(Value::as_array) {
            Some(items) => items,
            None => return Err(reply::error("Invalid data sent.")),
        },
    };
    let attributes = items
        .iter()
        .map(|item| match item.as_object() {
            Some(item) => read(RadiusAttribute::new(owner), item),
            None => Err(reply::generic(500)),
        })
        .collect::<Result<Vec<_>, _>>()?;
    appliance.radius.remove_owner(owner);
    for attribute in attributes {
        appliance.radius.add(attribute);
    }
    Ok(reply::empty(204))
}

fn list(
    appliance: &FortiAuthenticator,
    request: &Request,
    owner: u64,
) -> Result<Response, Response> {
    let filters = Filters::read(&request.parameters(), &FILTERS)?;
    let mut attributes = appliance.radius.of(owner);
    attributes.retain(|attribute| filters.accept(attribute));
    let collection = path(owner);
    let listing = appliance.listing(request, &collection, &FILTERS);
    listing.reply(attributes, |attribute| show(appliance, attribute))
}

fn read(
    mut attribute: RadiusAttribute,
    body: &Map<String, Value>,
) -> Result<RadiusAttribute, Response> {
    attribute
        .change(body)
        .map_err(|errors| reply::invalid(RESOURCE, &errors))?;
    Ok(attribute)
}

fn show(appliance: &FortiAuthenticator, attribute: &RadiusAttribute) -> Value {
    let owner = attribute.owner;
    json!({
        "attr_val": attribute.value,
        "attribute": attribute.attribute,
        "id": attribute.id,
        "owner": appliance.users.name_of(owner).unwrap_or_default(),
        "resource_uri": uri(appliance, owner, attribute.id),
        "vendor": attribute.vendor,
    })
}

fn path(owner: u64) -> String {
    format!("localusers/{owner}/radiusattributes")
}

fn uri(appliance: &FortiAuthenticator, owner: u64, id: u64) -> String {
    appliance.dialect.uri(&path(owner), id)
}
