//! The members of a group: only those that the bridge added are its own.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::store::Verdict;
use crate::vendor::{Address, FailureClass, MemberList, Membership};

use super::run::{Run, Stop};

/// Where `applied` remembers the members that the bridge added; no vendor field can have this name.
pub(super) const MEMBERS: &str = "$members";

/// Where it remembers those that it is about to add. Whether it did may stay open for a while; they
/// are not anybody else's for that, and are taken out if they are not wanted any more by then.
pub(super) const ADDING: &str = "$members_adding";

impl Run<'_> {
    /// Brings the group's members to what the directory says, as far as they have accounts here.
    pub(super) async fn converge_members(&mut self, observe_first: bool) -> Result<(), Stop> {
        let wanted: BTreeSet<String> = self
            .work
            .members
            .iter()
            .filter_map(|member| member.remote_id.clone())
            .collect();
        let keep_foreign = !self.target.policy.authoritative_members;
        self.write_members(&wanted, observe_first, keep_foreign)
            .await
    }

    /// Takes the members out that the bridge added.
    pub(super) async fn withdraw_members(&mut self) -> Result<(), Stop> {
        // The directory no longer speaks of this group, so the others in it are not its affair.
        self.write_members(&BTreeSet::new(), false, true).await
    }

    async fn write_members(
        &mut self,
        wanted: &BTreeSet<String>,
        observe_first: bool,
        keep_foreign: bool,
    ) -> Result<(), Stop> {
        let object = self.object;
        let Some(id) = self.progress.remote_id.clone() else {
            return Ok(());
        };
        let key = self.progress.account_key.clone().unwrap_or_default();
        let group = Address { id: &id, key: &key };
        let applied = self.remembered(MEMBERS);
        let open = self.remembered(ADDING);
        if applied == *wanted && open.is_empty() && !observe_first {
            return Ok(());
        }
        let Some(membership) = object.membership() else {
            return Ok(());
        };
        let adding: BTreeSet<String> = wanted.difference(&applied).chain(&open).cloned().collect();
        if adding != open {
            self.remember(ADDING, &adding);
            self.checkpoint().await?;
        }
        match membership {
            Membership::List(list) => {
                let ours = applied.union(&adding).cloned().collect();
                self.write_list(list, group, &ours, wanted, keep_foreign)
                    .await
            }
            Membership::Objects(objects) => {
                self.write_objects(objects, &id, applied, &adding, wanted)
                    .await
            }
        }
    }

    fn remembered(&self, name: &str) -> BTreeSet<String> {
        self.progress
            .applied
            .get(name)
            .and_then(Value::as_array)
            .map(|ids| {
                ids.iter()
                    .filter_map(|id| id.as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default()
    }

    pub(super) fn remember(&mut self, name: &str, members: &BTreeSet<String>) {
        let list = members.iter().cloned().map(Value::String).collect();
        self.progress
            .applied
            .insert(name.to_owned(), Value::Array(list));
    }

    /// These are the members that the bridge added; nothing is open any more.
    pub(super) async fn settle_members(&mut self, members: &BTreeSet<String>) -> Result<(), Stop> {
        self.remember(MEMBERS, members);
        self.progress.applied.remove(ADDING);
        self.checkpoint().await
    }

    /// A vendor that takes the whole list: foreign members in it are kept.
    async fn write_list(
        &mut self,
        list: &MemberList,
        group: Address<'_>,
        ours: &BTreeSet<String>,
        wanted: &BTreeSet<String>,
        keep_foreign: bool,
    ) -> Result<(), Stop> {
        let Some(observed) = self.read(group.id).await? else {
            return Err(self.vanished());
        };
        let Some(current) = observed.members else {
            return Err(self.unreadable("reading a group", "the answer holds no list of members"));
        };
        let current: BTreeSet<String> = current.into_iter().collect();
        let kept: BTreeSet<String> = if keep_foreign {
            current.difference(ours).cloned().collect()
        } else {
            BTreeSet::new()
        };
        let target: BTreeSet<String> = kept.union(wanted).cloned().collect();
        if target == current {
            return self.settle_members(wanted).await;
        }
        match self.call(list.write_request(group, &ids(&target))?).await {
            Ok(_) => self.settle_members(wanted).await,
            Err(Stop::Failure(failure)) if names_a_bad_member(failure.class) => {
                let refused = Stop::Failure(failure);
                self.write_list_one_by_one(list, group, &current, &target, wanted, refused)
                    .await
            }
            Err(stop) => Err(stop),
        }
    }

    /// One bad member holds nobody up: whoever has to leave is taken out first, and the others are
    /// added one after the other.
    async fn write_list_one_by_one(
        &mut self,
        list: &MemberList,
        group: Address<'_>,
        current: &BTreeSet<String>,
        target: &BTreeSet<String>,
        wanted: &BTreeSet<String>,
        refused: Stop,
    ) -> Result<(), Stop> {
        let mut listed: BTreeSet<String> = current.intersection(target).cloned().collect();
        if listed != *current {
            // Refused as well, it leaves everything as it was, and remembered so.
            self.call(list.write_request(group, &ids(&listed))?).await?;
        }
        let mut bad = 0_usize;
        for member in target.difference(current) {
            let mut trial = listed.clone();
            trial.insert(member.clone());
            match self.call(list.write_request(group, &ids(&trial))?).await {
                Ok(_) => listed = trial,
                Err(Stop::Failure(failure)) if names_a_bad_member(failure.class) => bad += 1,
                Err(stop) => return Err(stop),
            }
        }
        let good = wanted.intersection(&listed).cloned().collect();
        self.settle_members(&good).await?;
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

    fn vanished(&mut self) -> Stop {
        self.forget_account();
        Stop::Verdict(Verdict::Retry {
            at_ms: self.context.clock.now_ms(),
            class: FailureClass::NotFound.as_str().to_owned(),
            message: format!(
                "the group has vanished from {}; it is made anew",
                self.target.name()
            ),
        })
    }
}

fn ids(members: &BTreeSet<String>) -> Vec<String> {
    members.iter().cloned().collect()
}

/// Classes that speak about the values sent, not about the appliance.
pub(super) fn names_a_bad_member(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::Invalid | FailureClass::NotFound | FailureClass::Conflict
    )
}
