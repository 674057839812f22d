//! What an update must send, and what is true after it.

use serde_json::{Map, Value};

use super::Table;
use super::row::Row;

impl Table {
    /// The fields that an update must write. A value that went away becomes the row's `empty`.
    /// The key, create-only rows and secrets are not among them.
    pub(crate) fn changes(
        &self,
        applied: &Map<String, Value>,
        desired: &Map<String, Value>,
    ) -> Map<String, Value> {
        self.rows
            .iter()
            .filter(|row| row.on_change && row.secret.is_none() && row.name != self.key)
            .filter_map(|row| {
                let written = change(row, applied.get(&row.name), desired.get(&row.name))?;
                Some((row.name.clone(), written))
            })
            .collect()
    }

    /// What is applied once those changes are written; everything else stays as it was.
    pub(crate) fn after_update(
        &self,
        applied: &Map<String, Value>,
        desired: &Map<String, Value>,
    ) -> Map<String, Value> {
        let mut after = applied.clone();
        for (name, _) in self.changes(applied, desired) {
            match desired.get(&name) {
                Some(value) => after.insert(name, value.clone()),
                None => after.remove(&name),
            };
        }
        after
    }

    /// Whether an object shows every field as it is given. Fields that the object does not show
    /// are unknown, and so are those that are never compared.
    pub(crate) fn same_as(
        &self,
        observed: &Map<String, Value>,
        fields: &Map<String, Value>,
    ) -> bool {
        fields
            .iter()
            .all(|(name, value)| match (self.row(name), observed.get(name)) {
                (Some(row), Some(shown)) => row.same(shown, value),
                _ => true,
            })
    }
}

fn change(row: &Row, applied: Option<&Value>, desired: Option<&Value>) -> Option<Value> {
    match (applied, desired) {
        (None, None) => None,
        (Some(old), Some(new)) => row.differs(old, new).then(|| new.clone()),
        (None, Some(new)) => Some(new.clone()),
        (Some(old), None) => row.differs(old, &row.empty).then(|| row.empty.clone()),
    }
}
