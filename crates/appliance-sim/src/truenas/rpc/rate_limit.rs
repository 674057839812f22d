//! How often somebody who has not logged in may call a method.

use std::collections::HashMap;
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

/// So many calls of a method from one address within the window.
const CALLS: u32 = 20;
const WINDOW: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct RateLimit {
    /// When the window began, and how many calls it saw.
    seen: HashMap<(String, IpAddr), (Timestamp, u32)>,
}

impl RateLimit {
    /// Counts a call; false if it is one too many.
    pub(super) fn allows(&mut self, method: &str, peer: IpAddr, now: Timestamp) -> bool {
        let (began, count) = self
            .seen
            .entry((method.to_owned(), peer))
            .or_insert((now, 0));
        if now.duration_since(*began) >= WINDOW {
            (*began, *count) = (now, 0);
        }
        *count += 1;
        *count <= CALLS
    }
}
