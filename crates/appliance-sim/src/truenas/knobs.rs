//! What the simulator tells besides the vendor's API: `POST /_sim/password` with `username` and
//! `password` says whether they would log in, which most accounts have no API to try with.

use serde_json::{Value, json};

use super::{TrueNas, passwords};
use crate::{Request, Response};

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn answer(nas: &TrueNas, request: &Request) -> Option<Response> {
    let path = request.path.strip_prefix("/_sim/")?;
    let reply = |status, body: &Value| Some(Response::json(status, "application/json", body));
    if (request.method.as_str(), path) != ("POST", "password") {
        return reply(404, &json!({"error": "there is only POST /_sim/password"}));
    }
    let body = request.json().unwrap_or_default();
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let user = text("username").and_then(|name| nas.state.user_named(name));
    let matches = user
        .zip(text("password"))
        .is_some_and(|(user, password)| passwords::opens(user, password));
    reply(200, &json!({ "matches": matches }))
}
