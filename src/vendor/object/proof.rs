//! Whether an object shows what was written to it.

use serde_json::{Map, Value};

use super::ObjectProfile;

/// The fields that an object does not show as they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disobeyed {
    /// They show what was there before: the write was ignored.
    pub ignored: Vec<String>,
    /// They show something else again: the vendor has a spelling of its own.
    pub altered: Vec<String>,
}

impl ObjectProfile {
    /// Compares what an object shows with what was written. A field that it does not show says
    /// nothing, nor does one that is never compared.
    pub fn disobeyed(
        &self,
        observed: &Map<String, Value>,
        before: &Map<String, Value>,
        written: &Map<String, Value>,
    ) -> Disobeyed {
        let mut disobeyed = Disobeyed::default();
        for (name, value) in written {
            let (Some(row), Some(shown)) = (self.table.row(name), observed.get(name)) else {
                continue;
            };
            // A row of another operation has its say there.
            if row.same(shown, value) {
                continue;
            }
            if row.same(shown, before.get(name).unwrap_or(row.empty())) {
                disobeyed.ignored.push(name.clone());
            } else {
                disobeyed.altered.push(name.clone());
            }
        }
        disobeyed
    }
}
