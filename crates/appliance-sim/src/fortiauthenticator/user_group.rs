//! Local groups. Their members are the memberships' business.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::filter::{EXACT, FilterRules, Filterable};

/// Where groups live, and the key of their errors.
pub(super) const COLLECTION: &str = "usergroups";

/// The longest name, in characters.
pub(super) const NAME_LENGTH: usize = 50;

pub(super) const FILTERS: FilterRules = FilterRules {
    known: &["id", "name", "password_policy", "users"],
    allowed: &[("name", EXACT)],
};

/// A local group.
#[derive(Debug, Clone)]
pub(super) struct UserGroup {
    pub(super) id: u64,
    pub(super) name: String,
}

/// Every local group.
#[derive(Debug, Default)]
pub(super) struct UserGroups {
    by_id: BTreeMap<u64, UserGroup>,
    last_id: u64,
}

impl UserGroups {
    pub(super) fn get(&self, id: u64) -> Option<&UserGroup> {
        self.by_id.get(&id)
    }

    pub(super) fn all(&self) -> Vec<&UserGroup> {
        self.by_id.values().collect()
    }

    pub(super) fn count(&self) -> usize {
        self.by_id.len()
    }

    /// Whether another group than `own` has the name.
    pub(super) fn is_taken(&self, name: &str, own: Option<u64>) -> bool {
        self.by_id
            .values()
            .any(|group| group.name == name && Some(group.id) != own)
    }

    pub(super) fn add(&mut self, name: String) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        self.by_id.insert(id, UserGroup { id, name });
        id
    }

    pub(super) fn rename(&mut self, id: u64, name: String) {
        if let Some(group) = self.by_id.get_mut(&id) {
            group.name = name;
        }
    }

    pub(super) fn remove(&mut self, id: u64) -> bool {
        self.by_id.remove(&id).is_some()
    }
}

impl Filterable for &UserGroup {
    fn comparable(&self, field: &str) -> Option<Value> {
        Some(match field {
            "id" => json!(self.id),
            "name" => json!(self.name),
            _ => return None,
        })
    }
}
