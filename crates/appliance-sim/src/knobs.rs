//! What every simulator offers below `/_sim/` besides its vendor's API: replies, settings that
//! can be read and changed, and the question whether a password is an account's.

use serde_json::{Value, json};

use crate::exchange::{Request, Response};

/// Everything below is the simulator's own, not the vendor's.
pub(crate) const PREFIX: &str = "/_sim/";

/// The part of the path below [`PREFIX`]; none for a path of the vendor's.
pub(crate) fn path(request: &Request) -> Option<&str> {
    request.path.strip_prefix(PREFIX)
}

pub(crate) fn reply(status: u16, body: &Value) -> Response {
    Response::json(status, "application/json", body)
}

/// A refusal that says why.
pub(crate) fn explain(status: u16, error: &str) -> Response {
    reply(status, &json!({ "error": error }))
}

/// The answer of a knob: 400 with the reason if it cannot be turned.
pub(crate) fn outcome(result: Result<Value, String>) -> Response {
    match result {
        Ok(document) => reply(200, &document),
        Err(error) => explain(400, &error),
    }
}

/// Whether the `username` and `password` of a body `open` an account.
pub(crate) fn password(body: &Value, open: impl Fn(&str, &str) -> bool) -> Value {
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let given = text("username").zip(text("password"));
    json!({"matches": given.is_some_and(|(username, password)| open(username, password))})
}

/// What `/_sim/settings` of a simulator reads and changes.
pub(crate) trait Settings: Clone {
    /// Every setting with its value.
    fn document(&self) -> Value;

    /// Changes one; none if there is no such setting, or it cannot have that value.
    fn set(&mut self, name: &str, value: &Value) -> Option<()>;
}

/// Makes the changes, all or none, and gives the settings as they are then.
pub(crate) fn change(settings: &mut impl Settings, changes: &Value) -> Result<Value, String> {
    let changes = changes.as_object().ok_or("settings are a JSON object")?;
    let mut changed = settings.clone();
    for (name, value) in changes {
        changed
            .set(name, value)
            .ok_or_else(|| format!("{name} is no setting, or cannot be {value}"))?;
    }
    *settings = changed;
    Ok(settings.document())
}

/// A setting that counts something.
pub(crate) fn count(value: &Value) -> Option<usize> {
    value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok())
}

/// The name of a setting's value.
pub(crate) fn name<T: Copy + PartialEq>(
    choices: &[(&'static str, T)],
    chosen: T,
) -> Option<&'static str> {
    let found = choices.iter().find(|(_, choice)| *choice == chosen);
    found.map(|(name, _)| *name)
}

/// The value of a setting that has this name.
pub(crate) fn chosen<T: Copy>(choices: &[(&str, T)], value: &Value) -> Option<T> {
    let value = value.as_str()?;
    let found = choices.iter().find(|(name, _)| *name == value);
    found.map(|(_, choice)| *choice)
}
