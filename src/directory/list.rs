//! Lists (RFC 7644 §3.4.2): a page by index, with the exact total.

use std::ops::ControlFlow;

use super::candidates::Candidate;
use super::error::DirectoryError;
use super::page::{Collected, Kept, Window};
use super::render::{self, Rendering};
use super::service::{Caller, Directory};
use crate::scim::ResourceKind;
use crate::scim::filter::validate;
use crate::scim::query::ListQuery;
use crate::store::StoredResource;

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
    /// `InvalidFilter` where the filter compares what cannot be compared, `TooMany` or `Busy` where
    /// no index answers it, or a failure of the store.
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
    /// `TooMany`, `Busy`, or a failure of the store.
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
        let (total, resources) = if query.filter.is_none() && query.sort_by.is_none() {
            self.plain_page(kind, query, window).await?
        } else {
            self.filtered_page(kind, query, window, caller).await?
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

    /// By index where one answers the filter, else by a scan that keeps only what the page needs.
    async fn filtered_page(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
        window: Window,
        caller: Caller<'_>,
    ) -> Result<(u64, Vec<StoredResource>), DirectoryError> {
        let wanted = render::wants_relations(kind, &query.projection);
        let candidates = self.candidates(kind, query, wanted, caller);
        let mut collected = Collected::new(query, window);
        let mut keep = |candidate: Candidate| {
            collected.keep(candidate);
            ControlFlow::Continue(())
        };
        // Nothing tells it to stop: the total counts them all.
        let _all = candidates.each(0, &mut keep).await?;
        self.finish(
            kind,
            collected,
            window,
            wanted && !candidates.expanded,
            wanted,
        )
        .await
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
