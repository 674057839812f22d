//! What the simulator tells and takes besides the vendor's API.
//!
//! `POST /_sim/password` with `username` and `password` says whether they would log in, which most
//! accounts have no API to try with. `POST /_sim/rpc` with `method` and `params` carries out a call
//! of the JSON-RPC API as the administrator. `GET` and `POST /_sim/settings` read and change
//! settings.

use serde_json::Value;

use super::appliance::TrueNas;
use super::{passwords, rpc};
use crate::exchange::{Request, Response};
use crate::knobs::{self, Settings, explain, outcome, reply};

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn answer(nas: &mut TrueNas, request: &Request) -> Option<Response> {
    let path = knobs::path(request)?;
    let body = || request.json().unwrap_or_default();
    Some(match (request.method.as_str(), path) {
        ("POST", "password") => reply(200, &password(nas, &body())),
        ("POST", "rpc") => reply(200, &rpc::as_administrator(nas, &body(), request.now)),
        ("GET", "settings") => reply(200, &nas.settings.document()),
        ("POST", "settings") => outcome(knobs::change(&mut nas.settings, &body())),
        _ => explain(404, "there are password, rpc and settings"),
    })
}

fn password(nas: &TrueNas, body: &Value) -> Value {
    knobs::password(body, |name, password| {
        let user = nas.state.user_named(name);
        user.is_some_and(|user| passwords::opens(user, password))
    })
}
