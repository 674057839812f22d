//! References: the table gives a name, and the vendor wants the id of what bears it.

use serde_json::Value;

use super::exchange::{Answer, Operation, RenderedRequest};
use super::listing::{Cursor, Listing};
use super::pointer::Pointer;
use super::profile::Section;
use super::request::{RenderError, Variables};

/// `reference = { request = { ... {{ name | quoted }} ... }, items, match, id }` of a row.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    listing: Listing,
    matches: Pointer,
    id: Pointer,
}

impl Reference {
    /// Reads the table `reference`.
    pub(crate) fn compile(section: &Section<'_>) -> Option<Self> {
        let listing = Listing::compile(section, &["name"]);
        let matches = section.required_text("match");
        let id = section.text("id").unwrap_or_else(|| "/id".to_owned());
        Some(Self {
            listing: listing?,
            matches: section.as_pointer("match", &matches?)?,
            id: section.as_pointer("id", &id)?,
        })
    }

    /// Looks for what bears the name.
    pub(super) fn request(
        &self,
        base_path: &str,
        name: &str,
    ) -> Result<RenderedRequest, RenderError> {
        let variables = Variables::new().with("name", name);
        self.listing
            .render(Operation::LookUp, base_path, &variables, &Cursor::default())
    }

    /// The id of what bears the name; `None` if nothing does. Rows are compared with the name
    /// again: a vendor may search wider, or ignore what it is asked.
    pub(super) fn id(&self, answer: &Answer, name: &str) -> Result<Option<Value>, String> {
        let mut ids: Vec<&Value> = Vec::new();
        for row in self.listing.rows(answer)? {
            if self.matches.find(row).and_then(Value::as_str) != Some(name) {
                continue;
            }
            let id = self
                .id
                .find(row)
                .filter(|id| super::object_id(id).is_some())
                .ok_or("an object of the answer has no id where the profile says")?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        match ids.as_slice() {
            [] => Ok(None),
            [id] => Ok(Some((*id).clone())),
            several => Err(format!("{} objects are called {name:?}", several.len())),
        }
    }
}

/// The names in a value of the table.
pub(super) fn names(value: &Value) -> Vec<&str> {
    match value {
        Value::String(name) if !name.is_empty() => vec![name],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The value with every name replaced by what `resolve` knows of it.
pub(super) fn replaced(value: &Value, resolve: &impl Fn(&str) -> Option<Value>) -> Value {
    match value {
        Value::String(name) => resolve(name).unwrap_or_else(|| value.clone()),
        Value::Array(list) => list
            .iter()
            .map(|element| replaced(element, resolve))
            .collect(),
        other => other.clone(),
    }
}
