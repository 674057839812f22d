//! Personal access tokens, which serve as passwords of the API.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::appliance::Foreman;
use super::params::Params;
use super::permissions::Caller;
use super::reply::{Answer, Refusal};
use super::state::{Token, User};
use super::{users, view};
use crate::dummy_hash::letters;

pub(super) fn list(
    foreman: &Foreman,
    caller: Caller,
    user: &str,
    now: Timestamp,
) -> Result<Vec<Value>, Refusal> {
    let user = users::find(foreman, caller, user)?;
    Ok(user
        .tokens
        .iter()
        .map(|token| view(user, token, now))
        .collect())
}

/// The only reply that shows the token itself.
pub(super) fn create(
    foreman: &mut Foreman,
    caller: Caller,
    user: &str,
    body: &Value,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let user = users::writable(foreman, caller, user, "create_personal_access_tokens")?;
    let params = Params::of(body, "personal_access_token")?;
    let Some(name) = params.present("name") else {
        let errors = vec![("name".to_owned(), "can't be blank".to_owned())];
        return Err(Refusal::Invalid { id: None, errors });
    };
    let expires_at = params
        .present("expires_at")
        .and_then(|time| time.parse().ok());
    let token = Token {
        id: foreman.state.next_token_id(),
        name,
        value: letters(foreman.serial, 22),
        expires_at,
        revoked: false,
        last_used_at: None,
        created_at: now,
        updated_at: now,
    };
    let mut fields = serde_json::Map::new();
    fields.insert("token_value".to_owned(), json!(token.value));
    if let Value::Object(rest) = view(&user, &token, now) {
        fields.extend(rest);
    }
    if let Some(user) = foreman.state.user_mut(user.id) {
        user.tokens.push(token);
    }
    Ok(Answer::created(Value::Object(fields)))
}

pub(super) fn show(
    foreman: &Foreman,
    caller: Caller,
    user: &str,
    id: &str,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let user = users::find(foreman, caller, user)?;
    let token = find(user, id)?;
    Ok(Answer::ok(view(user, token, now)))
}

/// Revokes; the row stays, and the reply shows its hash.
pub(super) fn revoke(
    foreman: &mut Foreman,
    caller: Caller,
    user: &str,
    id: &str,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let user = users::writable(foreman, caller, user, "revoke_personal_access_tokens")?;
    let mut token = find(&user, id)?.clone();
    token.revoked = true;
    token.updated_at = now;
    let serial = foreman.serial;
    let answer = json!({
        "revoked": true,
        "id": token.id,
        "token": format!("$2a$09${}", letters(serial, 53)),
        "name": token.name,
        "expires_at": token.expires_at.map(view::raw_time),
        "last_used_at": token.last_used_at.map(view::raw_time),
        "user_id": user.id,
        "created_at": view::raw_time(token.created_at),
        "updated_at": view::raw_time(token.updated_at),
    });
    if let Some(user) = foreman.state.user_mut(user.id) {
        for other in &mut user.tokens {
            if other.id == token.id {
                other.clone_from(&token);
            }
        }
    }
    Ok(Answer::ok(answer))
}

fn view(user: &User, token: &Token, now: Timestamp) -> Value {
    json!({
        "created_at": view::time(token.created_at),
        "updated_at": view::time(token.updated_at),
        "id": token.id,
        "name": token.name,
        "expires_at": token.expires_at.map(view::time),
        "active?": token.is_active(now),
        "user_id": user.id,
        "last_used_at": token.last_used_at.map(view::time),
        "revoked?": token.revoked,
    })
}

fn find<'a>(user: &'a User, id: &str) -> Result<&'a Token, Refusal> {
    let token = user.tokens.iter().find(|token| token.id.to_string() == id);
    token.ok_or_else(|| Refusal::not_found("personal_access_token", id))
}
