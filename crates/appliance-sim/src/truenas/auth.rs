//! Who calls, and with what rights.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::appliance::TrueNas;
use super::passwords;
use super::release::Family;
use super::reply::Refusal;
use super::state::{ADMINISTRATORS_GID, READONLY_GID, SHARING_GID, User};
use crate::exchange::Request;

/// An authenticated caller.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    /// The user's row id.
    pub(super) user: i64,
    /// Whether it may write accounts.
    pub(super) may_write: bool,
}

pub(super) fn authenticate(nas: &TrueNas, request: &Request) -> Result<Caller, Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    match header.split_once(' ') {
        Some(("Basic", value)) => basic(nas, value),
        Some(("Bearer", key)) => bearer(nas, key),
        _ => Err(Refusal::UNAUTHORIZED),
    }
}

fn basic(nas: &TrueNas, value: &str) -> Result<Caller, Refusal> {
    // The middleware decodes and splits without a guard, so that nonsense ends in its error page.
    let decoded = STANDARD.decode(value).map_err(|_| Refusal::BROKEN)?;
    let text = String::from_utf8(decoded).map_err(|_| Refusal::BROKEN)?;
    let (name, password) = text.split_once(':').ok_or(Refusal::BROKEN)?;
    let refused = if nas.family < Family::Scale2404 {
        Refusal::UNAUTHORIZED
    } else {
        Refusal::Text(401, "Bad username or password")
    };
    if nas.family.admits_only_root() && name != "root" {
        return Err(refused);
    }
    nas.state
        .user_named(name)
        .filter(|user| passwords::opens(user, password))
        .and_then(|user| caller(nas, user))
        .ok_or(refused)
}

fn bearer(nas: &TrueNas, key: &str) -> Result<Caller, Refusal> {
    let known = nas.api_key.as_ref();
    if let Some(api_key) = known.filter(|known| known.key == key && !known.revoked) {
        return nas
            .state
            .user(api_key.owner)
            .and_then(|user| caller(nas, user))
            .ok_or(Refusal::UNAUTHORIZED);
    }
    if nas.family < Family::Scale2404 {
        return Err(Refusal::UNAUTHORIZED);
    }
    let id = key
        .split_once('-')
        .and_then(|(id, _)| id.parse::<i64>().ok());
    match id {
        // From 25.04 on, looking up the owner of an unknown key raises.
        Some(id) if nas.family >= Family::Scale2504 && known.is_none_or(|known| known.id != id) => {
            Err(Refusal::BROKEN)
        }
        _ => Err(Refusal::Text(401, "Invalid API key")),
    }
}

/// Only members of a privileged group get in.
pub(super) fn caller(nas: &TrueNas, user: &User) -> Option<Caller> {
    let in_group = |gid| nas.state.is_in(user, gid);
    let full = user.username == "root" || in_group(ADMINISTRATORS_GID);
    let other = in_group(READONLY_GID) || in_group(SHARING_GID);
    (full || other).then_some(Caller {
        user: user.id,
        may_write: full,
    })
}
