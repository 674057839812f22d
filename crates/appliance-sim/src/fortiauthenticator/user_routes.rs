//! `/localusers/`: what each call does.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::exchange::{Request, Response};

use super::{
    appliance::FortiAuthenticator,
    body::{any_body, body},
    dialect::{Dialect, FIELDS_ABRIDGED},
    filter::Filters,
    form::{self, Errors, Purpose},
    listing::parameter,
    local_user::{COLLECTION, FILTERS, LocalUser},
    reply, rules,
    settings::{PasswordChange, Reply},
};

/// What can be asked of one user.
pub(super) const ACTIONS: [&str; 2] = ["sendoobtoken", "verifyrecoveryanswer"];

/// `/localusers/`.
pub(super) fn collection(
    appliance: &mut FortiAuthenticator,
    request: &Request,
) -> Result<Response, Response> {
    match request.method.as_str() {
        "POST" => create(appliance, request),
        "DELETE" => {
            for id in appliance.users.ids() {
                appliance.delete_user(id);
            }
            Ok(reply::empty(204))
        }
        _ => list(appliance, request),
    }
}

/// `/localusers/ID/`.
pub(super) fn object(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    id: u64,
) -> Result<Response, Response> {
    match request.method.as_str() {
        "PATCH" => change(appliance, request, id),
        "DELETE" => match appliance.delete_user(id) {
            true => Ok(reply::empty(204)),
            false => Err(reply::empty(404)),
        },
        _ => Ok(reply::json(200, &show(appliance, id)?)),
    }
}

/// `/localusers/ID/ACTION/`.
pub(super) fn action(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    id: u64,
    action: &str,
) -> Result<Response, Response> {
    let user = appliance.users.get(id).ok_or_else(|| reply::empty(404))?;
    if action == "sendoobtoken" {
        let to = user.text("email").to_owned();
        appliance.mail(to, "token code");
        return Ok(reply::empty(202));
    }
    let body = any_body(request)?;
    let answer = body.get("recovery_answer").and_then(Value::as_str);
    let right = user.flag("recovery_by_question") && answer == Some(user.text("recovery_answer"));
    Ok(reply::empty(if right { 202 } else { 404 }))
}

fn show(appliance: &FortiAuthenticator, id: u64) -> Result<Value, Response> {
    let user = appliance.users.get(id).ok_or_else(|| reply::empty(404))?;
    let fields = appliance.dialect.user_fields();
    Ok(user.show(&fields, appliance.dialect, &appliance.memberships))
}

fn list(appliance: &FortiAuthenticator, request: &Request) -> Result<Response, Response> {
    let parameters = request.parameters();
    let filters = Filters::read(&parameters, &FILTERS)?;
    filters.check_numbers(&["id"])?;
    filters.check_flags(&["active"])?;
    let mut users = match filters.wanted("username") {
        // By far the commonest question.
        Some(username) => appliance.users.folded(username),
        None => appliance.users.all(),
    };
    users.retain(|user| filters.accept(user));
    let abridged =
        parameter(&parameters, "abridged") == Some("1") && filters.wanted("username").is_some();
    let fields = match abridged {
        true => FIELDS_ABRIDGED.to_vec(),
        false => appliance.dialect.user_fields(),
    };
    let listing = appliance.listing(request, COLLECTION, &FILTERS);
    listing.reply(users, |user| {
        user.show(&fields, appliance.dialect, &appliance.memberships)
    })
}

fn create(appliance: &mut FortiAuthenticator, request: &Request) -> Result<Response, Response> {
    let body = body(request)?;
    let username = body.get("username").cloned().unwrap_or_default();
    let result = add(appliance, &body, request.now);
    if appliance.dialect != Dialect::V8 {
        let id = result?;
        let uri = appliance.dialect.uri(COLLECTION, id);
        let created = reply::created(request, &uri);
        return Ok(match appliance.settings.echoes_secrets {
            true => reply::with_body(created, &echo(appliance, id)?),
            false => created,
        });
    }
    let item = match result {
        Ok(id) => {
            let uri = appliance.dialect.uri(COLLECTION, id);
            let mut item =
                json!({"statue": 201, "username": username, "id": id, "resource_uri": uri});
            if let (true, Value::Object(item), Value::Object(echo)) = (
                appliance.settings.echoes_secrets,
                &mut item,
                echo(appliance, id)?,
            ) {
                item.extend(echo);
            }
            item
        }
        Err(refusal) => {
            let body: Value = serde_json::from_slice(&refusal.body).unwrap_or_default();
            let error = body.get(COLLECTION).or_else(|| body.get("error"));
            json!({"statue": refusal.status, "username": username, "error": error})
        }
    };
    Ok(multi_status(appliance.settings.create_reply, item))
}

/// The account as it was given, which some firmware shows in the answer to a create.
fn echo(appliance: &FortiAuthenticator, id: u64) -> Result<Value, Response> {
    let mut shown = show(appliance, id)?;
    let user = appliance.users.get(id).ok_or_else(|| reply::empty(404))?;
    if let Value::Object(fields) = &mut shown {
        let answer = user.text("recovery_answer").to_owned();
        fields.insert("recovery_answer".to_owned(), Value::String(answer));
    }
    Ok(shown)
}

/// 207 in one of the shapes in which release 8 was seen to give it.
fn multi_status(shape: Reply, mut item: Value) -> Response {
    if shape == Reply::WithoutUri
        && let Some(item) = item.as_object_mut()
    {
        item.remove("resource_uri");
    }
    match shape {
        Reply::Object => reply::json(207, &item),
        Reply::List | Reply::WithoutUri => reply::json(207, &json!([item])),
    }
}

fn add(
    appliance: &mut FortiAuthenticator,
    body: &Map<String, Value>,
    now: Timestamp,
) -> Result<u64, Response> {
    if body.contains_key("id") {
        return Err(reply::generic(500));
    }
    let mut errors = Errors::default();
    let mut user = LocalUser::new(&form::username(body, &mut errors));
    let ignore_case = appliance.settings.names_ignore_case;
    if appliance.users.is_taken(&user.username, ignore_case) {
        errors.add("username", "Local user with this Username already exists.");
    }
    let purpose = Purpose {
        dialect: appliance.dialect,
        is_create: true,
        takes_password: true,
        now,
    };
    form::fill(&mut user, body, purpose, &mut errors);
    rules::check(None, &user, &mut errors);
    errors
        .into_result()
        .map_err(|errors| reply::invalid(COLLECTION, &errors))?;
    if appliance.users.count() >= appliance.settings.max_users {
        return Err(reply::error(
            "The maximum number of users has been reached.",
        ));
    }
    assign_token(appliance, None, &mut user)?;
    if user.password.is_none() && !user.flag("ftk_only") {
        appliance.mail(user.text("email").to_owned(), "random password");
    }
    let activates = user.token_type.as_deref() == Some("ftm") && user.flag("token_auth");
    let id = appliance.users.add(user);
    if activates && appliance.settings.activation_fails {
        // The account is there although the answer says otherwise.
        return Err(reply::error(
            "Failed to send FortiToken Mobile activation message",
        ));
    }
    Ok(id)
}

fn change(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    id: u64,
) -> Result<Response, Response> {
    let before = appliance.users.get(id).ok_or_else(|| reply::empty(404))?;
    let before = before.clone();
    let body = body(request)?;
    if body.contains_key("id") {
        return Err(reply::generic(500));
    }
    let mut errors = Errors::default();
    if appliance.settings.refuse_rename && body.contains_key("username") {
        errors.add("username", "This field is read-only.");
    }
    let password_change = appliance.settings.password_change;
    if password_change == PasswordChange::Reject && body.contains_key("password") {
        errors.add("password", "This field cannot be changed.");
    }
    let mut user = before.clone();
    let purpose = Purpose {
        dialect: appliance.dialect,
        is_create: false,
        takes_password: password_change == PasswordChange::Accept,
        now: request.now,
    };
    form::fill(&mut user, &body, purpose, &mut errors);
    // To go over to the token alone is to give up the password, unless one comes along.
    if user.flag("ftk_only") && !before.flag("ftk_only") && !body.contains_key("password") {
        user.password = None;
    }
    rules::check(Some(&before), &user, &mut errors);
    errors
        .into_result()
        .map_err(|errors| reply::invalid(COLLECTION, &errors))?;
    assign_token(appliance, Some(&before), &mut user)?;
    if rules::loses_token_only(Some(&before), &user) {
        appliance.mail(user.text("email").to_owned(), "random password");
    }
    appliance.users.put(user);
    match appliance.dialect {
        Dialect::V8 => Ok(reply::json(202, &show(appliance, id)?)),
        Dialect::Classic | Dialect::Classic2014 => Ok(reply::empty(202)),
    }
}

/// Gives the user the token that the account asks for, and takes back one that it had.
fn assign_token(
    appliance: &mut FortiAuthenticator,
    before: Option<&LocalUser>,
    user: &mut LocalUser,
) -> Result<(), Response> {
    let had = before
        .map(|before| before.text("token_serial"))
        .unwrap_or_default();
    let had_type = before.and_then(|before| before.token_type.as_deref());
    let kind = user.token_type.clone().filter(|_| user.flag("token_auth"));
    let Some(kind) = kind.filter(|kind| matches!(kind.as_str(), "ftk" | "ftm")) else {
        appliance.tokens.release(had);
        user.set_text("token_serial", String::new());
        if !user.flag("token_auth") {
            user.token_type = None;
        }
        return Ok(());
    };
    let asked = user.text("token_serial").to_owned();
    let same_kind = had_type == Some(kind.as_str());
    if same_kind && !had.is_empty() && (asked.is_empty() || asked == had) {
        user.set_text("token_serial", had.to_owned());
        return Ok(());
    }
    // The old serial number does not stand for a token of the new kind.
    let asked = if asked == had { String::new() } else { asked };
    let serial = appliance
        .tokens
        .assign(&kind, &asked)
        .ok_or_else(|| reply::error("This serial number is not available for use."))?;
    appliance.tokens.release(had);
    user.set_text("token_serial", serial);
    Ok(())
}
