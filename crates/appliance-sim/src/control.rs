//! The handle by which tests and the control path read and steer a running simulator.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    exchange::{Request, Response, Simulator},
    fault::{Affliction, Fault, Faults},
    journal::{Call, Journal},
    socket::{Session, Turn},
};

/// What the connections of one simulator share.
struct Shared {
    simulator: Mutex<Box<dyn Simulator>>,
    journal: Mutex<Journal>,
    faults: Mutex<Faults>,
    down: watch::Sender<bool>,
}

/// Reads and steers a running simulator; clones steer the same one.
#[derive(Clone)]
pub struct Control {
    shared: Arc<Shared>,
}

impl Control {
    pub(crate) fn new(simulator: Box<dyn Simulator>) -> Self {
        Self {
            shared: Arc::new(Shared {
                simulator: Mutex::new(simulator),
                journal: Mutex::default(),
                faults: Mutex::default(),
                down: watch::Sender::new(false),
            }),
        }
    }

    /// Every call since the start or the last [`Self::clear_journal`], oldest first.
    pub fn journal(&self) -> Vec<Call> {
        self.journal_since(0)
    }

    /// The calls with a sequence number above `sequence`, oldest first.
    pub fn journal_since(&self, sequence: u64) -> Vec<Call> {
        lock(&self.shared.journal).since(sequence)
    }

    /// Forgets the calls so far; the sequence goes on.
    pub fn clear_journal(&self) {
        lock(&self.shared.journal).clear();
    }

    /// Adds a fault behind those in force.
    pub fn inject(&self, fault: Fault) {
        lock(&self.shared.faults).add(fault);
    }

    /// The faults in force, each with the number of times that it has left.
    pub fn faults(&self) -> Vec<Fault> {
        lock(&self.shared.faults).all()
    }

    /// Lifts every fault; does not bring an appliance back that is down.
    pub fn clear_faults(&self) {
        lock(&self.shared.faults).clear();
    }

    /// Takes the appliance off the network, or puts it back. While it is down every connection
    /// is closed unanswered, sockets too, and nothing is journaled; only the control path still works.
    pub fn set_down(&self, down: bool) {
        self.shared.down.send_replace(down);
    }

    /// Whether the appliance is down.
    pub fn is_down(&self) -> bool {
        *self.shared.down.borrow()
    }

    /// Asks the simulated appliance directly: no network, no fault, no journal. Paths below
    /// `/_sim/` that the control path does not know reach the appliance's own knobs, see the
    /// README of this crate.
    pub fn ask(&self, method: &str, path: &str, body: &Value) -> Response {
        let body = match body {
            Value::Null => Vec::new(),
            value => value.to_string().into_bytes(),
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        self.handle(&Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body,
            now: jiff::Timestamp::now(),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            secure: true,
        })
    }

    pub(crate) fn handle(&self, request: &Request) -> Response {
        lock(&self.shared.simulator).handle(request)
    }

    pub(crate) fn open_session(&self, request: &Request) -> Option<Session> {
        let mut simulator = lock(&self.shared.simulator);
        simulator.sockets().map(|sockets| sockets.open(request))
    }

    pub(crate) fn close_session(&self, session: u64) {
        if let Some(sockets) = lock(&self.shared.simulator).sockets() {
            sockets.close(session);
        }
    }

    pub(crate) fn receive(&self, session: u64, message: &str, now: Timestamp) -> Turn {
        let mut simulator = lock(&self.shared.simulator);
        let sockets = simulator.sockets();
        sockets.map_or_else(Turn::default, |sockets| {
            sockets.receive(session, message, now)
        })
    }

    pub(crate) fn overloaded(&self, message: &str) -> Turn {
        let mut simulator = lock(&self.shared.simulator);
        let sockets = simulator.sockets();
        sockets.map_or_else(Turn::default, |sockets| sockets.overloaded(message))
    }

    /// Ends when the appliance is down.
    pub(crate) async fn went_down(&self) {
        let mut down = self.shared.down.subscribe();
        // The sender lives as long as this handle, so that waiting cannot fail.
        down.wait_for(|down| *down).await.ok();
    }

    pub(crate) fn record(&self, call: Call) {
        lock(&self.shared.journal).record(call);
    }

    pub(crate) fn afflict(&self, method: &str, path: &str) -> Affliction {
        lock(&self.shared.faults).take(method, path)
    }
}

/// A state machine that panicked half-way is still the best answer to the next request.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
