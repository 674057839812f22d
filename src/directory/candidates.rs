//! The resources that a list is made of: read in batches, by index where one answers the filter,
//! and judged by the rest of the query.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::Arc;

use scim_filter_parser::{Filter, Path};

use super::error::DirectoryError;
use super::plan::{Plan, needs, plan};
use super::render;
use super::scans::Scan;
use super::service::{Caller, Directory};
use crate::scim::ResourceKind;
use crate::scim::filter::matches;
use crate::scim::query::{ListQuery, SortKey, sort_key};
use crate::scim::schema::SchemaSet;
use crate::store::{Lookup, StoreError, StoredResource};

/// How many resources are read at a time.
const BATCH: u32 = 500;
/// Likewise of groups with their members, of which each may have thousands.
const BATCH_WITH_MEMBERS: u32 = 16;
/// So few candidates of an index are looked at on the spot; more cost what a scan costs.
const FEW: u32 = 32;

/// A resource that satisfies a query.
pub(super) struct Candidate {
    /// What it is sorted by, if the list is sorted.
    pub key: Option<SortKey>,
    /// The resource.
    pub resource: StoredResource,
}

/// What takes the candidates, until it wants no more.
pub(super) type Keep<'a> = &'a mut (dyn FnMut(Candidate) -> ControlFlow<()> + Send);

/// The candidates of one kind for a query.
pub(super) struct Candidates<'a> {
    directory: &'a Directory,
    kind: ResourceKind,
    lookup: Option<Lookup>,
    question: Arc<Question>,
    /// Whether they are read with their relations.
    pub expanded: bool,
}

/// What has to be found out about each candidate; owned, so that other threads can do it.
struct Question {
    /// What the index has not answered.
    filter: Option<Filter>,
    sort_by: Option<Path>,
    schemas: Arc<SchemaSet>,
    base_url: String,
}

impl Directory {
    /// The candidates for a query. `whole`: whether the relations are wanted of each, should there
    /// be no more than one.
    pub(super) fn candidates(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
        whole: bool,
        caller: Caller<'_>,
    ) -> Candidates<'_> {
        let (lookup, filter) = match &query.filter {
            None => (None, None),
            Some(filter) => match plan(kind, filter) {
                Plan::Index { lookup, rest } => (Some(lookup), rest),
                Plan::Scan => (None, Some(filter.clone())),
            },
        };
        let relation = render::relation_attribute(kind);
        let asked = needs(filter.as_ref(), query.sort_by.as_ref(), relation);
        let single = matches!(
            lookup,
            Some(Lookup::Id(_) | Lookup::Name(_) | Lookup::ExternalId(_))
        );
        Candidates {
            directory: self,
            kind,
            lookup,
            expanded: asked || (whole && single),
            question: Arc::new(Question {
                filter,
                sort_by: query.sort_by.clone(),
                schemas: Arc::clone(&self.schemas),
                base_url: caller.base_url.to_owned(),
            }),
        }
    }
}

impl Candidates<'_> {
    /// Calls with each candidate, oldest first, from behind a sequence number on, until told to
    /// stop. More than a few need a place among the scans.
    pub(super) async fn each(
        &self,
        after: i64,
        keep: Keep<'_>,
    ) -> Result<ControlFlow<()>, DirectoryError> {
        // A page of everything by cursor ends with the page.
        let bounded = self.lookup.is_none() && self.question.is_none();
        let mut after = after;
        let mut limit = self.batch();
        let mut scan = None;
        if self.lookup.is_some() {
            limit = limit.min(FEW);
        } else if !bounded {
            scan = Some(self.begin().await?);
        }
        loop {
            let batch = self.read(after, limit).await?;
            let Some(last) = batch.last() else { break };
            after = last.sequence;
            let full = batch.len() >= limit as usize;
            for candidate in self.judge(batch, scan.as_ref()).await? {
                if keep(candidate).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            if !full {
                break;
            }
            limit = self.batch();
            match &scan {
                Some(scan) => {
                    let ports = &self.directory.ports;
                    ports.scans.check(scan, ports.clock.now_ms())?;
                }
                None if !bounded => scan = Some(self.begin().await?),
                None => {}
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn batch(&self) -> u32 {
        match self.kind {
            ResourceKind::Group if self.expanded => BATCH_WITH_MEMBERS,
            _ => BATCH,
        }
    }

    async fn begin(&self) -> Result<Scan, DirectoryError> {
        let ports = &self.directory.ports;
        ports.scans.begin(|| ports.clock.now_ms()).await
    }

    async fn read(&self, after: i64, limit: u32) -> Result<Vec<StoredResource>, StoreError> {
        let (store, kind) = (&self.directory.store, self.kind);
        let directory = &self.directory.settings.name;
        match self.lookup.clone() {
            Some(lookup) => {
                store
                    .lookup(directory, kind, lookup, after, limit, self.expanded)
                    .await
            }
            None => {
                store
                    .scan(directory, kind, after, limit, self.expanded)
                    .await
            }
        }
    }

    /// Few are judged here, where another thread would cost more than the work.
    async fn judge(
        &self,
        batch: Vec<StoredResource>,
        scan: Option<&Scan>,
    ) -> Result<Vec<Candidate>, DirectoryError> {
        let Some(scan) = scan else {
            return self.question.judge(batch);
        };
        let (question, place) = (Arc::clone(&self.question), scan.place());
        let judging = tokio::task::spawn_blocking(move || {
            let judged = question.judge(batch);
            drop(place);
            judged
        });
        match judging.await {
            Ok(judged) => judged,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => Err(StoreError::Closed.into()),
            },
        }
    }
}

impl Question {
    /// Whether nothing has to be found out.
    fn is_none(&self) -> bool {
        self.filter.is_none() && self.sort_by.is_none()
    }

    /// Those that satisfy the filter, with their sort keys.
    fn judge(&self, batch: Vec<StoredResource>) -> Result<Vec<Candidate>, DirectoryError> {
        let mut judged = Vec::new();
        for resource in batch {
            if self.is_none() {
                let key = None;
                judged.push(Candidate { key, resource });
                continue;
            }
            let whole = render::complete(&resource, &self.base_url)?;
            let holds = |filter| matches(filter, &whole, resource.kind, &self.schemas);
            if self.filter.as_ref().is_none_or(holds) {
                let path = self.sort_by.as_ref();
                let key = path.and_then(|path| sort_key(&whole, path, &self.schemas));
                judged.push(Candidate { key, resource });
            }
        }
        Ok(judged)
    }
}
