//! When two values of a field are the same.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::row::{Compare, Row};
use crate::scim::fold;

impl Row {
    /// Whether a value has to be written where another was written before. A field that the
    /// vendor does not show can still be compared with what was written.
    pub(super) fn differs(&self, written: &Value, desired: &Value) -> bool {
        match self.compare {
            Compare::Never => written != desired,
            _ => !self.same(written, desired),
        }
    }

    /// Whether what the vendor shows of this field counts as this value.
    pub(crate) fn same(&self, left: &Value, right: &Value) -> bool {
        match self.compare {
            Compare::Never => true,
            Compare::Exact => left == right,
            Compare::CaseInsensitive => folded(left) == folded(right),
            Compare::Instant => match (instant(left), instant(right)) {
                (Some(left), Some(right)) => left == right,
                _ => left == right,
            },
            Compare::Set => self.elements(left) == self.elements(right),
        }
    }

    /// The elements of a list in a fixed order, without those that the vendor adds by itself.
    fn elements(&self, value: &Value) -> Vec<String> {
        let mut elements: Vec<String> = match value {
            Value::Array(list) => list
                .iter()
                .filter(|element| !self.ignore.contains(element))
                .map(ToString::to_string)
                .collect(),
            Value::Null => Vec::new(),
            single => vec![single.to_string()],
        };
        elements.sort();
        elements.dedup();
        elements
    }
}

/// A moment; without an offset it is UTC, as vendors mean it.
fn instant(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    text.parse().ok().or_else(|| {
        let naive: DateTime = text.parse().ok()?;
        Some(naive.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

fn folded(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(fold(text)),
        other => other.clone(),
    }
}
