//! What `status` reads.

use std::collections::BTreeMap;

use super::tolerances::ToleranceCounts;
use crate::delivery::Breaker;
use crate::store::{
    ApplianceReport, LinkCount, LinkFilter, LinkReport, ParkedMember, Store, StoreError,
};

/// Everything that `status` shows.
#[derive(Debug)]
pub(super) struct StatusReport {
    pub(super) appliances: Vec<ApplianceSummary>,
    pub(super) links: Vec<LinkReport>,
    pub(super) parked: Vec<ParkedMember>,
    /// Which deviations clients needed; `None` where it was not asked for.
    pub(super) tolerances: Option<ToleranceCounts>,
}

/// An appliance at a glance.
#[derive(Debug)]
pub(super) struct ApplianceSummary {
    pub(super) appliance: ApplianceReport,
    pub(super) breaker: &'static str,
    /// How many links are in which state.
    pub(super) counts: BTreeMap<&'static str, u64>,
    /// Since when the oldest link has not been in sync.
    pub(super) oldest_since_ms: Option<i64>,
}

impl StatusReport {
    /// Reads what the filter lets through; parked members only where nothing else was asked for.
    pub(super) async fn read(store: &dyn Store, filter: LinkFilter) -> Result<Self, StoreError> {
        let counts = store.link_counts().await?;
        let appliances = store
            .appliance_report()
            .await?
            .into_iter()
            .filter(|report| {
                filter
                    .appliance
                    .as_ref()
                    .is_none_or(|wanted| *wanted == report.name)
            })
            .map(|report| ApplianceSummary::new(report, &counts))
            .collect();
        let mut parked = if filter.appliance.is_none() && filter.name.is_none() {
            store.parked_members().await?
        } else {
            Vec::new()
        };
        parked.retain(|member| {
            let wanted = filter.directory.as_ref();
            wanted.is_none_or(|directory| *directory == member.directory)
        });
        Ok(Self {
            appliances,
            links: store.link_report(filter).await?,
            parked,
            tolerances: None,
        })
    }
}

impl ApplianceSummary {
    fn new(appliance: ApplianceReport, counts: &[LinkCount]) -> Self {
        let ours = || {
            counts
                .iter()
                .filter(|count| count.appliance == appliance.name)
        };
        Self {
            breaker: Breaker::restore(appliance.breaker.as_deref()).as_str(),
            counts: ours()
                .filter(|count| count.count > 0)
                .map(|count| (count.state.as_str(), count.count))
                .collect(),
            oldest_since_ms: ours().filter_map(|count| count.oldest_since_ms).min(),
            appliance,
        }
    }
}
