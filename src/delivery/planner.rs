//! The directory's view of the delivery: which links a change concerns, and the wake-up.

use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::sync::Notify;

use super::target::Target;
use crate::directory::TargetPlanner;
use crate::scim::ResourceKind;
use crate::store::GroupReference;

/// Knows the configured appliances and how to wake their workers.
pub(super) struct Planner {
    pub(super) targets: Vec<(Arc<Target>, Arc<Notify>)>,
}

impl Planner {
    fn serving<'a>(&'a self, directory: &'a str) -> impl Iterator<Item = &'a Arc<Target>> {
        self.targets
            .iter()
            .map(|(target, _)| target)
            .filter(move |target| target.policy.serves(directory))
    }
}

impl TargetPlanner for Planner {
    fn ensure(
        &self,
        directory: &str,
        kind: ResourceKind,
        document: &Map<String, Value>,
        groups: &[GroupReference],
    ) -> Vec<String> {
        self.serving(directory)
            .filter(|target| target.in_scope(kind, document, groups))
            .map(|target| target.name().to_owned())
            .collect()
    }

    fn reads_groups(&self, directory: &str) -> Vec<String> {
        self.serving(directory)
            .filter(|target| target.reads_groups())
            .map(|target| target.name().to_owned())
            .collect()
    }

    fn password_targets(&self, directory: &str) -> Vec<String> {
        self.serving(directory)
            .filter(|target| target.wants_passwords())
            .map(|target| target.name().to_owned())
            .collect()
    }

    fn wake(&self) {
        for (_, wake) in &self.targets {
            // The permit is kept if the worker is busy, so no wake-up is lost.
            wake.notify_one();
        }
    }
}
