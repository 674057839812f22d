//! The task behind a link: sends calls, hands answers to those who wait, pings, notices the end.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

use super::dial::WebSocket;
use super::envelope;
use super::link::{Call, LinkLimits};
use crate::appliance::lost::Lost;
use crate::appliance::rest::Received;

/// How long a peer gets to answer a good-bye.
const FAREWELL: Duration = Duration::from_secs(1);

/// Why a link ended.
enum End {
    /// We closed it.
    Shut,
    /// It broke, or the peer closed it.
    Broken(String),
    /// A message was longer than the limit.
    TooLarge,
}

pub(super) struct Pump {
    socket: WebSocket,
    queue: mpsc::Receiver<Call>,
    /// Who waits for which answer.
    waiting: HashMap<u64, oneshot::Sender<Result<Received, Lost>>>,
    limits: LinkLimits,
    /// When the peer last sent anything.
    heard: Instant,
    /// When it was pinged, if it has been silent since.
    pinged: Option<Instant>,
    ended: Arc<OnceLock<String>>,
    shut: CancellationToken,
}

impl Pump {
    pub(super) fn new(
        socket: WebSocket,
        queue: mpsc::Receiver<Call>,
        limits: LinkLimits,
        ended: Arc<OnceLock<String>>,
        shut: CancellationToken,
    ) -> Self {
        Self {
            socket,
            queue,
            waiting: HashMap::new(),
            limits,
            heard: Instant::now(),
            pinged: None,
            ended,
            shut,
        }
    }

    /// Works until the link ends, then tells everybody who waits.
    pub(super) async fn run(mut self) {
        let end = self.work().await;
        let problem = match &end {
            End::Shut => "it was closed on our side".to_owned(),
            End::Broken(problem) => problem.clone(),
            End::TooLarge => "an answer was beyond the limit".to_owned(),
        };
        // Before the queue closes, so that nobody finds it closed without a reason.
        self.ended.get_or_init(|| problem.clone());
        if matches!(end, End::Shut) {
            // A peer that does not say good-bye is left without one.
            timeout(FAREWELL, self.socket.close(None)).await.ok();
        }
        self.queue.close();
        while let Ok(call) = self.queue.try_recv() {
            let unsent = Lost::Unreachable(format!(
                "the connection was lost before the call was sent: {problem}"
            ));
            call.reply.send(Err(unsent)).ok();
        }
        for (_, reply) in self.waiting.drain() {
            let lost = match end {
                End::TooLarge => Lost::TooLarge {
                    limit: self.limits.max_message_bytes,
                },
                _ => Lost::Interrupted {
                    problem: format!("the connection was lost before an answer: {problem}"),
                    status: None,
                },
            };
            reply.send(Err(lost)).ok();
        }
    }

    async fn work(&mut self) -> End {
        loop {
            let tick = self.next_tick();
            let ended = tokio::select! {
                () = self.shut.cancelled() => Err(End::Shut),
                call = self.queue.recv() => match call {
                    Some(call) => self.send(call).await,
                    None => Err(End::Shut),
                },
                message = self.socket.next() => self.receive(message),
                () = sleep_until(tick) => self.ping().await,
            };
            if let Err(end) = ended {
                return end;
            }
        }
    }

    async fn send(&mut self, call: Call) -> Result<(), End> {
        // Calls that were given up after they had been sent.
        self.waiting.retain(|_, reply| !reply.is_closed());
        if !call.fate.send() {
            return Ok(());
        }
        self.waiting.insert(call.id, call.reply);
        match timeout_at(call.deadline, self.socket.send(Message::text(call.text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(broken(&error)),
            // Half a message is on the wire: nothing can follow it.
            Err(_) => Err(End::Broken("it takes no more data".to_owned())),
        }
    }

    fn receive(&mut self, message: Option<Result<Message, Error>>) -> Result<(), End> {
        self.heard = Instant::now();
        self.pinged = None;
        match message {
            Some(Ok(Message::Text(text))) => self.deliver(text.as_bytes()),
            Some(Ok(Message::Binary(bytes))) => self.deliver(&bytes),
            Some(Ok(Message::Close(frame))) => Err(End::Broken(match frame {
                Some(frame) => format!("the appliance closed it with code {}", frame.code),
                None => "the appliance closed it".to_owned(),
            })),
            // Pings are answered by the library.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(()),
            Some(Err(error)) => Err(broken(&error)),
            None => Err(End::Broken("the appliance closed it".to_owned())),
        }
    }

    fn deliver(&mut self, bytes: &[u8]) -> Result<(), End> {
        let Ok(message) = serde_json::from_slice::<Value>(bytes) else {
            return Err(End::Broken(
                "the appliance sent something that is not JSON".to_owned(),
            ));
        };
        let waiting = envelope::answered_id(&message).and_then(|id| self.waiting.remove(&id));
        match waiting {
            Some(reply) => {
                let answer = envelope::answer(&message, bytes.len());
                let received = Received {
                    answer,
                    too_large: false,
                };
                // Whoever waited may have given up meanwhile.
                reply.send(Ok(received)).ok();
            }
            None => tracing::trace!(size = bytes.len(), "a message that nobody waits for"),
        }
        Ok(())
    }

    fn next_tick(&self) -> Instant {
        match self.pinged {
            Some(pinged) => pinged + self.limits.keep_alive.patience,
            None => self.heard + self.limits.keep_alive.every,
        }
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.pinged.is_some() {
            return Err(End::Broken(
                "the appliance does not answer pings".to_owned(),
            ));
        }
        let now = Instant::now();
        self.pinged = Some(now);
        let ping = self.socket.send(Message::Ping(Vec::new().into()));
        match timeout_at(now + self.limits.keep_alive.patience, ping).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(broken(&error)),
            Err(_) => Err(End::Broken("it takes no more data".to_owned())),
        }
    }
}

fn broken(error: &Error) -> End {
    match error {
        Error::Capacity(_) => End::TooLarge,
        Error::ConnectionClosed | Error::AlreadyClosed => {
            End::Broken("the appliance closed it".to_owned())
        }
        other => End::Broken(other.to_string()),
    }
}
