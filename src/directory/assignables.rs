//! Roles and entitlements on offer: lists in memory, in the order of the configuration.

use url::Url;

use super::error::DirectoryError;
use super::list::list_response;
use super::ordered::cursor_response;
use super::page::Window;
use super::service::{Answer, Caller, Directory};
use crate::scim::assignable::{Assignable, AssignableKind, judge_filter};
use crate::scim::query::{Cursor, ListQuery, Projection, SortKey, Start, compare_sort_keys};
use crate::scim::{ErrorKind, Preconditions, ResourceKind, Revision, ScimError, Tolerated};

/// One of a list, with its place in the configuration.
type Placed<'a> = (usize, &'a Assignable);

impl Directory {
    /// Whether there is anything of a kind to be assigned.
    pub fn offers(&self, kind: AssignableKind) -> bool {
        self.settings.assignables.iter().any(|one| one.kind == kind)
    }

    /// Lists what there is of a kind, as JSON text, and tells what was understood although the RFCs
    /// do not ask for it.
    ///
    /// # Errors
    /// `InvalidFilter`, `InvalidCursor` or `ExpiredCursor`.
    pub fn assignables(
        &self,
        kind: AssignableKind,
        query: &ListQuery,
        max_results: u32,
        caller: Caller<'_>,
    ) -> Result<(String, Tolerated), DirectoryError> {
        let tolerated = self.judge_assignables(kind, query)?;
        let matching = self.matching(kind, query);
        let total = u64::try_from(matching.len()).unwrap_or(u64::MAX);
        let window = Window::of(query, max_results);
        let render = |page: &[Placed<'_>]| -> Vec<String> {
            page.iter()
                .map(|(_, one)| {
                    let tag = revision(one).to_string();
                    let location = location(one, caller.base_url);
                    one.render(&location, &tag, &query.projection).to_string()
                })
                .collect()
        };
        let Some(start) = &query.cursor else {
            let skip = usize::try_from(window.skip).unwrap_or(usize::MAX);
            let rest = matching.get(skip..).unwrap_or_default();
            let page = rest.get(..window.take as usize).unwrap_or(rest);
            let start_index = query.start_index.max(1);
            return Ok((list_response(total, start_index, &render(page)), tolerated));
        };
        let fingerprint = query.fingerprint(&format!("{}/{}", self.settings.name, kind.endpoint()));
        let now_ms = self.ports.clock.now_ms();
        let rest = after(start, &matching, &fingerprint, now_ms)?;
        let page = rest.get(..window.take as usize).unwrap_or(rest);
        let last = page.last().filter(|_| page.len() < rest.len());
        let next = last.map(|(place, _)| {
            let place = i64::try_from(*place).unwrap_or(i64::MAX);
            Cursor::behind(fingerprint, now_ms, ResourceKind::User, place, None).encode()
        });
        let list = cursor_response(Some(total), next.as_deref(), &render(page));
        Ok((list, tolerated))
    }

    /// Reads one by its id.
    ///
    /// # Errors
    /// `NotFound` or `PreconditionFailed`.
    pub fn assignable(
        &self,
        kind: AssignableKind,
        id: &str,
        projection: &Projection,
        preconditions: &Preconditions,
        caller: Caller<'_>,
    ) -> Result<Answer, DirectoryError> {
        let all = self.settings.assignables.iter();
        let found = all
            .filter(|one| one.kind == kind)
            .find(|one| one.value == id);
        let one = found.ok_or_else(|| {
            let shown: String = id.chars().take(100).collect();
            ScimError::new(
                ErrorKind::NotFound,
                format!("there is no {} with id {shown:?}", kind.as_str()),
            )
        })?;
        let revision = revision(one);
        preconditions.judge_read(revision.version)?;
        let location = location(one, caller.base_url);
        let entity_tag = revision.to_string();
        let body = (!preconditions.is_known(revision))
            .then(|| one.render(&location, &entity_tag, projection).to_string());
        Ok(Answer {
            body,
            id: one.value.clone(),
            location,
            entity_tag,
            tolerated: Tolerated::default(),
        })
    }

    fn judge_assignables(
        &self,
        kind: AssignableKind,
        query: &ListQuery,
    ) -> Result<Tolerated, DirectoryError> {
        let mut tolerated = self.note_query(query);
        if let Some(filter) = &query.filter {
            judge_filter(filter, kind, &mut tolerated)?;
        }
        tolerated.verdict()?;
        Ok(tolerated)
    }

    fn matching(&self, kind: AssignableKind, query: &ListQuery) -> Vec<Placed<'_>> {
        let all = self.settings.assignables.iter().enumerate();
        let mut matching: Vec<Placed<'_>> = all
            .filter(|(_, one)| one.kind == kind)
            .filter(|(_, one)| {
                query
                    .filter
                    .as_ref()
                    .is_none_or(|filter| one.matches(filter))
            })
            .collect();
        if let Some(path) = &query.sort_by {
            let key = |one: &Assignable| -> Option<SortKey> { one.sort_key(path) };
            // Stable: equal ones stay in the order of the configuration.
            matching.sort_by(|(_, left), (_, right)| {
                compare_sort_keys(key(left).as_ref(), key(right).as_ref(), query.descending)
            });
        }
        matching
    }
}

/// What follows the place that a cursor names. Another configuration may have taken what stood
/// there away; then the client has to begin again.
fn after<'m, 'a>(
    start: &Start,
    matching: &'m [Placed<'a>],
    fingerprint: &str,
    now_ms: i64,
) -> Result<&'m [Placed<'a>], ScimError> {
    let Start::After(cursor) = start else {
        return Ok(matching);
    };
    cursor.check(fingerprint, now_ms)?;
    let last = usize::try_from(cursor.sequence()).unwrap_or(usize::MAX);
    let place = matching.iter().position(|(place, _)| *place == last);
    place
        .and_then(|place| matching.get(place + 1..))
        .ok_or_else(|| {
            ScimError::new(
                ErrorKind::ExpiredCursor,
                "the list has changed since the cursor was given out; begin again with an empty one",
            )
        })
}

/// `https://host/scim/v2/Roles/<id>`; an id is the operator's text, and may need escapes.
fn revision(one: &Assignable) -> Revision {
    Revision {
        version: one.version(),
        groups: None,
    }
}

fn location(one: &Assignable, base: &str) -> String {
    let plain = || format!("{base}/{}/{}", one.kind.endpoint(), one.value);
    let Ok(mut url) = Url::parse(base) else {
        return plain();
    };
    match url.path_segments_mut() {
        Ok(mut segments) => segments.push(one.kind.endpoint()).push(&one.value),
        Err(()) => return plain(),
    };
    url.into()
}
