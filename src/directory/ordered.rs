//! Lists that go on where a cursor says (RFC 9865), and lists across kinds that are sorted.
//!
//! Resources have a total order: what they are sorted by, then their kind, then the order of their
//! creation, which never changes. A cursor names a place in that order, so that no resource which is
//! there all the time is missed or shown twice, whatever is written in between.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use super::candidates::Candidate;
use super::error::DirectoryError;
use super::list::list_response;
use super::page::Window;
use super::render;
use super::service::{Caller, Directory};
use crate::scim::ResourceKind;
use crate::scim::filter::validate;
use crate::scim::query::{Cursor, ListQuery, SortKey, Start, compare_sort_keys};

/// A resource that satisfies a query, by its place in the order.
struct Found {
    key: Option<SortKey>,
    kind: ResourceKind,
    sequence: i64,
    id: String,
}

impl From<Candidate> for Found {
    fn from(candidate: Candidate) -> Self {
        let Candidate { key, resource } = candidate;
        Self {
            key,
            kind: resource.kind,
            sequence: resource.sequence,
            id: resource.id,
        }
    }
}

impl Found {
    /// The order of the list: in its direction by key, always oldest first among equals.
    fn compare(
        &self,
        key: Option<&SortKey>,
        place: (ResourceKind, i64),
        descending: bool,
    ) -> Ordering {
        compare_sort_keys(self.key.as_ref(), key, descending)
            .then((self.kind, self.sequence).cmp(&place))
    }
}

/// The resources of a page by cursor.
struct Section {
    /// How many satisfy the query, where that is known without looking at all of them.
    total: Option<u64>,
    /// One more than the page holds, if there is one.
    found: Vec<Found>,
}

impl Directory {
    /// Lists resources of one kind, or of all, from a cursor on. `totalResults` is left out where
    /// it would cost a look at every resource (RFC 9865 §2 allows that).
    ///
    /// # Errors
    /// `InvalidFilter`, `InvalidCursor`, `ExpiredCursor`, `TooMany`, `Busy`, or a failure of the
    /// store.
    pub async fn list_from(
        &self,
        start: &Start,
        kind: Option<ResourceKind>,
        query: &ListQuery,
        max_results: u32,
        caller: Caller<'_>,
    ) -> Result<String, DirectoryError> {
        if let (Some(kind), Some(filter)) = (kind, &query.filter) {
            validate(filter, kind, &self.schemas)?;
        }
        let name = kind.map_or("", ResourceKind::endpoint);
        let fingerprint = query.fingerprint(&format!("{}/{name}", self.settings.name));
        let now_ms = self.ports.clock.now_ms();
        let after = match start {
            Start::First => None,
            Start::After(cursor) => {
                cursor.check(&fingerprint, now_ms)?;
                Some(cursor)
            }
        };
        let kinds = kinds(kind);
        let take = Window::of(query, max_results).take as usize;
        let mut section = match query.sort_by {
            None => self.by_creation(&kinds, query, after, take, caller).await?,
            Some(_) => self.by_key(&kinds, query, after, caller).await?,
        };
        let more = section.found.len() > take;
        section.found.truncate(take);
        let next = section.found.last().filter(|_| more).map(|last| {
            let Found {
                key,
                kind,
                sequence,
                ..
            } = last;
            Cursor::behind(fingerprint, now_ms, *kind, *sequence, key.clone()).encode()
        });
        let rendered = self.read_all(&section.found, query, caller).await?;
        Ok(cursor_response(section.total, next.as_deref(), &rendered))
    }

    /// A sorted page across all kinds (RFC 7644 §3.4.2.1, §3.4.2.3).
    pub(super) async fn sorted_search(
        &self,
        query: &ListQuery,
        max_results: u32,
        caller: Caller<'_>,
    ) -> Result<String, DirectoryError> {
        let section = self.by_key(&kinds(None), query, None, caller).await?;
        let window = Window::of(query, max_results);
        let skip = usize::try_from(window.skip).unwrap_or(usize::MAX);
        let page: Vec<Found> = section
            .found
            .into_iter()
            .skip(skip)
            .take(window.take as usize)
            .collect();
        let rendered = self.read_all(&page, query, caller).await?;
        let total = section.total.unwrap_or_default();
        Ok(list_response(total, query.start_index.max(1), &rendered))
    }

    /// In the order of creation, users first: looks no further than the page goes.
    async fn by_creation(
        &self,
        kinds: &[ResourceKind],
        query: &ListQuery,
        after: Option<&Cursor>,
        take: usize,
        caller: Caller<'_>,
    ) -> Result<Section, DirectoryError> {
        let mut total = query.filter.is_none().then_some(0);
        let mut found = Vec::new();
        for kind in kinds {
            if let Some(total) = &mut total {
                let name = &self.settings.name;
                *total += self.store.page(name, *kind, 0, 0, false).await?.total;
            }
            let sequence = match after {
                Some(cursor) if cursor.kind() > *kind => continue,
                Some(cursor) if cursor.kind() == *kind => cursor.sequence(),
                _ => 0,
            };
            let mut keep = |candidate: Candidate| {
                found.push(Found::from(candidate));
                match found.len() > take {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            };
            let candidates = self.candidates(*kind, query, false, caller);
            let looked = candidates.each(sequence, &mut keep).await?;
            if looked.is_break() {
                break;
            }
        }
        Ok(Section { total, found })
    }

    /// In the order of the sort key: every resource that satisfies the query has to be looked at.
    async fn by_key(
        &self,
        kinds: &[ResourceKind],
        query: &ListQuery,
        after: Option<&Cursor>,
        caller: Caller<'_>,
    ) -> Result<Section, DirectoryError> {
        let mut total = 0;
        let mut found: Vec<Found> = Vec::new();
        let mut keep = |candidate: Candidate| {
            let one = Found::from(candidate);
            total += 1;
            let beyond = after.is_none_or(|cursor| {
                let place = (cursor.kind(), cursor.sequence());
                one.compare(cursor.key(), place, query.descending).is_gt()
            });
            if beyond {
                found.push(one);
            }
            ControlFlow::Continue(())
        };
        for kind in kinds {
            let candidates = self.candidates(*kind, query, false, caller);
            let looked = candidates.each(0, &mut keep).await?;
            if looked.is_break() {
                break;
            }
        }
        found.sort_by(|left, right| {
            let place = (right.kind, right.sequence);
            left.compare(right.key.as_ref(), place, query.descending)
        });
        Ok(Section {
            total: Some(total),
            found,
        })
    }

    /// The resources as JSON texts. One that was deleted in between is left out, as the next
    /// request would have it.
    async fn read_all(
        &self,
        found: &[Found],
        query: &ListQuery,
        caller: Caller<'_>,
    ) -> Result<Vec<String>, DirectoryError> {
        let mut rendered = Vec::with_capacity(found.len());
        for one in found {
            let expand = render::wants_relations(one.kind, &query.projection);
            let directory = &self.settings.name;
            let reading = self.store.resource(directory, one.kind, &one.id, expand);
            if let Some(resource) = reading.await? {
                rendered.push(render::render(&resource, self.rendering(query, caller))?);
            }
        }
        Ok(rendered)
    }
}

fn kinds(kind: Option<ResourceKind>) -> Vec<ResourceKind> {
    kind.map_or_else(
        || vec![ResourceKind::User, ResourceKind::Group],
        |kind| vec![kind],
    )
}

/// RFC 9865 §2: the last page is the one without `nextCursor`.
pub(super) fn cursor_response(
    total: Option<u64>,
    next: Option<&str>,
    resources: &[String],
) -> String {
    let total = total.map_or_else(String::new, |total| format!("\"totalResults\":{total},"));
    // A cursor needs no escapes.
    let next = next.map_or_else(String::new, |next| format!("\"nextCursor\":\"{next}\","));
    format!(
        "{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\
         {total}\"itemsPerPage\":{},{next}\"Resources\":[{}]}}",
        resources.len(),
        resources.join(",")
    )
}
