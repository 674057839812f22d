//! The lease of one appliance, as its worker and its attempts see it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::appliance::ApplianceSettings;
use crate::store::Lease;

/// The longest that one call to an appliance takes.
pub(super) fn call_timeout(settings: &ApplianceSettings) -> Duration {
    settings
        .connect_timeout
        .saturating_add(settings.request_timeout)
}

/// A lease that the worker renews while attempts read it.
#[derive(Debug)]
pub(super) struct LeaseHandle {
    /// The epoch under which outcomes are recorded.
    pub(super) epoch: i64,
    until_ms: AtomicI64,
}

impl LeaseHandle {
    pub(super) fn new(lease: Lease) -> Self {
        Self {
            epoch: lease.epoch,
            until_ms: AtomicI64::new(lease.until_ms),
        }
    }

    /// Until when the lease holds.
    pub(super) fn until_ms(&self) -> i64 {
        self.until_ms.load(Ordering::Acquire)
    }

    /// The store has prolonged it.
    pub(super) fn prolong(&self, until_ms: i64) {
        self.until_ms.store(until_ms, Ordering::Release);
    }

    /// Whether a call that may take so long ends while the lease still holds. A call that starts
    /// later could still be writing when another replica has taken over.
    pub(super) fn outlasts(&self, now_ms: i64, timeout_ms: i64) -> bool {
        now_ms.saturating_add(timeout_ms) < self.until_ms()
    }
}
