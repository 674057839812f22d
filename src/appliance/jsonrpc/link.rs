//! One open websocket, shared by all calls in flight.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::dial::WebSocket;
use super::envelope;
use super::pump::Pump;
use crate::appliance::lost::Lost;
use crate::appliance::rest::Received;

/// Calls that may wait to be sent; the delivery allows far fewer beside each other.
const QUEUE: usize = 64;

/// How a link notices that nobody is there any more.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeepAlive {
    /// After so much silence the peer is pinged, which also keeps firewalls between from forgetting
    /// the connection.
    pub(super) every: Duration,
    /// How long a pinged peer may stay silent.
    pub(super) patience: Duration,
}

/// What a link may send, and how long it trusts a silent peer.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinkLimits {
    pub(super) keep_alive: KeepAlive,
    /// The longest message that the vendor takes.
    pub(super) max_request_bytes: Option<usize>,
    /// The longest that is read, for messages.
    pub(super) max_message_bytes: usize,
}

/// A call on its way.
pub(super) struct Call {
    pub(super) id: u64,
    pub(super) text: String,
    pub(super) deadline: Instant,
    pub(super) fate: Arc<Fate>,
    pub(super) reply: oneshot::Sender<Result<Received, Lost>>,
}

/// Whether a call has left the bridge; decided once, by whoever comes first.
#[derive(Debug, Default)]
pub(super) struct Fate(AtomicU8);

impl Fate {
    const WAITS: u8 = 0;
    const SENT: u8 = 1;
    const GIVEN_UP: u8 = 2;

    /// The call is about to be sent; false if nobody wants it any more.
    pub(super) fn send(&self) -> bool {
        self.decide(Self::SENT)
    }

    /// Nobody waits for the call any more; false if it has been sent.
    fn give_up(&self) -> bool {
        self.decide(Self::GIVEN_UP)
    }

    fn decide(&self, fate: u8) -> bool {
        self.0
            .compare_exchange(Self::WAITS, fate, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

/// An open websocket. It ends when it is dropped.
pub(in crate::appliance) struct Link {
    calls: mpsc::Sender<Call>,
    next_id: AtomicU64,
    max_request_bytes: Option<usize>,
    /// Why it ended.
    ended: Arc<OnceLock<String>>,
    shut: CancellationToken,
    _shut_when_dropped: DropGuard,
}

impl Link {
    /// Puts a task behind the socket.
    pub(super) fn start(socket: WebSocket, limits: LinkLimits) -> Self {
        let (calls, queue) = mpsc::channel(QUEUE);
        let ended = Arc::new(OnceLock::new());
        let shut = CancellationToken::new();
        let pump = Pump::new(socket, queue, limits, Arc::clone(&ended), shut.clone());
        tokio::spawn(pump.run());
        Self {
            calls,
            next_id: AtomicU64::new(1),
            max_request_bytes: limits.max_request_bytes,
            ended,
            _shut_when_dropped: shut.clone().drop_guard(),
            shut,
        }
    }

    /// Whether calls can still be made.
    pub(in crate::appliance) fn is_open(&self) -> bool {
        !self.calls.is_closed() && !self.shut.is_cancelled()
    }

    /// Makes one call and waits for its answer, until `deadline` at most.
    pub(in crate::appliance) async fn call(
        &self,
        method: &str,
        params: Option<&Value>,
        deadline: Instant,
    ) -> Result<Received, Lost> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let text = envelope::call(id, method, params).to_string();
        if let Some(most) = self.max_request_bytes
            && text.len() > most
        {
            return Err(Lost::Unsendable(format!(
                "it has {} bytes, and the vendor takes {most} at most and closes the connection otherwise",
                text.len()
            )));
        }
        let (reply, answer) = oneshot::channel();
        let fate = Arc::new(Fate::default());
        let call = Call {
            id,
            text,
            deadline,
            fate: Arc::clone(&fate),
            reply,
        };
        match timeout_at(deadline, self.calls.send(call)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(self.unsent()),
            Err(_) => return Err(out_of_time_unsent()),
        }
        match timeout_at(deadline, answer).await {
            Ok(Ok(outcome)) => outcome,
            // The task is gone without a word: it may have sent the call.
            Ok(Err(_)) if fate.give_up() => Err(self.unsent()),
            Ok(Err(_)) => Err(Lost::Interrupted {
                problem: "the connection was lost before an answer".to_owned(),
                status: None,
            }),
            Err(_) if fate.give_up() => Err(out_of_time_unsent()),
            Err(_) => Err(Lost::Interrupted {
                problem: "no answer came in time".to_owned(),
                status: None,
            }),
        }
    }

    /// Says good-bye and waits until the socket is closed, or until `deadline`.
    pub(in crate::appliance) async fn close(&self, deadline: Instant) {
        self.shut.cancel();
        // That the peer does not answer in time is no harm.
        timeout_at(deadline, self.calls.closed()).await.ok();
    }

    fn unsent(&self) -> Lost {
        let reason = self.ended.get().map_or("it is closed", String::as_str);
        Lost::Unreachable(format!(
            "the connection was lost before the call was sent: {reason}"
        ))
    }
}

fn out_of_time_unsent() -> Lost {
    Lost::Unreachable("the time for the call was over before it could be sent".to_owned())
}
