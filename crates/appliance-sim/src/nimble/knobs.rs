//! What the documents leave open or an array's owner would set elsewhere: read with
//! `GET /_sim/settings`, changed with `POST /_sim/settings`; `DELETE /_sim/sessions` ends every
//! session, as a failover does.

use serde_json::{Value, json};

use crate::exchange::{Request, Response};

use super::{Nimble, failure::Messages};

/// The settings of the simulation.
#[derive(Debug, Clone)]
pub(super) struct Knobs {
    /// Seconds of idleness that end a session, unless the user has a shorter time.
    pub(super) group_inactivity_timeout: u64,
    /// Live sessions at once, beside the policy's `max_sessions` and finer than it; 0 for none.
    pub(super) max_sessions: usize,
    /// Local users at once.
    pub(super) max_users: usize,
    /// The most rows of one reply.
    pub(super) max_page_size: usize,
    /// Whether names that differ only in case clash.
    pub(super) names_ignore_case: bool,
    /// Whether a change of another user's password must be authorised by the caller's own.
    pub(super) require_auth_password: bool,
    /// Reads answer 206 with half of the rows and a message.
    pub(super) partial_reads: bool,
    /// Which messages an error carries.
    pub(super) messages: Messages,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            group_inactivity_timeout: 30 * 60,
            max_sessions: 0,
            max_users: 100_000,
            max_page_size: 1000,
            names_ignore_case: false,
            require_auth_password: false,
            partial_reads: false,
            messages: Messages::Both,
        }
    }
}

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn handle(nimble: &mut Nimble, request: &Request) -> Option<Response> {
    let path = request.path.strip_prefix("/_sim/")?;
    let reply = |status, body: &Value| Response::json(status, "application/json", body);
    Some(match (request.method.as_str(), path) {
        ("GET", "settings") => reply(200, &nimble.knobs.document()),
        ("POST", "settings") => match nimble.knobs.change(&request.json().unwrap_or_default()) {
            Ok(()) => reply(200, &nimble.knobs.document()),
            Err(error) => reply(400, &json!({"error": error})),
        },
        ("DELETE", "sessions") => {
            nimble.sessions.close_all();
            reply(200, &json!({}))
        }
        _ => reply(404, &json!({"error": "there is no such control"})),
    })
}

impl Knobs {
    fn document(&self) -> Value {
        json!({
            "group_inactivity_timeout": self.group_inactivity_timeout,
            "max_sessions": self.max_sessions,
            "max_users": self.max_users,
            "max_page_size": self.max_page_size,
            "names_ignore_case": self.names_ignore_case,
            "require_auth_password": self.require_auth_password,
            "partial_reads": self.partial_reads,
            "messages": match self.messages {
                Messages::Both => "both",
                Messages::Generic => "generic",
                Messages::Specific => "specific",
            },
        })
    }

    fn change(&mut self, changes: &Value) -> Result<(), String> {
        let changes = changes.as_object().ok_or("settings are a JSON object")?;
        let mut changed = self.clone();
        for (name, value) in changes {
            changed
                .set(name, value)
                .ok_or_else(|| format!("{name} is no setting, or cannot be {value}"))?;
        }
        *self = changed;
        Ok(())
    }

    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        let count = || {
            value
                .as_u64()
                .and_then(|number| usize::try_from(number).ok())
        };
        match name {
            "group_inactivity_timeout" => self.group_inactivity_timeout = value.as_u64()?,
            "max_sessions" => self.max_sessions = count()?,
            "max_users" => self.max_users = count()?,
            "max_page_size" => self.max_page_size = count().filter(|size| *size > 0)?,
            "names_ignore_case" => self.names_ignore_case = value.as_bool()?,
            "require_auth_password" => self.require_auth_password = value.as_bool()?,
            "partial_reads" => self.partial_reads = value.as_bool()?,
            "messages" => {
                self.messages = match value.as_str()? {
                    "both" => Messages::Both,
                    "generic" => Messages::Generic,
                    "specific" => Messages::Specific,
                    _ => return None,
                }
            }
            _ => return None,
        }
        Some(())
    }
}
