//! What every part of the delivery shares.

use std::sync::Arc;
use std::time::Duration;

use super::secrets::{Randomness, Sealer};
use super::settings::DeliverySettings;
use crate::store::Store;
use crate::telemetry::Clock;

/// Shared by all workers and attempts.
pub struct Context {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random values.
    pub random: Arc<dyn Randomness>,
    /// Opens passwords; `None` where no appliance wants any.
    pub sealer: Option<Arc<Sealer>>,
    /// Limits and delays.
    pub settings: DeliverySettings,
    /// Told of every outcome.
    pub observer: Arc<dyn DeliveryObserver>,
    /// Names this replica in leases.
    pub owner: String,
}

/// Is told what the delivery does: the metrics' side.
pub trait DeliveryObserver: Send + Sync {
    /// An attempt has ended; `class` is `none` where nothing failed.
    fn attempted(&self, appliance: &str, outcome: &str, class: &str, elapsed: Duration);

    /// An appliance's breaker is in this state now.
    fn breaker(&self, appliance: &str, state: &str);
}
