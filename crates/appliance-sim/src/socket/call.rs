//! One call over a socket: what the faults do to it, what the appliance answers, what is
//! journaled.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::Turn;
use super::message::{Parts, error_code};
use crate::control::Control;
use crate::fault::FaultKind;
use crate::journal;

/// What faults on calls over sockets name as the method; their path is the method called.
const METHOD: &str = "RPC";

/// A message that came in.
pub(super) struct Call {
    pub(super) session: u64,
    pub(super) message: String,
    /// Whether too many were in flight when it came.
    pub(super) overloaded: bool,
    pub(super) seats: Arc<Semaphore>,
    pub(super) control: Control,
}

/// What goes out.
pub(super) enum Delivery {
    Nothing,
    Whole(String),
    /// A last message, if any, and the closing handshake.
    Close {
        text: Option<String>,
        code: u16,
    },
    /// The first frame of a message whose rest never comes, then the end.
    Fragment(String),
    /// The end, without a closing handshake.
    Drop,
    /// The connection stays open and dead.
    Freeze,
}

/// What happened to a call.
struct Outcome {
    turn: Turn,
    handled: bool,
    delivery: Delivery,
}

impl Call {
    pub(super) async fn run(self) -> Delivery {
        let (started, now) = (Instant::now(), Timestamp::now());
        let parts = Parts::of(&self.message);
        // Never closed, so that there is always a seat in the end.
        let seat = match self.overloaded {
            true => None,
            false => self.seats.acquire().await.ok(),
        };
        let affliction = self.control.afflict(METHOD, &parts.method);
        if !affliction.latency.is_zero() {
            tokio::time::sleep(affliction.latency).await;
        }
        let fault = affliction.name();
        let outcome = self.suffer(affliction.kind, &parts, now);
        if !outcome.turn.pause.is_zero() {
            tokio::time::sleep(outcome.turn.pause).await;
        }
        drop(seat);
        let reply = outcome.turn.reply.as_ref();
        self.control.record(journal::Call {
            sequence: 0,
            time: now,
            method: METHOD.to_owned(),
            path: parts.method,
            query: String::new(),
            body: parts.params,
            status: if reply.is_some() { 200 } else { 0 },
            error_code: reply.and_then(error_code),
            handled: outcome.handled,
            fault,
            duration: started.elapsed(),
        });
        outcome.delivery
    }

    fn suffer(&self, kind: Option<FaultKind>, parts: &Parts, now: Timestamp) -> Outcome {
        let Some(kind) = kind else {
            return Outcome::whole(self.turn(now), true);
        };
        if let Some(reply) = in_place_of(&kind, parts) {
            return Outcome::whole(Turn::reply(reply), false);
        }
        if matches!(kind, FaultKind::DropBeforeHandling) {
            return Outcome {
                turn: Turn::default(),
                handled: false,
                delivery: Delivery::Drop,
            };
        }
        if matches!(kind, FaultKind::HtmlPage) {
            return Outcome {
                turn: Turn::default(),
                handled: false,
                delivery: Delivery::Whole(crate::fault::SIGN_IN_PAGE.to_owned()),
            };
        }
        let turn = self.turn(now);
        let half = || {
            let mut text = turn.text().unwrap_or_default();
            text.truncate(text.floor_char_boundary(text.len() / 2));
            text
        };
        let delivery = match kind {
            FaultKind::TruncateBody => Delivery::Fragment(half()),
            FaultKind::HalfBody => Delivery::Whole(half()),
            FaultKind::Silence => Delivery::Nothing,
            FaultKind::Freeze => Delivery::Freeze,
            _ => Delivery::Drop,
        };
        Outcome {
            turn,
            handled: true,
            delivery,
        }
    }

    fn turn(&self, now: Timestamp) -> Turn {
        match self.overloaded {
            true => self.control.overloaded(&self.message),
            false => self.control.receive(self.session, &self.message, now),
        }
    }
}

impl Outcome {
    fn whole(turn: Turn, handled: bool) -> Self {
        let text = turn.text();
        let delivery = match (turn.close, text) {
            (Some(code), text) => Delivery::Close { text, code },
            (None, Some(text)) => Delivery::Whole(text),
            (None, None) => Delivery::Nothing,
        };
        Self {
            turn,
            handled,
            delivery,
        }
    }
}

impl Turn {
    fn text(&self) -> Option<String> {
        self.reply.as_ref().map(Value::to_string)
    }
}

/// The answer that a fault gives in place of the appliance's.
fn in_place_of(kind: &FaultKind, parts: &Parts) -> Option<Value> {
    match kind {
        FaultKind::Status { status, body, .. } => {
            let given = serde_json::from_str(body).ok();
            let error = given.filter(|error: &Value| error.get("code").is_some());
            let error = error.unwrap_or_else(|| {
                json!({"code": -32603, "message": format!("Internal error {status}")})
            });
            Some(parts.error(&error))
        }
        FaultKind::Throttle { .. } => Some(parts.error(
            &json!({"code": -32000, "message": "Maximum number of concurrent calls (20) has exceeded."}),
        )),
        FaultKind::Redirect { location } => {
            Some(parts.result(&json!({"response_type": "REDIRECT", "urls": [location]})))
        }
        _ => None,
    }
}
