//! `auth.*`: how a session gets a caller. A refused login is a result, and it takes its time.

use serde_json::{Value, json};

use super::super::auth::{self, Caller};
use super::super::reply::Refusal;
use super::super::state::User;
use super::super::{passwords, system};
use super::methods::Context;
use crate::dummy_hash::letters;

/// What `auth.login_ex` takes; the exchange of 26 that never sends the key is not among it.
pub(super) const MECHANISMS: [&str; 3] = ["PASSWORD_PLAIN", "TOKEN_PLAIN", "API_KEY_PLAIN"];

/// Why nobody is logged in.
enum Failure {
    Wrong,
    /// The key is dead, or died just now.
    Expired,
}

pub(super) fn login(context: &mut Context<'_>) -> Result<Value, Refusal> {
    let name = context.params.text(0, "username")?;
    let password = context.params.text(1, "password")?;
    let caller = by_password(context, &name, &password);
    Ok(json!(enter(context, caller).is_ok()))
}

pub(super) fn with_api_key(context: &mut Context<'_>) -> Result<Value, Refusal> {
    let key = context.params.text(0, "api_key")?;
    let caller = by_api_key(context, None, &key);
    Ok(json!(enter(context, caller).is_ok()))
}

pub(super) fn with_token(context: &mut Context<'_>) -> Result<Value, Refusal> {
    let token = context.params.text(0, "token")?;
    let caller = by_token(context, &token);
    Ok(json!(enter(context, caller).is_ok()))
}

pub(super) fn login_ex(context: &mut Context<'_>) -> Result<Value, Refusal> {
    let given = context.params.at(0);
    let text = |key: &str| match given.get(key) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(wrong_login(key, "Input should be a valid string")),
        None => Err(wrong_login(key, "Field required")),
    };
    let caller = match text("mechanism")?.as_str() {
        "PASSWORD_PLAIN" => by_password(context, &text("username")?, &text("password")?),
        "API_KEY_PLAIN" => by_api_key(context, Some(&text("username")?), &text("api_key")?),
        "TOKEN_PLAIN" => by_token(context, &text("token")?),
        _ => {
            return Err(wrong_login(
                "mechanism",
                "Input should be a known mechanism",
            ));
        }
    };
    let caller = match enter(context, caller) {
        Ok(caller) => caller,
        Err(Failure::Wrong) => return Ok(json!({"response_type": "AUTH_ERR"})),
        Err(Failure::Expired) => return Ok(json!({"response_type": "EXPIRED"})),
    };
    let quiet = given.pointer("/login_options/user_info") == Some(&json!(false));
    let user_info = match quiet {
        true => Value::Null,
        false => system::me(context.nas, caller),
    };
    Ok(json!({
        "response_type": "SUCCESS",
        "user_info": user_info,
        "authenticator": "LEVEL_1",
    }))
}

pub(super) fn logout(context: &mut Context<'_>) -> Result<Value, Refusal> {
    context.nas.sessions.set_caller(context.session, None);
    Ok(json!(true))
}

/// A token that opens one session.
pub(super) fn generate_token(context: &mut Context<'_>) -> Result<Value, Refusal> {
    /// As long as the appliance's own.
    const LENGTH: usize = 64;
    let caller = context.caller()?;
    let tokens = &mut context.nas.tokens;
    tokens.made += 1;
    let token = letters(tokens.made, LENGTH);
    tokens.open.insert(token.clone(), caller.user);
    Ok(json!(token))
}

fn wrong_login(key: &str, message: &str) -> Refusal {
    Refusal::invalid(format!("login_data.{key}"), message)
}

fn by_password(context: &Context<'_>, name: &str, password: &str) -> Result<Caller, Failure> {
    let user = context.nas.state.user_named(name);
    let user = user.filter(|user| passwords::opens(user, password));
    admitted(context, user)
}

/// A key that was shown where others could read it is revoked on the spot.
fn by_api_key(
    context: &mut Context<'_>,
    name: Option<&str>,
    given: &str,
) -> Result<Caller, Failure> {
    let session = context.nas.sessions.get(context.session);
    let safe = session.is_some_and(super::session::Session::is_safe_for_keys);
    let Some(key) = context.nas.api_key.as_mut().filter(|key| key.key == given) else {
        return Err(Failure::Wrong);
    };
    key.revoked |= !safe;
    if key.revoked {
        return Err(Failure::Expired);
    }
    let owner = context.nas.state.user(key.owner);
    let owner = owner.filter(|user| name.is_none_or(|name| user.username == name));
    admitted(context, owner)
}

fn by_token(context: &mut Context<'_>, token: &str) -> Result<Caller, Failure> {
    let user = context.nas.tokens.open.remove(token);
    let user = user.and_then(|id| context.nas.state.user(id));
    admitted(context, user)
}

fn admitted(context: &Context<'_>, user: Option<&User>) -> Result<Caller, Failure> {
    user.and_then(|user| auth::caller(context.nas, user))
        .ok_or(Failure::Wrong)
}

fn enter(context: &mut Context<'_>, caller: Result<Caller, Failure>) -> Result<Caller, Failure> {
    match caller {
        Ok(caller) => context
            .nas
            .sessions
            .set_caller(context.session, Some(caller)),
        Err(_) => context.pause = context.nas.settings.failed_login_pause,
    }
    caller
}
