//! Open sessions, and what outlives one: the count of attempts.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use super::rate_limit::RateLimit;
use crate::truenas::auth::Caller;

/// One open socket.
#[derive(Debug, Clone)]
pub(in crate::truenas) struct Session {
    /// Who logged in, if anybody.
    pub(super) caller: Option<Caller>,
    pub(super) peer: IpAddr,
    /// Whether it came over TLS.
    pub(super) secure: bool,
}

impl Session {
    /// A session from the appliance itself.
    pub(super) fn local() -> Self {
        Self {
            caller: None,
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            secure: true,
        }
    }

    /// Whether an API key can be shown over it and live on.
    pub(super) fn is_safe_for_keys(&self) -> bool {
        self.secure || self.peer.is_loopback()
    }
}

/// All open sessions.
#[derive(Debug, Default)]
pub(in crate::truenas) struct Sessions {
    open: BTreeMap<u64, Session>,
    last: u64,
    pub(super) rate_limit: RateLimit,
}

impl Sessions {
    pub(super) fn open(&mut self, session: Session) -> u64 {
        self.last += 1;
        self.open.insert(self.last, session);
        self.last
    }

    pub(super) fn close(&mut self, number: u64) {
        self.open.remove(&number);
    }

    pub(super) fn get(&self, number: u64) -> Option<&Session> {
        self.open.get(&number)
    }

    pub(super) fn caller(&self, number: u64) -> Option<Caller> {
        self.get(number).and_then(|session| session.caller)
    }

    pub(super) fn set_caller(&mut self, number: u64, caller: Option<Caller>) {
        if let Some(session) = self.open.get_mut(&number) {
            session.caller = caller;
        }
    }
}
