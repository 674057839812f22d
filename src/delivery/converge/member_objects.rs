//! The members of a group whose vendor has an object for each membership.

use std::collections::{BTreeMap, BTreeSet};

use crate::appliance::Failure;
use crate::vendor::{Cursor, FailureClass, MemberObjects, Operation};

use super::members::{ADDING, MEMBERS, names_a_bad_member};
use super::run::{Run, Stop};

/// So many pages of a group's memberships are read, far more than any group has. A vendor that
/// ignores the page it is asked for would be asked for ever.
const MOST_PAGES: usize = 1_000;

/// All memberships of a group by member, once they had to be listed. Each member is dealt with once,
/// so what this attempt itself adds and removes does not matter.
#[derive(Debug, Default)]
struct Known(Option<BTreeMap<String, String>>);

impl Run<'_> {
    /// A vendor with one object for each membership: additions first, then removals.
    pub(super) async fn write_objects(
        &mut self,
        objects: &MemberObjects,
        id: &str,
        applied: BTreeSet<String>,
        adding: &BTreeSet<String>,
        wanted: &BTreeSet<String>,
    ) -> Result<(), Stop> {
        let ours: BTreeSet<String> = applied.union(adding).cloned().collect();
        let (mut settled, mut open) = (applied, adding.clone());
        let mut first_failure = None;
        let mut known = Known::default();
        let additions = wanted.intersection(adding).map(|member| (member, true));
        let removals = ours.difference(wanted).map(|member| (member, false));
        for (member, add) in additions.chain(removals) {
            let outcome = if add {
                self.add_member(objects, id, member, &mut known).await
            } else {
                self.remove_member(objects, id, member, &mut known).await
            };
            match outcome {
                Ok(()) if add => {
                    open.remove(member);
                    settled.insert(member.clone());
                }
                Ok(()) => {
                    open.remove(member);
                    settled.remove(member);
                }
                // One bad member holds nobody up.
                Err(Stop::Failure(failure)) if names_a_bad_member(failure.class) => {
                    if add {
                        open.remove(member);
                    }
                    first_failure.get_or_insert(Stop::Failure(failure));
                }
                Err(stop) => {
                    // The next attempt goes on from here.
                    self.remember(MEMBERS, &settled);
                    self.remember(ADDING, &open);
                    return Err(stop);
                }
            }
        }
        // Of those that were open, whoever could not be taken out is left.
        settled.append(&mut open);
        self.settle_members(&settled).await?;
        first_failure.map_or(Ok(()), Err)
    }

    async fn add_member(
        &mut self,
        objects: &MemberObjects,
        group: &str,
        member: &str,
        known: &mut Known,
    ) -> Result<(), Stop> {
        // Adding twice is an error (500) at some vendors: look first.
        let found = self.find_membership(objects, group, member, known).await?;
        if found.is_none() {
            self.call(objects.add_request(group, member)?).await?;
        }
        Ok(())
    }

    async fn remove_member(
        &mut self,
        objects: &MemberObjects,
        group: &str,
        member: &str,
        known: &mut Known,
    ) -> Result<(), Stop> {
        let found = self.find_membership(objects, group, member, known).await?;
        let Some(membership) = found else {
            return Ok(());
        };
        match self.call(objects.remove_request(&membership)?).await {
            Ok(_) => Ok(()),
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => Ok(()),
            Err(stop) => Err(stop),
        }
    }

    /// Looks for one membership. Some vendors ignore a filter that they do not know and answer with
    /// the first page of everything; that others are on it proves nothing, so all pages are read.
    async fn find_membership(
        &mut self,
        objects: &MemberObjects,
        group: &str,
        member: &str,
        known: &mut Known,
    ) -> Result<Option<String>, Stop> {
        if let Some(listed) = &known.0 {
            return Ok(listed.get(member).cloned());
        }
        let answer = match self.call(objects.find_request(group, member)?).await {
            Ok(answer) => answer,
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {
                return Ok(None);
            }
            Err(stop) => return Err(stop),
        };
        let rows = objects
            .read(&answer, group)
            .map_err(|reason| self.unreadable("looking up a membership", &reason))?;
        if let Some((_, membership)) = rows.into_iter().find(|(shown, _)| shown == member) {
            return Ok(Some(membership));
        }
        let whole = matches!(objects.next_page(&Cursor::default(), &answer), Ok(None));
        if whole {
            return Ok(None);
        }
        let listed = self.list_memberships(objects, group).await?;
        let found = listed.get(member).cloned();
        known.0 = Some(listed);
        Ok(found)
    }

    async fn list_memberships(
        &mut self,
        objects: &MemberObjects,
        group: &str,
    ) -> Result<BTreeMap<String, String>, Stop> {
        let mut listed = BTreeMap::new();
        let mut cursor = Cursor::default();
        for _ in 0..MOST_PAGES {
            let answer = self.call(objects.list_request(group, &cursor)?).await?;
            let rows = objects
                .read(&answer, group)
                .map_err(|reason| self.unreadable("listing memberships", &reason))?;
            listed.extend(rows);
            match objects.next_page(&cursor, &answer) {
                Ok(Some(next)) => cursor = next,
                Ok(None) => return Ok(listed),
                Err(reason) => return Err(self.half_a_list(&reason)),
            }
        }
        Err(self.half_a_list(&format!("it does not end after {MOST_PAGES} pages")))
    }

    /// An incomplete list proves no absence.
    fn half_a_list(&self, reason: &str) -> Stop {
        Stop::Failure(Failure {
            class: FailureClass::Incomplete,
            operation: Operation::ListMembers,
            status: None,
            message: format!(
                "the memberships of a group on {} cannot be listed to their end: {reason}",
                self.target.name()
            ),
            retry_after: None,
        })
    }
}
