//! `/metrics`: the page for Prometheus.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use tracing::{error, warn};

use super::ops::OpsState;
use crate::store::{LinkCount, LinkState};
use crate::telemetry::Metrics;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The page, with the gauges of links read from the store now: counting at every change would
/// drift from the truth, the store is the truth.
pub(super) async fn metrics(state: web::Data<OpsState>) -> HttpResponse {
    match state.store.link_counts().await {
        Ok(counts) => refresh_links(&state.metrics, &counts, state.clock.now_ms()),
        // The other metrics are worth showing, now most of all.
        Err(error) => warn!(%error, "the state of links could not be read for /metrics"),
    }
    match state.metrics.page() {
        Ok(page) => HttpResponse::Ok().content_type(OPEN_METRICS).body(page),
        Err(error) => {
            error!(%error, "the page of metrics could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

fn refresh_links(metrics: &Metrics, counts: &[LinkCount], now_ms: i64) {
    metrics.clear_links();
    let mut oldest: BTreeMap<&str, i64> = BTreeMap::new();
    for count in counts {
        metrics.set_links(&count.appliance, count.state.as_str(), count.count);
        let since = count.oldest_since_ms.filter(|_| is_due(count.state));
        let known = oldest.entry(&count.appliance).or_insert(now_ms);
        *known = (*known).min(since.unwrap_or(now_ms));
    }
    for (appliance, since_ms) in oldest {
        let age = u64::try_from(now_ms.saturating_sub(since_ms)).unwrap_or(0);
        metrics.set_oldest_due_age(appliance, Duration::from_millis(age));
    }
}

/// Whether links in this state are the delivery's to work off; the others wait for an operator, a
/// change, or their purge.
fn is_due(state: LinkState) -> bool {
    match state {
        LinkState::Pending | LinkState::InFlight | LinkState::Waiting => true,
        LinkState::InSync | LinkState::Held | LinkState::Refused | LinkState::PurgeWaiting => false,
    }
}

#[cfg(test)]
mod tests {
    use super::refresh_links;
    use crate::store::{LinkCount, LinkState};
    use crate::telemetry::Metrics;

    fn count(appliance: &str, state: LinkState, since: Option<i64>) -> LinkCount {
        LinkCount {
            appliance: appliance.to_owned(),
            state,
            count: 3,
            oldest_since_ms: since,
        }
    }

    #[test]
    fn the_age_is_that_of_the_oldest_link_that_is_still_to_be_worked_off() {
        let metrics = Metrics::new();
        let counts = [
            count("nas-1", LinkState::Pending, Some(9_000)),
            count("nas-1", LinkState::Waiting, Some(4_000)),
            count("nas-1", LinkState::Held, Some(1_000)),
            count("nas-2", LinkState::InSync, None),
        ];
        refresh_links(&metrics, &counts, 10_000);
        let page = metrics.page().unwrap();
        let age = "scim_bridge_oldest_due_link_age_seconds";
        assert!(
            page.contains(&format!("{age}{{appliance=\"nas-1\"}} 6.0")),
            "{page}"
        );
        assert!(
            page.contains(&format!("{age}{{appliance=\"nas-2\"}} 0.0")),
            "{page}"
        );
    }
}
