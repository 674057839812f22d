//! `GET` and `POST /_sim/settings` read and change the settings; `DELETE /_sim/sessions` ends
//! every session, as a failover does.

use serde_json::json;

use crate::{
    exchange::{Request, Response},
    knobs::{self, Settings},
};

use super::appliance::Nimble;

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn handle(nimble: &mut Nimble, request: &Request) -> Option<Response> {
    let path = knobs::path(request)?;
    let result = match (request.method.as_str(), path) {
        ("GET", "settings") => Ok(nimble.settings.document()),
        ("POST", "settings") => {
            knobs::change(&mut nimble.settings, &request.json().unwrap_or_default())
        }
        ("DELETE", "sessions") => {
            nimble.sessions.close_all();
            Ok(json!({}))
        }
        _ => return Some(knobs::explain(404, "there is no such control")),
    };
    Some(knobs::outcome(result))
}
