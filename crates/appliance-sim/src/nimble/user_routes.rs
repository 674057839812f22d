//! `/v1/users`: what each call does, and who may make it.

use serde_json::{Value, json};

use crate::exchange::Request;

use super::{
    appliance::Nimble,
    authentication::Caller,
    body::Body,
    criteria::Criteria,
    failure::Failure,
    identifier::{Identifier, path_identifier},
    listing::{self, Detail, Listing},
    query::Query,
    success::Success,
    user::{User, UserRow},
    user_document::UserDocument,
    users::Rules,
};

/// Answers below `users`.
pub(super) fn answer(
    nimble: &mut Nimble,
    request: &Request,
    caller: &Caller,
    path: &[&str],
) -> Result<Success, Failure> {
    match (request.method.as_str(), path) {
        ("GET", []) => list_users(nimble, request, None, Detail::Summary),
        ("GET", ["detail"]) => list_users(nimble, request, None, Detail::Full),
        ("POST", []) => {
            let body = Body::read(request)?;
            match body.is_fetch() {
                true => list_users(nimble, request, Some(body), Detail::Summary),
                false => create_user(nimble, request, caller, body),
            }
        }
        ("POST", ["detail"]) => match Body::read(request)? {
            body if body.is_fetch() => list_users(nimble, request, Some(body), Detail::Full),
            _ => Err(Failure::no_such_method()),
        },
        ("GET", [id]) => {
            let id = path_identifier(id)?;
            let query = Query::read(request, &nimble.release.user_fields())?;
            let user = nimble.users.get(&id)?;
            Success::data(200, show(nimble, user, query.fields.as_deref()))
        }
        ("PUT", [id]) => update_user(nimble, request, caller, &path_identifier(id)?),
        ("DELETE", [id]) => delete_user(nimble, caller, &path_identifier(id)?),
        ("POST", [id, "actions", "unlock"]) if nimble.release.has_unlock() => {
            unlock_user(nimble, request, caller, &path_identifier(id)?)
        }
        (_, [] | [_]) => Err(Failure::no_such_method()),
        _ => Err(Failure::no_such_path()),
    }
}

fn show(nimble: &Nimble, user: &User, fields: Option<&[String]>) -> Value {
    let row = UserRow {
        user,
        sessions: &nimble.sessions,
    };
    match fields {
        None => listing::object(&row, &nimble.release.user_fields()),
        Some(fields) => {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            listing::object(&row, &fields)
        }
    }
}

fn list_users(
    nimble: &Nimble,
    request: &Request,
    body: Option<Body>,
    detail: Detail,
) -> Result<Success, Failure> {
    let fields = nimble.release.user_fields();
    let mut query = Query::read(request, &fields)?;
    let criteria = match body {
        None => None,
        Some(body) => {
            query.wrapper(&body.wrapper, &fields)?;
            Some(Criteria::parse(&body.data, &fields)?)
        }
    };
    let row = |user| UserRow {
        user,
        sessions: &nimble.sessions,
    };
    let listing = Listing {
        fields: &fields,
        detail,
        max_page: nimble.settings.max_page_size,
    };
    let reply = match query.equal("name") {
        // By far the commonest question; the answer is at most one row.
        Some(name) => {
            let rows = nimble.users.named(name).into_iter().map(row);
            listing::list(rows, &query, criteria.as_ref(), listing)?
        }
        None => {
            let rows = nimble.users.all().map(row);
            listing::list(rows, &query, criteria.as_ref(), listing)?
        }
    };
    match nimble.settings.partial_reads {
        false => Success::ok(reply),
        true => Ok(partial(reply)),
    }
}

/// A read that the array could not complete: half of the rows, and why.
fn partial(mut reply: Value) -> Success {
    if let Some(reply) = reply.as_object_mut() {
        if let Some(rows) = reply.get_mut("data").and_then(Value::as_array_mut) {
            rows.truncate(rows.len() / 2);
        }
        let message = json!({
            "code": "SM_partial_response",
            "severity": "warn",
            "text": "The response is incomplete.",
        });
        reply.insert("messages".into(), json!([message]));
    }
    Success {
        status: 206,
        body: reply,
    }
}

fn create_user(
    nimble: &mut Nimble,
    request: &Request,
    caller: &Caller,
    body: Body,
) -> Result<Success, Failure> {
    caller.must_be_administrator()?;
    let document = UserDocument::for_create(&body.into_data()?)?;
    let rules = Rules {
        policy: &nimble.policy,
        settings: &nimble.settings,
    };
    let id = nimble.users.create(document, rules, request.now)?;
    Success::data(201, show(nimble, nimble.users.get(&id)?, None))
}

fn update_user(
    nimble: &mut Nimble,
    request: &Request,
    caller: &Caller,
    id: &Identifier,
) -> Result<Success, Failure> {
    let data = Body::read(request)?.into_data()?;
    let document = UserDocument::for_update(&data, nimble.release)?;
    if caller.user != *id || !document.is_personal() {
        caller.must_be_administrator()?;
    }
    check_authorisation(nimble, caller, &document)?;
    let rules = Rules {
        policy: &nimble.policy,
        settings: &nimble.settings,
    };
    nimble.users.update(id, document, rules, request.now)?;
    Success::data(200, show(nimble, nimble.users.get(id)?, None))
}

/// Checks the caller's own password, where a password change brings it or must bring it.
fn check_authorisation(
    nimble: &Nimble,
    caller: &Caller,
    document: &UserDocument,
) -> Result<(), Failure> {
    let required = nimble.settings.require_auth_password && nimble.release.has_auth_password();
    match (&document.auth_password, &document.password) {
        (Some(own), _) if *own != nimble.users.get(&caller.user)?.password => {
            Err(Failure::forbidden("The authorising password is wrong."))
        }
        (None, Some(_)) if required => Err(Failure::missing("auth_password")),
        _ => Ok(()),
    }
}

fn delete_user(nimble: &mut Nimble, caller: &Caller, id: &Identifier) -> Result<Success, Failure> {
    caller.must_be_administrator()?;
    if caller.user == *id {
        return Err(Failure::conflict(
            "SM_eperm",
            "A user cannot delete itself.",
        ));
    }
    nimble.users.delete(id)?;
    nimble.sessions.close_of(id);
    // HPE's clients parse the body of this answer, so there is one.
    Success::ok(json!({}))
}

fn unlock_user(
    nimble: &mut Nimble,
    request: &Request,
    caller: &Caller,
    id: &Identifier,
) -> Result<Success, Failure> {
    caller.must_be_administrator()?;
    let data = Body::read(request)?.into_data()?;
    match data.get("id").and_then(Value::as_str) {
        None => return Err(Failure::missing("id")),
        Some(named) if named != id.as_str() => return Err(Failure::invalid("id")),
        Some(_) => {}
    }
    let user = nimble.users.get_mut(id)?;
    user.auth_lock = false;
    user.failed_logins = 0;
    Success::data(200, json!({"id": id.as_str(), "auth_lock": false}))
}
