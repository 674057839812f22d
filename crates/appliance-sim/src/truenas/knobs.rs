//! What the simulator tells besides the vendor's API: `POST /_sim/password` with `username` and
//! `password` says whether they would log in, which most accounts have no API to try with.

use super::appliance::TrueNas;
use super::passwords;
use crate::exchange::{Request, Response};
use crate::knobs;

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn answer(nas: &TrueNas, request: &Request) -> Option<Response> {
    knobs::password_only(request, |name, password| {
        let user = nas.state.user_named(name);
        user.is_some_and(|user| passwords::opens(user, password))
    })
}
