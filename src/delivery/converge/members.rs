//! The members of a group: only those that the bridge added are its own.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::vendor::{FailureClass, MemberList, MemberObjects, Membership};

use super::run::{Run, Stop};

/// Where `applied` remembers the members that the bridge added; no vendor field can have this name.
const MEMBERS: &str = "$members";

impl Run<'_> {
    /// Brings the group's members to what the directory says, as far as they have accounts here.
    pub(super) async fn converge_members(&mut self, observe_first: bool) -> Result<(), Stop> {
        let wanted: BTreeSet<String> = self
            .work
            .members
            .iter()
            .filter_map(|member| member.remote_id.clone())
            .collect();
        self.write_members(&wanted, observe_first).await
    }

    /// Takes the members out that the bridge added.
    pub(super) async fn withdraw_members(&mut self) -> Result<(), Stop> {
        self.write_members(&BTreeSet::new(), false).await
    }

    async fn write_members(
        &mut self,
        wanted: &BTreeSet<String>,
        observe_first: bool,
    ) -> Result<(), Stop> {
        let object = self.object;
        let Some(id) = self.progress.remote_id.clone() else {
            return Ok(());
        };
        let applied = self.applied_members();
        if applied == *wanted && !observe_first {
            return Ok(());
        }
        match object.membership() {
            None => Ok(()),
            Some(Membership::List(list)) => self.write_list(list, &id, &applied, wanted).await,
            Some(Membership::Objects(objects)) => {
                self.write_objects(objects, &id, &applied, wanted).await
            }
        }
    }

    fn applied_members(&self) -> BTreeSet<String> {
        self.progress
            .applied
            .get(MEMBERS)
            .and_then(Value::as_array)
            .map(|ids| {
                ids.iter()
                    .filter_map(|id| id.as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default()
    }

    fn remember_members(&mut self, members: &BTreeSet<String>) {
        let list = members.iter().cloned().map(Value::String).collect();
        self.progress
            .applied
            .insert(MEMBERS.to_owned(), Value::Array(list));
    }

    /// A vendor that takes the whole list: foreign members in it are kept.
    async fn write_list(
        &mut self,
        list: &MemberList,
        id: &str,
        applied: &BTreeSet<String>,
        wanted: &BTreeSet<String>,
    ) -> Result<(), Stop> {
        let Some(observed) = self.read(id).await? else {
            self.forget_account();
            return Err(self.unreadable("reading a group", "the group has vanished"));
        };
        let Some(current) = observed.members else {
            return Err(self.unreadable("reading a group", "the answer holds no list of members"));
        };
        let current: BTreeSet<String> = current.into_iter().collect();
        let kept: BTreeSet<String> = if self.target.policy.authoritative_members {
            BTreeSet::new()
        } else {
            current.difference(applied).cloned().collect()
        };
        let target: BTreeSet<String> = kept.union(wanted).cloned().collect();
        if target == current {
            self.remember_members(wanted);
            return self.checkpoint().await;
        }
        let ids: Vec<String> = target.iter().cloned().collect();
        match self.call(list.write_request(id, &ids)?).await {
            Ok(_) => {
                self.remember_members(wanted);
                self.checkpoint().await
            }
            Err(Stop::Failure(failure)) if names_a_bad_member(failure.class) => {
                let refused = Stop::Failure(failure);
                self.write_list_one_by_one(list, id, &kept, applied, wanted, refused)
                    .await
            }
            Err(stop) => Err(stop),
        }
    }

    /// One bad member holds nobody up: the others are added one after the other.
    async fn write_list_one_by_one(
        &mut self,
        list: &MemberList,
        id: &str,
        kept: &BTreeSet<String>,
        applied: &BTreeSet<String>,
        wanted: &BTreeSet<String>,
        refused: Stop,
    ) -> Result<(), Stop> {
        let mut good: BTreeSet<String> = wanted.intersection(applied).cloned().collect();
        let mut bad = 0_usize;
        for member in wanted.difference(applied) {
            let mut trial: BTreeSet<String> = kept.union(&good).cloned().collect();
            trial.insert(member.clone());
            let ids: Vec<String> = trial.into_iter().collect();
            match self.call(list.write_request(id, &ids)?).await {
                Ok(_) => {
                    good.insert(member.clone());
                    self.remember_members(&good);
                }
                Err(Stop::Failure(failure)) if names_a_bad_member(failure.class) => bad += 1,
                Err(stop) => return Err(stop),
            }
        }
        self.remember_members(&good);
        self.checkpoint().await?;
        if bad == 0 {
            return Ok(());
        }
        self.progress.notes.push(format!(
            "{bad} of {} members are not accepted by {}",
            wanted.len(),
            self.target.name()
        ));
        Err(refused)
    }

    /// A vendor with one object for each membership: additions first, then removals.
    async fn write_objects(
        &mut self,
        objects: &MemberObjects,
        id: &str,
        applied: &BTreeSet<String>,
        wanted: &BTreeSet<String>,
    ) -> Result<(), Stop> {
        let mut held = applied.clone();
        let mut first_failure = None;
        let additions = wanted.difference(applied).map(|member| (member, true));
        let removals = applied.difference(wanted).map(|member| (member, false));
        for (member, add) in additions.chain(removals) {
            let outcome = if add {
                self.add_member(objects, id, member).await
            } else {
                self.remove_member(objects, id, member).await
            };
            match outcome {
                Ok(()) if add => {
                    held.insert(member.clone());
                }
                Ok(()) => {
                    held.remove(member);
                }
                // One bad member holds nobody up.
                Err(Stop::Failure(failure)) if names_a_bad_member(failure.class) => {
                    first_failure.get_or_insert(Stop::Failure(failure));
                }
                Err(stop) => {
                    self.remember_members(&held);
                    return Err(stop);
                }
            }
        }
        self.remember_members(&held);
        self.checkpoint().await?;
        first_failure.map_or(Ok(()), Err)
    }

    async fn add_member(
        &mut self,
        objects: &MemberObjects,
        group: &str,
        member: &str,
    ) -> Result<(), Stop> {
        // Adding twice is an error (500) at some vendors: look first.
        if self
            .find_membership(objects, group, member)
            .await?
            .is_some()
        {
            return Ok(());
        }
        self.call(objects.add_request(group, member)?).await?;
        Ok(())
    }

    async fn remove_member(
        &mut self,
        objects: &MemberObjects,
        group: &str,
        member: &str,
    ) -> Result<(), Stop> {
        let Some(membership) = self.find_membership(objects, group, member).await? else {
            return Ok(());
        };
        match self.call(objects.remove_request(&membership)?).await {
            Ok(_) => Ok(()),
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => Ok(()),
            Err(stop) => Err(stop),
        }
    }

    async fn find_membership(
        &mut self,
        objects: &MemberObjects,
        group: &str,
        member: &str,
    ) -> Result<Option<String>, Stop> {
        let answer = match self.call(objects.find_request(group, member)?).await {
            Ok(answer) => answer,
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {
                return Ok(None);
            }
            Err(stop) => return Err(stop),
        };
        let rows = objects
            .read(&answer)
            .map_err(|reason| self.unreadable("looking up a membership", &reason))?;
        Ok(rows
            .into_iter()
            .find(|(row_member, _)| row_member == member)
            .map(|(_, membership)| membership))
    }
}

/// Classes that speak about the values sent, not about the appliance.
fn names_a_bad_member(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::Invalid | FailureClass::NotFound | FailureClass::Conflict
    )
}
