//! What the simulator tells besides the vendor's API: `POST /_sim/password` with `username` and
//! `password` says whether they would log in, without a trace and without counting failures.

use super::appliance::Foreman;
use crate::exchange::{Request, Response};
use crate::knobs;

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn answer(foreman: &Foreman, request: &Request) -> Option<Response> {
    knobs::password_only(request, |login, password| {
        let user = foreman.state.user_by_login(login);
        user.filter(|user| !user.hidden && !user.disabled)
            .and_then(|user| user.password.as_ref())
            .is_some_and(|known| known.clear == password)
    })
}
