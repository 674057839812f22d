//! `/v1/tokens`: log in, look at sessions, log out.

use serde_json::{Value, json};

use crate::exchange::Request;

use super::{
    appliance::Nimble,
    authentication::Caller,
    body::Body,
    failure::Failure,
    identifier::{Identifier, path_identifier},
    listing::{self, Detail, Listing},
    query::Query,
    session::{self, Login, Session},
    success::Success,
};

/// `POST tokens`.
pub(super) fn log_in(nimble: &mut Nimble, request: &Request) -> Result<Success, Failure> {
    const KNOWN: [&str; 8] = [
        "username",
        "password",
        "app_name",
        "sdk_name",
        "otp_code",
        "expiry_time",
        "grant_type",
        "assertion",
    ];
    let data = Body::read(request)?.into_data()?;
    if let Some(key) = data.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(Failure::unexpected(key));
    }
    let text = |key: &str| match data.get(key) {
        None => Ok(""),
        Some(value) => value.as_str().ok_or_else(|| Failure::invalid(key)),
    };
    if !data.contains_key("username") {
        return Err(Failure::missing("username"));
    }
    let (username, password, app_name) = (text("username")?, text("password")?, text("app_name")?);
    let user = check_password(nimble, username, password)?;
    let limits = [
        nimble.settings.max_sessions,
        usize::try_from(nimble.policy.max_sessions).unwrap_or(usize::MAX),
    ];
    let count = nimble.sessions.count();
    if limits.iter().any(|limit| *limit > 0 && count >= *limit) {
        return Err(Failure::conflict(
            "SM_err_max_sessions_reached",
            "There are too many sessions.",
        ));
    }
    let user = nimble.users.get_mut(&user)?;
    user.last_login = Some(request.now);
    let login = Login {
        user: user.id.clone(),
        username: user.name.clone(),
        app_name: app_name.to_owned(),
        source_ip: request.peer.to_string(),
        idle_seconds: match user.inactivity_timeout {
            0 => nimble.settings.group_inactivity_timeout,
            seconds => seconds,
        },
    };
    let session = nimble.sessions.open(login, request.now, &mut nimble.random);
    Success::data(201, with_token(&session))
}

/// The user whose password it is. A wrong one counts towards the lock.
fn check_password(
    nimble: &mut Nimble,
    username: &str,
    password: &str,
) -> Result<Identifier, Failure> {
    let denied = || Failure::unauthorized("SM_auth", "Invalid username or password.");
    let id = nimble.users.named(username).ok_or_else(denied)?.id.clone();
    let attempts = match nimble.release.has_unlock() {
        true => nimble.policy.allowed_attempts,
        false => 0,
    };
    let user = nimble.users.get_mut(&id)?;
    if user.password != password {
        user.failed_logins += 1;
        // Else a few typing errors would close the array to its last administrator.
        user.auth_lock |= attempts > 0 && user.failed_logins >= attempts && !user.built_in;
        return Err(denied());
    }
    if user.disabled || user.auth_lock {
        return Err(denied());
    }
    user.failed_logins = 0;
    Ok(id)
}

fn with_token(session: &Session) -> Value {
    let mut document = listing::object(&session, session::FIELDS);
    if let Some(document) = document.as_object_mut() {
        document.insert("session_token".into(), json!(session.token));
    }
    document
}

/// Answers below `tokens`, the login apart.
pub(super) fn answer(
    nimble: &mut Nimble,
    request: &Request,
    caller: &Caller,
    path: &[&str],
) -> Result<Success, Failure> {
    let listing = Listing {
        fields: session::FIELDS,
        detail: Detail::Full,
        max_page: nimble.settings.max_page_size,
    };
    match (request.method.as_str(), path) {
        ("GET", [] | ["detail"]) => {
            let query = Query::read(request, session::FIELDS)?;
            Success::ok(listing::list(
                nimble.sessions.all().into_iter(),
                &query,
                None,
                listing,
            )?)
        }
        ("GET", [id]) => {
            let session = find_session(nimble, id)?;
            Success::data(200, listing::object(&session, session::FIELDS))
        }
        ("DELETE", [id]) => {
            let session = find_session(nimble, id)?.clone();
            if session.user != caller.user {
                caller.must_be_administrator()?;
            }
            nimble.sessions.close(&session.token);
            if let Ok(user) = nimble.users.get_mut(&session.user) {
                user.last_logout = Some(request.now);
            }
            Success::ok(json!({}))
        }
        (_, [] | [_]) => Err(Failure::no_such_method()),
        _ => Err(Failure::no_such_path()),
    }
}

/// The session of an id; the token string is none.
fn find_session<'a>(nimble: &'a Nimble, id: &str) -> Result<&'a Session, Failure> {
    let id = path_identifier(id)?;
    nimble.sessions.get(&id).ok_or_else(Failure::no_such_object)
}
