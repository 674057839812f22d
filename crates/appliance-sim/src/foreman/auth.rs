//! Who calls.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::appliance::Foreman;
use super::reply::Refusal;
use super::state::{INTERNAL, User};
use crate::exchange::Request;

/// The caller's id and the session that the answer's cookie carries.
pub(super) fn authenticate(
    foreman: &mut Foreman,
    request: &Request,
) -> Result<(i64, String), Refusal> {
    if foreman.brute_force.is_locked(request.peer, request.now) {
        let message = "Too many tries, please try again in a few minutes.";
        return Err(Refusal::Message(401, message.to_owned()));
    }
    // A known session wins over whatever the Authorization header says.
    let session = request
        .header("cookie")
        .and_then(|cookies| foreman.sessions.user(cookies))
        .filter(|(_, user)| foreman.state.user(*user).is_some_and(|user| !user.disabled));
    if let Some((session, user)) = session {
        return Ok((user, session));
    }
    let id = by_password(foreman, request)?;
    let serial = foreman.serial;
    let session = foreman.sessions.open(id, serial);
    Ok((id, session))
}

fn by_password(foreman: &mut Foreman, request: &Request) -> Result<i64, Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    let (login, password) = basic(header);
    let user = foreman
        .state
        .user_by_login(&login)
        .filter(|user| !user.hidden && opens(user, &password, request))
        .map(|user| (user.id, user.disabled));
    // A disabled account logs in as far as the log-in's time is concerned.
    if let Some((id, _)) = user {
        remember_login(foreman, id, &password, request);
    }
    let refused = match user {
        Some((id, false)) => return Ok(id),
        Some((_, true)) => "User account is disabled, please contact your administrator".to_owned(),
        None => format!("Unable to authenticate user {login}"),
    };
    if !header.is_empty() {
        foreman.brute_force.failed(request.peer, request.now);
    }
    Err(Refusal::Message(401, refused))
}

fn remember_login(foreman: &mut Foreman, id: i64, password: &str, request: &Request) {
    let Some(user) = foreman.state.user_mut(id) else {
        return;
    };
    user.last_login_on = Some(request.now);
    for token in &mut user.tokens {
        if token.value == password {
            token.last_used_at = Some(request.now);
        }
    }
}

/// The password of an internal account, or one of its personal access tokens.
fn opens(user: &User, password: &str, request: &Request) -> bool {
    let internal = user.auth_source_id == Some(INTERNAL);
    let by_password = internal
        && user
            .password
            .as_ref()
            .is_some_and(|known| known.clear == password);
    by_password
        || user
            .tokens
            .iter()
            .any(|token| token.is_active(request.now) && token.value == password)
}

/// Login and password; both empty where the header cannot be read.
fn basic(header: &str) -> (String, String) {
    let decoded = header
        .strip_prefix("Basic ")
        .and_then(|value| STANDARD.decode(value.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    match decoded.split_once(':') {
        Some((login, password)) => (login.to_owned(), password.to_owned()),
        None => (decoded, String::new()),
    }
}
