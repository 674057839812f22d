//! A user's SSH public keys.

use jiff::Timestamp;
use serde_json::Value;

use super::appliance::Foreman;
use super::params::Params;
use super::permissions::Caller;
use super::reply::{Answer, Errors, Refusal};
use super::state::{SshKey, User};
use super::users;
use super::view::ssh_key;

pub(super) fn list(foreman: &Foreman, caller: Caller, user: &str) -> Result<Vec<Value>, Refusal> {
    let user = users::find(foreman, caller, user)?;
    Ok(user.ssh_keys.iter().map(|key| ssh_key(user, key)).collect())
}

pub(super) fn create(
    foreman: &mut Foreman,
    caller: Caller,
    user: &str,
    body: &Value,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let user = users::writable(foreman, caller, user, "edit_users")?;
    let params = Params::of(body, "ssh_key")?;
    let key = SshKey {
        id: 0,
        name: params.present("name").unwrap_or_default(),
        key: params.present("key").unwrap_or_default(),
        created_at: now,
    };
    let errors = errors(&user, &key);
    if !errors.is_empty() {
        return Err(Refusal::Invalid { id: None, errors });
    }
    let key = SshKey {
        id: foreman.state.next_ssh_key_id(),
        ..key
    };
    let answer = Answer::created(ssh_key(&user, &key));
    if let Some(user) = foreman.state.user_mut(user.id) {
        user.ssh_keys.push(key);
    }
    Ok(answer)
}

pub(super) fn show(
    foreman: &Foreman,
    caller: Caller,
    user: &str,
    id: &str,
) -> Result<Answer, Refusal> {
    let user = users::find(foreman, caller, user)?;
    let key = find(user, id)?;
    Ok(Answer::ok(ssh_key(user, key)))
}

pub(super) fn delete(
    foreman: &mut Foreman,
    caller: Caller,
    user: &str,
    id: &str,
) -> Result<Answer, Refusal> {
    let user = users::writable(foreman, caller, user, "edit_users")?;
    let key = find(&user, id)?.clone();
    if let Some(user) = foreman.state.user_mut(user.id) {
        user.ssh_keys.retain(|other| other.id != key.id);
    }
    Ok(Answer::ok(ssh_key(&user, &key)))
}

fn find<'a>(user: &'a User, id: &str) -> Result<&'a SshKey, Refusal> {
    let key = user
        .ssh_keys
        .iter()
        .find(|key| key.id.to_string() == id || key.name == id);
    key.ok_or_else(|| Refusal::not_found("ssh_key", id))
}

fn errors(user: &User, key: &SshKey) -> Errors {
    let mut errors = Errors::new();
    let mut complain = |field: &str, message: &str| errors.push((field.into(), message.into()));
    if key.name.is_empty() {
        complain("name", "can't be blank");
    }
    if key.key.is_empty() {
        complain("key", "can't be blank");
    } else if !has_key_shape(&key.key) {
        complain("key", "must be in OpenSSH public key format");
    } else if user.ssh_keys.iter().any(|other| other.key == key.key) {
        complain("fingerprint", "has already been taken");
    }
    errors
}

fn has_key_shape(key: &str) -> bool {
    let mut words = key.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let known = ["ssh-", "ecdsa-", "sk-"]
        .iter()
        .any(|prefix| kind.starts_with(prefix));
    known && words.next().is_some()
}
