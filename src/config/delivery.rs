//! `[delivery]`.

use std::time::Duration;

use super::errors::Findings;
use super::file;
use super::listeners::{at_least_one, more_than_nothing, seconds};
use super::places::KeyPath;
use crate::delivery::DeliverySettings;

/// Limits and delays of the delivery.
pub(super) fn delivery(delivery: &file::Delivery, findings: &mut Findings) -> DeliverySettings {
    let section = KeyPath::new("delivery");
    for (key, value) in [
        ("breaker_failures", delivery.breaker_failures),
        ("sweep_batch", delivery.sweep_batch),
        ("password_ttl_hours", delivery.password_ttl_hours),
        ("parked_members_ttl_days", delivery.parked_members_ttl_days),
        ("attempts_ttl_days", delivery.attempts_ttl_days),
        ("audit_ttl_days", delivery.audit_ttl_days),
    ] {
        at_least_one(value, &section.key(key), findings);
    }
    for (key, value) in [
        ("lease_seconds", delivery.lease_seconds),
        ("refused_retry_seconds", delivery.refused_retry_seconds),
        ("breaker_pause_seconds", delivery.breaker_pause_seconds),
    ] {
        more_than_nothing(value, &section.key(key), findings);
    }
    retry_delays(delivery, &section.key("retry_delays_seconds"), findings);
    DeliverySettings {
        lease: seconds(delivery.lease_seconds),
        retry_delays: delivery
            .retry_delays_seconds
            .iter()
            .copied()
            .map(seconds)
            .collect(),
        max_retry_after: seconds(delivery.max_retry_after_seconds),
        refused_retry: seconds(delivery.refused_retry_seconds),
        breaker_failures: delivery.breaker_failures,
        breaker_pause: seconds(delivery.breaker_pause_seconds),
        sweep_batch: delivery.sweep_batch,
        shutdown_grace: seconds(delivery.shutdown_grace_seconds),
        password_ttl: hours(delivery.password_ttl_hours),
        parked_ttl: days(delivery.parked_members_ttl_days),
        attempts_ttl: days(delivery.attempts_ttl_days),
        audit_ttl: days(delivery.audit_ttl_days),
    }
}

fn retry_delays(delivery: &file::Delivery, key: &KeyPath, findings: &mut Findings) {
    let delays = &delivery.retry_delays_seconds;
    if delays.is_empty() || delays.iter().any(|delay| *delay <= 0.0) {
        findings.error(
            key,
            "a retry without a delay would hammer the appliance",
            "list one or more delays, each longer than 0 seconds",
        );
    }
    if !delays.is_sorted() {
        findings.error(
            key,
            "the delays do not grow",
            "list them from the shortest to the longest",
        );
    }
}

/// So many days.
pub(super) fn days(days: u32) -> Duration {
    Duration::from_secs(u64::from(days) * 24 * 60 * 60)
}

fn hours(hours: u32) -> Duration {
    Duration::from_secs(u64::from(hours) * 60 * 60)
}
