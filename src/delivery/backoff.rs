//! When to try again: an explicit list of delays, full jitter, a clamped `Retry-After`.

use std::time::Duration;

use super::secrets::Randomness;
use super::settings::DeliverySettings;

/// The delay before attempt number `attempts + 1`.
///
/// Half of the listed delay is kept and the other half is drawn at random, so that links that
/// failed together do not come back together, and none comes back at once. What the appliance
/// asked for by `Retry-After` is obeyed up to `max_retry_after`, and never shortened.
pub(super) fn delay(
    settings: &DeliverySettings,
    attempts: i64,
    retry_after: Option<Duration>,
    random: &dyn Randomness,
) -> Duration {
    let listed = listed_delay(settings, attempts);
    let jittered = listed / 2 + (listed / 2).mul_f64(random.fraction());
    match retry_after {
        Some(asked) => asked.min(settings.max_retry_after).max(jittered.min(asked)),
        None => jittered,
    }
}

fn listed_delay(settings: &DeliverySettings, attempts: i64) -> Duration {
    let index = usize::try_from(attempts.max(0)).unwrap_or(usize::MAX);
    settings
        .retry_delays
        .get(index)
        .or(settings.retry_delays.last())
        .copied()
        .unwrap_or(Duration::from_secs(60))
}

/// The longest delay of the list: for what only an operator can mend.
pub(super) fn longest(settings: &DeliverySettings) -> Duration {
    settings
        .retry_delays
        .iter()
        .max()
        .copied()
        .unwrap_or(Duration::from_secs(3600))
}
