//! Lists (RFC 7644 §3.4.2): by index where one answers the filter, else by a scan in batches that
//! keeps only what the page needs.

use scim_filter_parser::Filter;

use super::error::DirectoryError;
use super::page::{Collected, Kept, Window};
use super::plan::{Plan, needs, plan};
use super::render::{self, Rendering};
use super::service::{Caller, Directory};
use crate::scim::ResourceKind;
use crate::scim::filter::{matches, validate};
use crate::scim::query::{ListQuery, sort_key};
use crate::store::{Lookup, StoredResource};

/// How many resources a scan reads at a time.
pub(super) const SCAN_BATCH: u32 = 500;

/// The part of a list that was asked for.
struct Selection {
    /// How many resources satisfy the query in all.
    total: u64,
    /// Those of the page, as JSON texts.
    rendered: Vec<String>,
}

impl Directory {
    /// Lists resources of one kind as a `ListResponse`, as JSON text.
    ///
    /// # Errors
    /// `InvalidFilter` where the filter compares what cannot be compared, or a failure of the
    /// store.
    pub async fn list(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
        max_results: u32,
        caller: Caller<'_>,
    ) -> Result<String, DirectoryError> {
        if let Some(filter) = &query.filter {
            validate(filter, kind, &self.schemas)?;
        }
        let window = Window::of(query, max_results);
        let selection = self.select(kind, query, window, caller).await?;
        Ok(list_response(
            selection.total,
            query.start_index.max(1),
            &selection.rendered,
        ))
    }

    /// Searches users and groups alike, users first (RFC 7644 §3.4.2.1: attributes that a kind
    /// does not have are absent from it). Sorted, they stand among each other.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn search(
        &self,
        query: &ListQuery,
        max_results: u32,
        caller: Caller<'_>,
    ) -> Result<String, DirectoryError> {
        if query.sort_by.is_some() {
            return self.sorted_search(query, max_results, caller).await;
        }
        let mut window = Window::of(query, max_results);
        let mut total = 0;
        let mut rendered = Vec::new();
        for kind in [ResourceKind::User, ResourceKind::Group] {
            let found = self.select(kind, query, window, caller).await?;
            total += found.total;
            window.skip = window.skip.saturating_sub(found.total);
            let taken = u32::try_from(found.rendered.len()).unwrap_or(u32::MAX);
            window.take = window.take.saturating_sub(taken);
            rendered.extend(found.rendered);
        }
        Ok(list_response(total, query.start_index.max(1), &rendered))
    }

    async fn select(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
        window: Window,
        caller: Caller<'_>,
    ) -> Result<Selection, DirectoryError> {
        let (total, resources) = match &query.filter {
            None if query.sort_by.is_none() => self.plain_page(kind, query, window).await?,
            Some(filter) => match plan(kind, filter) {
                Plan::Index { lookup, rest } => {
                    self.by_index(kind, query, window, lookup, rest.as_ref(), caller)
                        .await?
                }
                Plan::Scan => {
                    self.by_scan(kind, query, window, Some(filter), caller)
                        .await?
                }
            },
            None => self.by_scan(kind, query, window, None, caller).await?,
        };
        let rendering = self.rendering(query, caller);
        let rendered = resources
            .iter()
            .map(|resource| render::render(resource, rendering))
            .collect::<Result<_, _>>()?;
        Ok(Selection { total, rendered })
    }

    pub(super) fn rendering<'a>(
        &'a self,
        query: &'a ListQuery,
        caller: Caller<'a>,
    ) -> Rendering<'a> {
        Rendering {
            base: caller.base_url,
            projection: &query.projection,
            schemas: &self.schemas,
            empty_members: false,
        }
    }

    async fn plain_page(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
        window: Window,
    ) -> Result<(u64, Vec<StoredResource>), DirectoryError> {
        let expand = render::wants_relations(kind, &query.projection);
        let page = self
            .store
            .page(&self.settings.name, kind, window.skip, window.take, expand)
            .await?;
        Ok((page.total, page.resources))
    }

    async fn by_index(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
        window: Window,
        lookup: Lookup,
        rest: Option<&Filter>,
        caller: Caller<'_>,
    ) -> Result<(u64, Vec<StoredResource>), DirectoryError> {
        let wanted = render::wants_relations(kind, &query.projection);
        // One that is unique is read whole at once; of many, only the page is.
        let single = matches!(
            lookup,
            Lookup::Id(_) | Lookup::Name(_) | Lookup::ExternalId(_)
        );
        let asked = needs(
            rest,
            query.sort_by.as_ref(),
            render::relation_attribute(kind),
        );
        let expand = asked || (wanted && single);
        let candidates = self
            .store
            .lookup(&self.settings.name, kind, lookup, u32::MAX, expand)
            .await?;
        let mut collected = Collected::new(query, window);
        for candidate in candidates {
            self.offer(&mut collected, candidate, rest, query, caller)?;
        }
        self.finish(kind, collected, window, wanted && !expand, wanted)
            .await
    }

    async fn by_scan(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
        window: Window,
        filter: Option<&Filter>,
        caller: Caller<'_>,
    ) -> Result<(u64, Vec<StoredResource>), DirectoryError> {
        let wanted = render::wants_relations(kind, &query.projection);
        let relation = render::relation_attribute(kind);
        let expand = needs(filter, query.sort_by.as_ref(), relation);
        let mut collected = Collected::new(query, window);
        let mut after = 0;
        loop {
            let batch = self
                .store
                .scan(&self.settings.name, kind, after, SCAN_BATCH, expand)
                .await?;
            let Some(last) = batch.last() else { break };
            after = last.sequence;
            let full = batch.len() >= SCAN_BATCH as usize;
            for candidate in batch {
                self.offer(&mut collected, candidate, filter, query, caller)?;
            }
            if !full {
                break;
            }
        }
        self.finish(kind, collected, window, wanted && !expand, wanted)
            .await
    }

    /// Looks at a candidate and keeps it if it satisfies the filter.
    fn offer(
        &self,
        collected: &mut Collected,
        candidate: StoredResource,
        filter: Option<&Filter>,
        query: &ListQuery,
        caller: Caller<'_>,
    ) -> Result<(), DirectoryError> {
        if filter.is_none() && query.sort_by.is_none() {
            collected.keep(candidate);
            return Ok(());
        }
        let whole = render::complete(&candidate, caller.base_url)?;
        if filter.is_some_and(|filter| !matches(filter, &whole, candidate.kind, &self.schemas)) {
            return Ok(());
        }
        match &query.sort_by {
            Some(path) => {
                let key = sort_key(&whole, path, &self.schemas);
                collected.keep_sorted(key, &candidate);
            }
            None => collected.keep(candidate),
        }
        Ok(())
    }

    /// The page out of what was collected; reads again what was not read whole.
    async fn finish(
        &self,
        kind: ResourceKind,
        collected: Collected,
        window: Window,
        read_relations: bool,
        wanted: bool,
    ) -> Result<(u64, Vec<StoredResource>), DirectoryError> {
        let total = collected.total;
        let (page, again) = collected.page(window);
        if !read_relations && !again {
            return Ok((
                total,
                page.into_iter().filter_map(Kept::into_resource).collect(),
            ));
        }
        let mut resources = Vec::with_capacity(page.len());
        for kept in page {
            // One that was deleted in between is left out, as the next request would have it.
            resources.extend(
                self.store
                    .resource(&self.settings.name, kind, kept.id(), wanted)
                    .await?,
            );
        }
        Ok((total, resources))
    }
}

/// RFC 7644 §3.4.2. `Resources` is there even when empty: clients iterate over it unasked.
pub(super) fn list_response(total: u64, start_index: u64, resources: &[String]) -> String {
    format!(
        "{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\
         \"totalResults\":{total},\"startIndex\":{start_index},\"itemsPerPage\":{},\
         \"Resources\":[{}]}}",
        resources.len(),
        resources.join(",")
    )
}
