//! Query parameters: paging, sorting, the fields to show, and every field as a filter.

use serde_json::Value;

use crate::exchange::Request;

use super::{
    failure::Failure,
    row::{Row, compare, plain},
};

/// One key of `sortBy` or `iSortBy`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SortKey {
    pub(super) field: String,
    pub(super) descending: bool,
    pub(super) ignore_case: bool,
}

/// What a list is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) start: Option<usize>,
    /// The row behind the last one.
    pub(super) end: Option<usize>,
    pub(super) page_size: Option<usize>,
    pub(super) sort: Vec<SortKey>,
    pub(super) fields: Option<Vec<String>>,
    equal: Vec<(String, String)>,
    /// Only ids behind this one.
    after: Option<String>,
}

impl Query {
    /// Reads the parameters; `fields` are those that the objects have.
    pub(super) fn read(request: &Request, fields: &[&str]) -> Result<Self, Failure> {
        let mut query = Self::default();
        for (name, value) in request.parameters() {
            query.parameter(&name, &value, fields)?;
        }
        Ok(query)
    }

    /// Takes what an advanced query says beside its criteria.
    pub(super) fn wrapper(
        &mut self,
        wrapper: &serde_json::Map<String, Value>,
        fields: &[&str],
    ) -> Result<(), Failure> {
        for (name, value) in wrapper {
            let text = match value {
                Value::String(text) => text.clone(),
                value => value.to_string(),
            };
            match name.as_str() {
                "operationType" => {}
                "startRow" | "endRow" | "pageSize" | "sortBy" | "iSortBy" | "fields" => {
                    self.parameter(name, &text, fields)?;
                }
                _ => return Err(Failure::unexpected(name)),
            }
        }
        Ok(())
    }

    pub(super) fn matches(&self, row: &impl Row) -> bool {
        self.equal.iter().all(|(field, text)| {
            row.field(field)
                .is_some_and(|value| equals_text(field, &value, text))
        }) && self.after.as_ref().is_none_or(|id| {
            row.field("id")
                .is_some_and(|own| own.as_str().is_some_and(|own| own > id.as_str()))
        })
    }

    /// The value that a field must equal, if the query says one.
    pub(super) fn equal(&self, field: &str) -> Option<&str> {
        let equal = self.equal.iter().find(|(name, _)| name == field);
        equal.map(|(_, value)| value.as_str())
    }

    fn parameter(&mut self, name: &str, value: &str, fields: &[&str]) -> Result<(), Failure> {
        match name {
            "startRow" => self.start = Some(number(name, value)?),
            "endRow" => self.end = Some(number(name, value)?),
            "pageSize" => self.page_size = Some(number(name, value)?),
            "sortBy" | "iSortBy" => self.sort = sort_keys(name, value, fields)?,
            "fields" => self.fields = Some(field_list(value, fields)?),
            _ if fields.contains(&name) => self.equal.push((name.to_owned(), value.to_owned())),
            _ => self.operator(name, value)?,
        }
        Ok(())
    }

    /// `id>1000...`, which HPE's SDK sends as one name without a value.
    fn operator(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        match name.split_once(['>', '<', '!']) {
            Some(("id", id)) if name.contains('>') && value.is_empty() => {
                self.after = Some(id.to_ascii_lowercase());
                Ok(())
            }
            Some((field, _)) => Err(Failure::query("SM_unsupported_query_operator", field)),
            None => Err(Failure::query("SM_unexpected_query_param", name)),
        }
    }
}

fn number(name: &str, value: &str) -> Result<usize, Failure> {
    value
        .parse()
        .map_err(|_| Failure::query("SM_invalid_query_param", name))
}

fn sort_keys(name: &str, value: &str, fields: &[&str]) -> Result<Vec<SortKey>, Failure> {
    let keys = value.split(',').map(|key| {
        let key = key.trim();
        let field = key.trim_start_matches(['-', '+']);
        if !fields.contains(&field) {
            return Err(Failure::query("SM_invalid_query_param", name));
        }
        Ok(SortKey {
            field: field.to_owned(),
            descending: key.starts_with('-'),
            ignore_case: name == "iSortBy",
        })
    });
    keys.collect()
}

fn field_list(value: &str, fields: &[&str]) -> Result<Vec<String>, Failure> {
    let names = value.split(',').map(|name| {
        let name = name.trim();
        match fields.contains(&name) {
            true => Ok(name.to_owned()),
            false => Err(Failure::query("SM_invalid_query_param", "fields")),
        }
    });
    names.collect()
}

/// Whether a field's value is what the query's text says. E-mail addresses ignore case.
fn equals_text(field: &str, value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => compare(
            &Value::from(own.as_str()),
            &Value::from(text),
            field == "email_addr",
        )
        .is_eq(),
        own => plain(own) == text,
    }
}
