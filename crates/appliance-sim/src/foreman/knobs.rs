//! What the simulator tells and takes besides the vendor's API.
//!
//! `POST /_sim/password` with `username` and `password` says whether they would log in, without a
//! trace and without counting failures; `GET` and `POST /_sim/settings` read and change settings.

use super::appliance::Foreman;
use crate::exchange::{Request, Response};
use crate::knobs::{self, Settings, explain, outcome, reply};

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn answer(foreman: &mut Foreman, request: &Request) -> Option<Response> {
    let path = knobs::path(request)?;
    let body = request.json().unwrap_or_default();
    Some(match (request.method.as_str(), path) {
        ("POST", "password") => {
            let answer = knobs::password(&body, |login, password| opens(foreman, login, password));
            reply(200, &answer)
        }
        ("GET", "settings") => reply(200, &foreman.settings.document()),
        ("POST", "settings") => outcome(knobs::change(&mut foreman.settings, &body)),
        _ => explain(404, "there are password and settings"),
    })
}

fn opens(foreman: &Foreman, login: &str, password: &str) -> bool {
    let user = foreman.state.user_by_login(login);
    user.filter(|user| !user.hidden && !user.disabled)
        .and_then(|user| user.password.as_ref())
        .is_some_and(|known| known.clear == password)
}
