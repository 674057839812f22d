//! What the simulator tells besides the vendor's API: `POST /_sim/password` with `username` and
//! `password` says whether they would log in, without a trace and without counting failures.

use serde_json::{Value, json};

use super::Foreman;
use crate::{Request, Response};

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn answer(foreman: &Foreman, request: &Request) -> Option<Response> {
    let path = request.path.strip_prefix("/_sim/")?;
    let reply = |status, body: &Value| Some(Response::json(status, "application/json", body));
    if (request.method.as_str(), path) != ("POST", "password") {
        return reply(404, &json!({"error": "there is only POST /_sim/password"}));
    }
    let body = request.json().unwrap_or_default();
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let user = text("username").and_then(|login| foreman.state.user_by_login(login));
    let matches = user
        .filter(|user| !user.hidden && !user.disabled)
        .and_then(|user| user.password.as_ref())
        .is_some_and(|known| Some(known.clear.as_str()) == text("password"));
    reply(200, &json!({ "matches": matches }))
}
