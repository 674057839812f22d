//! What only an appliance's owner sees, and what the guide leaves open.
//!
//! `GET` and `POST /_sim/settings` read and change the settings; `POST /_sim/lockout` disables an
//! account as the appliance does by itself; `POST /_sim/password` tells whether a password is an
//! account's; `GET /_sim/mails` lists what would have been mailed; `POST /_sim/key` makes another key
//! the API user's, which ends the one before.

use jiff::ToSpan;
use serde_json::{Value, json};

use crate::{
    exchange::{Request, Response},
    knobs::{self, Settings},
};

use super::appliance::FortiAuthenticator;

/// The reason that a lock-out has, and the seconds after which it ends.
const LOCKED_OUT: u64 = 2;
const LOCK_OUT_SECONDS: i64 = 60;

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn handle(appliance: &mut FortiAuthenticator, request: &Request) -> Option<Response> {
    let path = knobs::path(request)?;
    let body = request.json().unwrap_or_default();
    Some(knobs::outcome(match (request.method.as_str(), path) {
        ("GET", "settings") => Ok(appliance.settings.document()),
        ("POST", "settings") => knobs::change(&mut appliance.settings, &body),
        ("POST", "lockout") => lock_out(appliance, request, &body),
        ("POST", "password") => Ok(knobs::password(&body, |username, password| {
            opens(appliance, username, password)
        })),
        ("GET", "mails") => Ok(mails(appliance)),
        ("POST", "key") => rotate(appliance, &body),
        _ => return Some(knobs::explain(404, "there is no such control")),
    }))
}

fn lock_out(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    body: &Value,
) -> Result<Value, String> {
    let username = body["username"].as_str().unwrap_or_default();
    let reason = body["reason"].as_u64().unwrap_or(LOCKED_OUT);
    let users = appliance.users.folded(username);
    let user = users.into_iter().find(|user| user.username == username);
    let mut user = user.ok_or("there is no such local user")?.clone();
    let until = (reason == LOCKED_OUT)
        .then(|| request.now.checked_add(LOCK_OUT_SECONDS.seconds()))
        .and_then(Result::ok);
    user.deactivate(reason, until);
    appliance.users.put(user);
    Ok(json!({}))
}

fn rotate(appliance: &mut FortiAuthenticator, body: &Value) -> Result<Value, String> {
    let key = body["key"].as_str().filter(|key| !key.is_empty());
    key.ok_or("`key` is the new API key")?
        .clone_into(&mut appliance.api_key);
    Ok(json!({}))
}

fn opens(appliance: &FortiAuthenticator, username: &str, password: &str) -> bool {
    let users = appliance.users.folded(username);
    users
        .into_iter()
        .any(|user| user.username == username && user.password.as_deref() == Some(password))
}

fn mails(appliance: &FortiAuthenticator) -> Value {
    let mails = appliance.mails.iter();
    let mails: Vec<Value> = mails
        .map(|mail| json!({"to": mail.to, "about": mail.about}))
        .collect();
    json!({"mails": mails})
}
