//! Every metric of the daemon, declared in one place.
//!
//! There is no global registry: each daemon (and each test) has its own [`Metrics`].

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds in seconds: identity providers want answers in well under a second.
const REQUEST_BUCKETS: [f64; 12] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
/// Upper bounds in seconds: appliances answer slowly, some within minutes.
const CALL_BUCKETS: [f64; 10] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 60.0];
/// The states of a breaker; exactly one of them is 1.
const BREAKER_STATES: [&str; 3] = ["closed", "open", "half_open"];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
    method: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ToleranceLabels {
    directory: String,
    tolerance: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ScanLabels {
    event: &'static str,
}

/// What happens to a list that no index answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanEvent {
    /// It got a place.
    Started,
    /// It got none in time.
    Refused,
    /// It took too long.
    Stopped,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ApplianceLabels {
    appliance: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    appliance: String,
    state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeliveryLabels {
    appliance: String,
    outcome: String,
    class: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    appliance: String,
    operation: String,
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    appliance: String,
    operation: String,
}

type Seconds = Gauge<f64, AtomicU64>;

/// All metrics of one daemon. Cheap to use from any thread.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_duration: Family<RouteLabels, Histogram>,
    tolerances: Family<ToleranceLabels, Counter>,
    scans: Family<ScanLabels, Counter>,
    links: Family<StateLabels, Gauge>,
    oldest_due_age: Family<ApplianceLabels, Seconds>,
    deliveries: Family<DeliveryLabels, Counter>,
    calls: Family<CallLabels, Counter>,
    call_duration: Family<OperationLabels, Histogram>,
    breakers: Family<StateLabels, Gauge>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All metrics, at zero.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("scim_bridge"),
            requests: Family::default(),
            request_duration: Family::new_with_constructor(|| Histogram::new(REQUEST_BUCKETS)),
            tolerances: Family::default(),
            scans: Family::default(),
            links: Family::default(),
            oldest_due_age: Family::default(),
            deliveries: Family::default(),
            calls: Family::default(),
            call_duration: Family::new_with_constructor(|| Histogram::new(CALL_BUCKETS)),
            breakers: Family::default(),
        };
        metrics.register_scim();
        metrics.register_delivery();
        metrics
    }

    fn register_scim(&mut self) {
        self.registry.register(
            "scim_requests",
            "SCIM requests by route, method and status",
            self.requests.clone(),
        );
        self.registry.register_with_unit(
            "scim_request_duration",
            "Time to answer a SCIM request",
            Unit::Seconds,
            self.request_duration.clone(),
        );
        self.registry.register(
            "scim_tolerances",
            "Deviations from the RFCs that were understood all the same",
            self.tolerances.clone(),
        );
        self.registry.register(
            "scim_scans",
            "Lists that no index answers: started, refused for want of a place, stopped after too long",
            self.scans.clone(),
        );
    }

    fn register_delivery(&mut self) {
        self.registry.register(
            "links",
            "Resources linked to an appliance, by state",
            self.links.clone(),
        );
        self.registry.register_with_unit(
            "oldest_due_link_age",
            "Time since which the oldest link of an appliance has been out of sync",
            Unit::Seconds,
            self.oldest_due_age.clone(),
        );
        self.registry.register(
            "deliveries",
            "Attempts to bring an account to the desired state, by outcome and failure class",
            self.deliveries.clone(),
        );
        self.registry.register(
            "vendor_calls",
            "Calls to appliances by operation and outcome",
            self.calls.clone(),
        );
        self.registry.register_with_unit(
            "vendor_call_duration",
            "Time that a call to an appliance took",
            Unit::Seconds,
            self.call_duration.clone(),
        );
        self.registry.register(
            "breaker_state",
            "1 for the state that an appliance's circuit breaker is in",
            self.breakers.clone(),
        );
    }

    /// Counts an answered SCIM request. `route` is the pattern, never the path itself, so that
    /// the number of series stays bounded.
    pub fn scim_request(&self, route: &str, method: &str, status: u16, elapsed: Duration) {
        self.requests
            .get_or_create(&RequestLabels {
                route: route.to_owned(),
                method: method.to_owned(),
                status,
            })
            .inc();
        self.request_duration
            .get_or_create(&RouteLabels {
                route: route.to_owned(),
                method: method.to_owned(),
            })
            .observe(elapsed.as_secs_f64());
    }

    /// Counts a deviation from the RFCs that a directory understood all the same.
    pub fn tolerated(&self, directory: &str, tolerance: &'static str, times: u32) {
        self.tolerances
            .get_or_create(&ToleranceLabels {
                directory: directory.to_owned(),
                tolerance,
            })
            .inc_by(u64::from(times));
    }

    /// Counts what happened to a list that no index answers.
    pub fn scan(&self, event: ScanEvent) {
        let event = match event {
            ScanEvent::Started => "started",
            ScanEvent::Refused => "refused",
            ScanEvent::Stopped => "stopped",
        };
        self.scans.get_or_create(&ScanLabels { event }).inc();
    }

    /// Forgets the gauges of links, so that states that are empty now do not linger; the page of
    /// metrics sets them anew.
    pub fn clear_links(&self) {
        self.links.clear();
        self.oldest_due_age.clear();
    }

    /// Sets how many links of an appliance are in a state.
    pub fn set_links(&self, appliance: &str, state: &str, count: u64) {
        self.links
            .get_or_create(&StateLabels {
                appliance: appliance.to_owned(),
                state: state.to_owned(),
            })
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Sets for how long the oldest link of an appliance has been out of sync.
    pub fn set_oldest_due_age(&self, appliance: &str, age: Duration) {
        self.oldest_due_age
            .get_or_create(&ApplianceLabels {
                appliance: appliance.to_owned(),
            })
            .set(age.as_secs_f64());
    }

    /// Counts the end of an attempt at a link. `class` is the failure class, empty on success.
    pub fn delivery(&self, appliance: &str, outcome: &str, class: &str) {
        self.deliveries
            .get_or_create(&DeliveryLabels {
                appliance: appliance.to_owned(),
                outcome: outcome.to_owned(),
                class: class.to_owned(),
            })
            .inc();
    }

    /// Counts a call to an appliance. `outcome` is `ok` or the failure class.
    pub fn vendor_call(&self, appliance: &str, operation: &str, outcome: &str, elapsed: Duration) {
        self.calls
            .get_or_create(&CallLabels {
                appliance: appliance.to_owned(),
                operation: operation.to_owned(),
                outcome: outcome.to_owned(),
            })
            .inc();
        self.call_duration
            .get_or_create(&OperationLabels {
                appliance: appliance.to_owned(),
                operation: operation.to_owned(),
            })
            .observe(elapsed.as_secs_f64());
    }

    /// Says in which state (`closed`, `open`, `half_open`) an appliance's breaker is.
    pub fn set_breaker(&self, appliance: &str, state: &str) {
        for known in BREAKER_STATES {
            self.breakers
                .get_or_create(&StateLabels {
                    appliance: appliance.to_owned(),
                    state: known.to_owned(),
                })
                .set(i64::from(known == state));
        }
    }

    /// The page that Prometheus reads, in the `OpenMetrics` text format.
    ///
    /// # Errors
    /// When formatting fails, which only a defect in a metric's own code can cause.
    pub fn page(&self) -> Result<String, fmt::Error> {
        let mut page = String::new();
        encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Metrics;

    #[test]
    fn the_page_holds_what_was_recorded() {
        let metrics = Metrics::new();
        metrics.scim_request("/scim/v2/Users/{id}", "GET", 404, Duration::from_millis(2));
        metrics.tolerated("default", "dotted_key", 2);
        metrics.set_links("nas-1", "pending", 7);
        metrics.set_breaker("nas-1", "open");
        metrics.vendor_call("nas-1", "create", "conflict", Duration::from_millis(30));
        let page = metrics.page().unwrap();
        for line in [
            r#"scim_bridge_scim_requests_total{route="/scim/v2/Users/{id}",method="GET",status="404"} 1"#,
            r#"scim_bridge_scim_tolerances_total{directory="default",tolerance="dotted_key"} 2"#,
            r#"scim_bridge_links{appliance="nas-1",state="pending"} 7"#,
            r#"scim_bridge_breaker_state{appliance="nas-1",state="open"} 1"#,
            r#"scim_bridge_breaker_state{appliance="nas-1",state="closed"} 0"#,
            r#"scim_bridge_vendor_calls_total{appliance="nas-1",operation="create",outcome="conflict"} 1"#,
            r#"scim_bridge_vendor_call_duration_seconds_count{appliance="nas-1",operation="create"} 1"#,
        ] {
            assert!(page.contains(line), "no line {line} in\n{page}");
        }
    }

    #[test]
    fn states_that_are_empty_now_do_not_linger() {
        let metrics = Metrics::new();
        metrics.set_links("nas-1", "pending", 7);
        metrics.clear_links();
        metrics.set_links("nas-1", "in_sync", 7);
        let page = metrics.page().unwrap();
        assert!(!page.contains(r#"state="pending""#), "{page}");
        assert!(page.contains(r#"state="in_sync""#), "{page}");
    }
}
