//! The page of a list: which part of the result it is, and what is kept to make it.

use super::candidates::Candidate;
use crate::scim::query::{ListQuery, SortKey, compare_sort_keys};
use crate::store::StoredResource;

/// Which part of the result is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// How many to pass over.
    pub skip: u64,
    /// How many follow.
    pub take: u32,
}

impl Window {
    /// The window of a query; a page holds at most `max_results`.
    pub(super) fn of(query: &ListQuery, max_results: u32) -> Self {
        let count = query.count.unwrap_or(u64::from(max_results));
        Self {
            skip: query.start_index.saturating_sub(1),
            take: u32::try_from(count).unwrap_or(u32::MAX).min(max_results),
        }
    }

    fn holds(self, position: u64) -> bool {
        position >= self.skip && position - self.skip < u64::from(self.take)
    }
}

/// What is kept of the resources that satisfy a query: those of the page or, where they have to
/// be sorted first, the keys and ids of all.
pub(super) struct Collected {
    /// How many satisfied the query so far.
    pub total: u64,
    window: Window,
    page: Vec<StoredResource>,
    sorted: Option<Vec<(Option<SortKey>, i64, String)>>,
    descending: bool,
}

/// A resource of the page.
pub(super) enum Kept {
    /// As it was read.
    Whole(Box<StoredResource>),
    /// Still to be read.
    Id(String),
}

impl Kept {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Whole(resource) => &resource.id,
            Self::Id(id) => id,
        }
    }

    pub(super) fn into_resource(self) -> Option<StoredResource> {
        match self {
            Self::Whole(resource) => Some(*resource),
            Self::Id(_) => None,
        }
    }
}

impl Collected {
    pub(super) fn new(query: &ListQuery, window: Window) -> Self {
        Self {
            total: 0,
            window,
            page: Vec::new(),
            sorted: query.sort_by.is_some().then(Vec::new),
            descending: query.descending,
        }
    }

    pub(super) fn keep(&mut self, candidate: Candidate) {
        let Candidate { key, resource } = candidate;
        match &mut self.sorted {
            Some(sorted) => sorted.push((key, resource.sequence, resource.id)),
            None if self.window.holds(self.total) => self.page.push(resource),
            None => {}
        }
        self.total += 1;
    }

    /// The page, and whether its resources have to be read (again) by their ids.
    pub(super) fn page(self, window: Window) -> (Vec<Kept>, bool) {
        let Some(mut sorted) = self.sorted else {
            let page = self
                .page
                .into_iter()
                .map(|resource| Kept::Whole(Box::new(resource)));
            return (page.collect(), false);
        };
        sorted.sort_by(|left, right| {
            compare_sort_keys(left.0.as_ref(), right.0.as_ref(), self.descending)
                .then(left.1.cmp(&right.1))
        });
        let skip = usize::try_from(window.skip).unwrap_or(usize::MAX);
        let page = sorted
            .into_iter()
            .skip(skip)
            .take(window.take as usize)
            .map(|(_, _, id)| Kept::Id(id));
        (page.collect(), true)
    }
}
