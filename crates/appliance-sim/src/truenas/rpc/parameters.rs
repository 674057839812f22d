//! The parameters of a call, which are positional.

use serde_json::{Value, json};

use crate::truenas::appliance::TrueNas;
use crate::truenas::query::Query;
use crate::truenas::reply::Refusal;

/// The parameters of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameters<'a>(pub(super) &'a [Value]);

impl Parameters<'_> {
    /// The one at that place, null if it is absent.
    pub(super) fn at(&self, index: usize) -> Value {
        self.0.get(index).cloned().unwrap_or_default()
    }

    /// Options that may be left out.
    pub(super) fn options(&self, index: usize) -> Value {
        self.0.get(index).cloned().unwrap_or_else(|| json!({}))
    }

    /// The row id in the first place.
    pub(super) fn row_id(&self) -> Result<i64, Refusal> {
        self.at(0)
            .as_i64()
            .ok_or_else(|| Refusal::invalid("id", "Input should be a valid integer"))
    }

    /// A text.
    pub(super) fn text(&self, index: usize, name: &str) -> Result<String, Refusal> {
        match self.at(index) {
            Value::String(text) => Ok(text),
            _ => Err(Refusal::invalid(name, "Input should be a valid string")),
        }
    }

    /// Filters and options of a query.
    pub(super) fn query(&self, nas: &TrueNas) -> Result<Query, Refusal> {
        Query::of_parts(nas.family, self.0.first(), self.0.get(1))
    }
}
