//! Forgetting what has outlived its time.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::context::Context;
use crate::store::PruneLimits;

/// How often rows that have outlived their time are looked for.
const INTERVAL: Duration = Duration::from_secs(600);

/// Prunes the store now and then until it is told to stop.
pub(super) async fn run(context: Arc<Context>, guard_window: Duration, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let now_ms = context.clock.now_ms();
        let before = |age: Duration| {
            now_ms.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
        };
        let settings = &context.settings;
        let pruned = context
            .store
            .prune(PruneLimits {
                now_ms,
                parked_before_ms: before(settings.parked_ttl),
                passwords_before_ms: before(settings.password_ttl),
                attempts_before_ms: before(settings.attempts_ttl),
                guard_before_ms: before(guard_window),
                audit_before_ms: before(settings.audit_ttl),
            })
            .await;
        if let Err(error) = pruned {
            warn!(%error, "old rows could not be pruned");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}
