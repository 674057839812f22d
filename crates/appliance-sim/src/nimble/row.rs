//! The objects of a list, as queries and criteria compare them.

use std::cmp::Ordering;

use serde_json::Value;

/// An object that can be listed.
pub(super) trait Row {
    /// The value of a field; none if the object has no such field.
    fn field(&self, name: &str) -> Option<Value>;
}

/// Numbers by value, everything else by its text.
pub(super) fn compare(one: &Value, other: &Value, ignore_case: bool) -> Ordering {
    if let (Some(one), Some(other)) = (one.as_i64(), other.as_i64()) {
        return one.cmp(&other);
    }
    let (one, other) = (plain(one), plain(other));
    match ignore_case {
        true => one.to_lowercase().cmp(&other.to_lowercase()),
        false => one.cmp(&other),
    }
}

/// A value as text, strings without their quotes.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
