//! Who calls, and whether their role suffices.

use crate::exchange::Request;

use super::{appliance::Nimble, failure::Failure, identifier::Identifier, user::Role};

/// Who calls, once the token was accepted.
pub(super) struct Caller {
    pub(super) user: Identifier,
    is_administrator: bool,
}

/// Finds the session of the token, and keeps it alive.
pub(super) fn authenticate(nimble: &mut Nimble, request: &Request) -> Result<Caller, Failure> {
    let denied = || Failure::unauthorized("SM_auth", "There is no such session.");
    let token = request.header("x-auth-token").ok_or_else(denied)?;
    let session = nimble.sessions.touch(token, request.now);
    let user = session.ok_or_else(denied)?.user.clone();
    let role = nimble.users.get(&user).map_err(|_| denied())?.role;
    Ok(Caller {
        user,
        is_administrator: role == Role::Administrator,
    })
}

impl Caller {
    /// Fails as the array does when the caller's role is too low.
    pub(super) fn must_be_administrator(&self) -> Result<(), Failure> {
        if self.is_administrator {
            return Ok(());
        }
        Err(Failure::unauthorized(
            "SM_eaccess",
            "The role of this user does not allow it.",
        ))
    }
}
