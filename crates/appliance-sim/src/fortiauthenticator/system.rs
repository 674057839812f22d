//! The resources that can only be read: directory, schemas, system information, policies, tokens.

use serde_json::{Map, Value, json};

use crate::exchange::{Request, Response};

use super::{
    appliance::FortiAuthenticator,
    filter::{FilterRules, Filters},
    fortitoken, local_user, membership, reply, user_group,
};

/// The resources whose state is one object.
const SINGLETONS: [&str; 2] = ["systeminfo", "userlockoutpolicy"];

/// The resources that are listed by the directory.
pub(super) const RESOURCES: [&str; 7] = [
    "fortitokens",
    "localgroup-memberships",
    "localusers",
    "passwordpolicies",
    "systeminfo",
    "usergroups",
    "userlockoutpolicy",
];

/// `GET /api/v1/`, which needs no key.
pub(super) fn directory(appliance: &FortiAuthenticator) -> Response {
    let entries = RESOURCES.into_iter().map(|name| {
        let entry = json!({
            "list_endpoint": appliance.dialect.collection(name),
            "schema": appliance.dialect.collection(&format!("{name}/schema")),
        });
        (name.to_owned(), entry)
    });
    reply::json(200, &Value::Object(entries.collect::<Map<_, _>>()))
}

/// A resource that is no account's.
pub(super) fn page(
    appliance: &FortiAuthenticator,
    request: &Request,
    name: &str,
) -> Result<Response, Response> {
    match name {
        "systeminfo" => Ok(reply::json(200, &usage(appliance))),
        "userlockoutpolicy" => Ok(reply::json(
            200,
            &json!({"max_attempts": 3, "permanent": false, "period": 60}),
        )),
        "passwordpolicies" => {
            let uri = appliance.dialect.uri(name, 1);
            let policy = json!({"id": 1, "name": "Default", "resource_uri": uri});
            let meta = json!({
                "limit": 20, "next": null, "offset": 0, "previous": null, "total_count": 1,
            });
            Ok(reply::json(
                200,
                &json!({"meta": meta, "objects": [policy]}),
            ))
        }
        "fortitokens" => tokens(appliance, request),
        _ => Err(reply::unknown_page()),
    }
}

/// What the licence allows and how much of it is used.
fn usage(appliance: &FortiAuthenticator) -> Value {
    json!({
        "groups_usage_detail": {
            "max": appliance.settings.max_groups,
            "used": appliance.groups.count(),
        },
        "users_usage_detail": {
            "max": appliance.settings.max_users,
            "used": appliance.users.count(),
        },
    })
}

/// `GET /fortitokens/`.
pub(super) fn tokens(
    appliance: &FortiAuthenticator,
    request: &Request,
) -> Result<Response, Response> {
    let filters = Filters::read(&request.parameters(), &fortitoken::FILTERS)?;
    let mut tokens = appliance.tokens.all();
    tokens.retain(|token| filters.accept(token));
    let listing = appliance.listing(request, fortitoken::COLLECTION, &fortitoken::FILTERS);
    listing.reply(tokens, |token| {
        token.show(appliance.dialect.uri(fortitoken::COLLECTION, token.id))
    })
}

/// `GET /RESOURCE/schema/`, which fails for resources that are one object.
pub(super) fn schema(appliance: &FortiAuthenticator, name: &str) -> Result<Response, Response> {
    if SINGLETONS.contains(&name) {
        return Err(reply::generic(500));
    }
    let (fields, rules): (Vec<&str>, Option<&FilterRules>) = match name {
        "localusers" => (appliance.dialect.user_fields(), Some(&local_user::FILTERS)),
        "usergroups" => (
            user_group::FILTERS.known.to_vec(),
            Some(&user_group::FILTERS),
        ),
        "localgroup-memberships" => (
            membership::FILTERS.known.to_vec(),
            Some(&membership::FILTERS),
        ),
        "fortitokens" => (
            fortitoken::FILTERS.known.to_vec(),
            Some(&fortitoken::FILTERS),
        ),
        _ => (vec!["id", "name", "resource_uri"], None),
    };
    let fields = fields
        .iter()
        .map(|field| ((*field).to_owned(), describe(field)));
    let filtering = rules.into_iter().flat_map(|rules| rules.allowed);
    let filtering = filtering.map(|(field, lookups)| {
        let names: Vec<&str> = lookups.iter().map(|lookup| lookup.name()).collect();
        ((*field).to_owned(), json!(names))
    });
    Ok(reply::json(
        200,
        &json!({
            "default_format": "application/json",
            "default_limit": 20,
            "fields": Value::Object(fields.collect::<Map<_, _>>()),
            "filtering": Value::Object(filtering.collect::<Map<_, _>>()),
        }),
    ))
}

fn describe(field: &str) -> Value {
    let kind = match field {
        "id" | "reason" => "integer",
        "expires_at" => "datetime",
        "user_groups" | "users" | "user" | "group" => "related",
        field if local_user::FLAGS.contains(&field) => "boolean",
        _ => "string",
    };
    json!({
        "readonly": matches!(field, "id" | "resource_uri" | "user_groups"),
        "type": kind,
        "unique": matches!(field, "id" | "username" | "name"),
    })
}
