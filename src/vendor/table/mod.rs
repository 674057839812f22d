//! Translation tables: a SCIM resource becomes the fields of a vendor's object.

mod changes;
mod choose;
mod compare;
mod compile;
mod constraint;
mod items;
mod row;
mod rule;
mod secret;
mod source;
mod template;
pub(crate) mod transform;
mod translate;

use std::sync::Arc;

use scim_filter_parser::Filter;

use super::translated::SecretField;
use crate::scim::ResourceKind;
use crate::scim::assignable::AssignableKind;
use crate::scim::schema::SchemaSet;

pub(crate) use compile::{TableContext, compile_table};
pub(crate) use row::Row;

use items::ItemRow;
use rule::Rule;
use template::Templates;

/// A compiled translation table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// Whose table it is.
    pub(super) kind: ResourceKind,
    /// The name of the row that is the object's key.
    pub(super) key: String,
    /// The rows, in the order of their names.
    pub(super) rows: Vec<Row>,
    /// Where the items of the collections come from.
    items: Vec<ItemRow>,
    rules: Vec<Rule>,
    /// Rows without which an account is kept off.
    pub(super) needed: Vec<String>,
    templates: Templates,
    reads_groups: bool,
    schemas: Arc<SchemaSet>,
    /// The field that carries the ownership marker, and what stands before the id in it.
    pub(super) marker: Option<Marker>,
}

/// Where an account carries the sign that it is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The vendor's field.
    pub(crate) field: String,
    /// What stands before the SCIM id.
    pub(crate) prefix: String,
}

impl Table {
    /// The row of that name.
    pub(super) fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The fields whose values are never shown.
    pub(super) fn secret_fields(&self) -> Vec<String> {
        self.rows
            .iter()
            .filter(|row| row.secret.is_some() || row.masked)
            .map(|row| row.name.clone())
            .collect()
    }

    /// The fields whose values never pass through the table.
    pub(super) fn secrets(&self) -> Vec<SecretField> {
        self.rows.iter().filter_map(Row::secret_field).collect()
    }

    /// Whether some row may depend on a role or entitlement of this value.
    pub(super) fn reads(&self, kind: AssignableKind, value: &str) -> bool {
        self.rows.iter().any(|row| row.reads(kind, value))
            || self.items.iter().any(|row| row.reads(kind, value))
    }

    /// Whether some row reads the groups that the resource is in.
    pub(super) fn reads_groups(&self) -> bool {
        self.reads_groups
    }
}

/// Whether a filter holds of a resource.
fn holds(
    filter: &Filter,
    document: &serde_json::Map<String, serde_json::Value>,
    kind: ResourceKind,
    schemas: &SchemaSet,
) -> bool {
    crate::scim::filter::matches(filter, document, kind, schemas)
}

#[cfg(test)]
mod tests;
