//! Sockets: messages both ways over one connection, for vendors who speak so.
//!
//! The vendor's state machine stays synchronous. It sees whole messages, one at a time, and says
//! what comes of each; the connection, the calls in flight and the faults are handled here.

mod call;
mod connection;
mod message;
mod upgrade;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::exchange::Request;

pub(crate) use connection::serve;
pub(crate) use upgrade::{Opening, Upgrade, accept, asked_for};

/// The sockets of one simulated appliance.
pub trait Sockets {
    /// Opens a session for a request that [`handle`](crate::Simulator::handle) answered with 101.
    fn open(&mut self, request: &Request) -> Session;

    /// Carries out one message.
    fn receive(&mut self, session: u64, message: &str, now: Timestamp) -> Turn;

    /// Refuses a message, because as many are in flight as the session may have.
    fn overloaded(&self, message: &str) -> Turn;

    /// Forgets a session whose connection ended.
    fn close(&mut self, session: u64);
}

/// A session of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The number by which later messages name it.
    pub number: u64,
    /// So many calls are carried out at once; those beyond wait.
    pub at_once: usize,
    /// So many calls may be in flight, waiting ones included; those beyond are refused.
    pub in_flight: usize,
}

/// What comes of a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Turn {
    /// The message that goes back; none where none is asked for.
    pub reply: Option<Value>,
    /// How long the appliance takes before it replies.
    pub pause: Duration,
    /// The code with which the appliance closes the connection, after the reply.
    pub close: Option<u16>,
}

impl Turn {
    /// A reply at once.
    pub fn reply(reply: Value) -> Self {
        Self {
            reply: Some(reply),
            ..Self::default()
        }
    }

    /// The end of the connection.
    pub fn close(code: u16) -> Self {
        Self {
            close: Some(code),
            ..Self::default()
        }
    }
}
