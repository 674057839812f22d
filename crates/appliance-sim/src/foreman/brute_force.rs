//! Failed log-ins by address, and the lock that follows.

use std::collections::HashMap;
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

/// So many failures lock an address out.
const LIMIT: usize = 30;
/// How long a failure counts.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);

#[derive(Debug, Default)]
pub(super) struct BruteForce {
    failures: HashMap<IpAddr, Vec<Timestamp>>,
}

impl BruteForce {
    pub(super) fn is_locked(&mut self, peer: IpAddr, now: Timestamp) -> bool {
        let Some(failures) = self.failures.get_mut(&peer) else {
            return false;
        };
        failures.retain(|failure| now.duration_since(*failure) < WINDOW);
        failures.len() >= LIMIT
    }

    pub(super) fn failed(&mut self, peer: IpAddr, now: Timestamp) {
        self.failures.entry(peer).or_default().push(now);
    }
}
