//! Who is in which local group.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::filter::{ANY, EXACT_OR_IN, FilterRules, Filterable};

/// Where memberships live.
pub(super) const COLLECTION: &str = "localgroup-memberships";

pub(super) const FILTERS: FilterRules = FilterRules {
    known: &["group", "group_name", "id", "user", "username"],
    allowed: &[
        ("group", EXACT_OR_IN),
        ("user", EXACT_OR_IN),
        ("group_name", ANY),
        ("username", ANY),
    ],
};

/// One user in one group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Membership {
    pub(super) id: u64,
    pub(super) user: u64,
    pub(super) group: u64,
}

/// Every membership.
#[derive(Debug, Default)]
pub(super) struct Memberships {
    by_id: BTreeMap<u64, Membership>,
    by_user: BTreeMap<u64, BTreeMap<u64, u64>>,
    by_group: BTreeMap<u64, BTreeMap<u64, u64>>,
    last_id: u64,
}

impl Memberships {
    pub(super) fn get(&self, id: u64) -> Option<&Membership> {
        self.by_id.get(&id)
    }

    pub(super) fn all(&self) -> Vec<Membership> {
        self.by_id.values().copied().collect()
    }

    pub(super) fn of_user(&self, user: u64) -> Vec<Membership> {
        self.pick(self.by_user.get(&user))
    }

    pub(super) fn of_group(&self, group: u64) -> Vec<Membership> {
        self.pick(self.by_group.get(&group))
    }

    pub(super) fn groups_of(&self, user: u64) -> impl Iterator<Item = u64> {
        self.by_user
            .get(&user)
            .into_iter()
            .flatten()
            .map(|(group, _)| *group)
    }

    pub(super) fn users_of(&self, group: u64) -> impl Iterator<Item = u64> {
        self.by_group
            .get(&group)
            .into_iter()
            .flatten()
            .map(|(user, _)| *user)
    }

    /// Adds a membership; none if there is one already.
    pub(super) fn add(&mut self, user: u64, group: u64) -> Option<u64> {
        if self
            .by_user
            .get(&user)
            .is_some_and(|groups| groups.contains_key(&group))
        {
            return None;
        }
        self.last_id += 1;
        let id = self.last_id;
        self.by_id.insert(id, Membership { id, user, group });
        self.by_user.entry(user).or_default().insert(group, id);
        self.by_group.entry(group).or_default().insert(user, id);
        Some(id)
    }

    pub(super) fn remove(&mut self, id: u64) -> bool {
        let Some(membership) = self.by_id.remove(&id) else {
            return false;
        };
        if let Some(groups) = self.by_user.get_mut(&membership.user) {
            groups.remove(&membership.group);
        }
        if let Some(users) = self.by_group.get_mut(&membership.group) {
            users.remove(&membership.user);
        }
        true
    }

    pub(super) fn remove_user(&mut self, user: u64) {
        for membership in self.of_user(user) {
            self.remove(membership.id);
        }
    }

    pub(super) fn remove_group(&mut self, group: u64) {
        for membership in self.of_group(group) {
            self.remove(membership.id);
        }
    }

    /// Makes these the members of a group: the others are dropped first.
    pub(super) fn replace(&mut self, group: u64, users: &BTreeSet<u64>) {
        self.remove_group(group);
        for user in users {
            self.add(*user, group);
        }
    }

    fn pick(&self, ids: Option<&BTreeMap<u64, u64>>) -> Vec<Membership> {
        let ids = ids.into_iter().flatten();
        ids.filter_map(|(_, id)| self.by_id.get(id).copied())
            .collect()
    }
}

/// A membership with the names that a reply shows beside the ids.
pub(super) struct NamedMembership<'a> {
    pub(super) membership: Membership,
    pub(super) username: &'a str,
    pub(super) group_name: &'a str,
}

impl Filterable for NamedMembership<'_> {
    fn comparable(&self, field: &str) -> Option<Value> {
        Some(match field {
            "id" => json!(self.membership.id),
            "user" => json!(self.membership.user),
            "group" => json!(self.membership.group),
            "username" => json!(self.username),
            "group_name" => json!(self.group_name),
            _ => return None,
        })
    }
}
