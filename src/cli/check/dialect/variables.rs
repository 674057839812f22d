//! The variables of a run.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

/// What every dialect can use without declaring it. `uuid` is another one wherever it stands.
pub(super) const GIVEN: [&str; 3] = ["run", "domain", "uuid"];

/// A variable that no step has yielded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing(pub(super) String);

/// Names and values.
#[derive(Debug, Clone)]
pub(super) struct Variables {
    values: BTreeMap<String, Value>,
    uuid: fn() -> Uuid,
}

impl Variables {
    /// Variables of a run: the word that marks what it makes, the domain of its addresses, and
    /// where random ids come from.
    pub(super) fn new(run: &str, domain: &str, uuid: fn() -> Uuid) -> Self {
        let values = [("run", run), ("domain", domain)]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect();
        Self { values, uuid }
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Result<Value, Missing> {
        if name == "uuid" {
            return Ok(Value::from((self.uuid)().to_string()));
        }
        self.values
            .get(name)
            .cloned()
            .ok_or_else(|| Missing(name.to_owned()))
    }

    /// Keeps a value.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }
}

/// The same for every test.
#[cfg(test)]
pub(super) fn fixed() -> Variables {
    Variables::new("0c0ffee1", "scim-check.example", Uuid::nil)
}
