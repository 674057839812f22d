//! JSON-RPC 2.0 over a socket, the API of 25.04 and later at `/api/current` and `/api/vX.Y.Z`.

mod error;
mod login;
mod message;
mod methods;
mod parameters;
mod rate_limit;
mod session;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::appliance::TrueNas;
use super::auth;
use super::release::Family;
use super::reply::Refusal;
use crate::exchange::Request;
use crate::socket;
use crate::socket::{Sockets, Turn};

pub(super) use session::Sessions;

use message::Call;
use session::Session;

/// A session carries out so many calls at once and lets so many more wait.
const AT_ONCE: usize = 10;
const IN_FLIGHT: usize = 20;

/// The largest message before a login and after it.
const MAXIMUM_STRANGER: usize = 8 * 1024;
const MAXIMUM: usize = 64 * 1024;

/// How the connection ends after a message that is too large (RFC 6455 §7.4.1): before a login
/// with the code for inconsistent data, after it with the one for size.
const CLOSE_STRANGER: u16 = 1007;
const CLOSE: u16 = 1009;

/// Whether there is a socket at `/api/{version}`.
pub(super) fn is_socket(family: Family, version: &str) -> bool {
    let versions = family.rpc_versions();
    versions.is_some_and(|versions| version == "current" || versions.contains(&version))
}

/// Whether this request opens a socket.
pub(super) fn opens_socket(nas: &TrueNas, request: &Request) -> bool {
    let segments = request.segments();
    let upgrade = request.header("upgrade").unwrap_or_default();
    request.method == "GET"
        && upgrade.eq_ignore_ascii_case("websocket")
        && match segments.as_slice() {
            [api, version] => api == "api" && is_socket(nas.family, version),
            _ => false,
        }
}

/// Carries out one call as the administrator, for those who look at a simulator from outside.
pub(super) fn as_administrator(nas: &mut TrueNas, call: &Value, now: Timestamp) -> Value {
    let caller = nas.state.user(nas.administrator);
    let caller = caller.and_then(|user| auth::caller(nas, user));
    let session = nas.sessions.open(Session {
        caller,
        ..Session::local()
    });
    let mut message = json!({"jsonrpc": "2.0", "id": 1, "params": []});
    if let (Value::Object(message), Value::Object(call)) = (&mut message, call) {
        message.extend(call.clone());
    }
    let turn = nas.receive(session, &message.to_string(), now);
    nas.sessions.close(session);
    turn.reply.unwrap_or_default()
}

impl Sockets for TrueNas {
    fn open(&mut self, request: &Request) -> socket::Session {
        let number = self.sessions.open(Session {
            caller: None,
            peer: request.peer,
            secure: request.secure,
        });
        socket::Session {
            number,
            at_once: AT_ONCE,
            in_flight: IN_FLIGHT,
        }
    }

    fn receive(&mut self, session: u64, message: &str, now: Timestamp) -> Turn {
        let stranger = self.sessions.caller(session).is_none();
        match (stranger, message.len()) {
            (true, length) if length > MAXIMUM_STRANGER => return Turn::close(CLOSE_STRANGER),
            (false, length) if length > MAXIMUM => return Turn::close(CLOSE),
            _ => {}
        }
        let call = match Call::parse(message) {
            Ok(call) => call,
            Err(reply) => return Turn::reply(reply),
        };
        let answer = methods::carry_out(self, session, &call, now);
        let outcome = match answer.outcome {
            Ok(result) => call.result(&result),
            Err(refusal) => call.error(&error::of(&call.method, refusal)),
        };
        Turn {
            reply: outcome,
            pause: answer.pause,
            close: None,
        }
    }

    fn overloaded(&self, message: &str) -> Turn {
        match Call::parse(message) {
            Ok(call) => Turn {
                reply: call.error(&error::overloaded(IN_FLIGHT)),
                ..Turn::default()
            },
            Err(reply) => Turn::reply(reply),
        }
    }

    fn close(&mut self, session: u64) {
        self.sessions.close(session);
    }
}

/// A refusal of a call whose session has not logged in.
fn not_authenticated() -> Refusal {
    Refusal::call("Not authenticated", super::reply::ENOTAUTHENTICATED)
}
