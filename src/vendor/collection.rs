//! Collections of an account's sub-objects: RADIUS attributes, SSH keys.
//!
//! Only what the bridge added is its own, as with members: other items of the account stay.

use serde_json::{Map, Value};

use super::body::put_fields;
use super::exchange::{Answer, Operation, RenderedRequest};
use super::listing::{Cursor, Listing};
use super::pointer::Pointer;
use super::profile::Section;
use super::request::{RenderError, RequestTemplate, Variables, compile_request};

/// `[user.collection.NAME]`
#[derive(Debug, Clone)]
pub struct Collection {
    name: String,
    list: Listing,
    /// Where a listed item shows its own id.
    id: Pointer,
    add: RequestTemplate,
    wrap: Option<String>,
    remove: RequestTemplate,
    /// The fields that make two items the same.
    same: Vec<String>,
    base_path: String,
}

impl Collection {
    /// Reads `list`, `id`, `add`, `wrap`, `remove` and `same`. `fields` are those of an item.
    pub(crate) fn compile(
        name: &str,
        section: &Section<'_>,
        fields: &[String],
        base_path: &str,
    ) -> Option<Self> {
        let list = section
            .required_section("list")
            .and_then(|inner| Listing::compile(&inner, &["id"]));
        let id = section.text("id").unwrap_or_else(|| "/id".to_owned());
        let id = section.as_pointer("id", &id);
        let add = section
            .required_section("add")
            .and_then(|inner| compile_request(&inner, &["id"]));
        let remove = section
            .required_section("remove")
            .and_then(|inner| compile_request(&inner, &["id", "item_id"]));
        let wrap = section.text("wrap");
        let same = section.texts("same").unwrap_or_else(|| fields.to_vec());
        for unknown in same.iter().filter(|name| !fields.contains(name)) {
            section.problem(
                "same",
                format!("\"{unknown}\" is no field of an item"),
                &format!("name some of: {}", fields.join(", ")),
            );
        }
        Some(Self {
            name: name.to_owned(),
            list: list?,
            id: id?,
            add: add?,
            wrap,
            remove: remove?,
            same,
            base_path: base_path.to_owned(),
        })
    }

    /// Its name in the profile.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What two items have in common that count as the same.
    pub fn identity(&self, item: &Map<String, Value>) -> String {
        let parts: Vec<&Value> = self
            .same
            .iter()
            .map(|field| item.get(field).unwrap_or(&Value::Null))
            .collect();
        serde_json::to_string(&parts).unwrap_or_default()
    }

    /// Lists the items of an account, one page.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn list_request(&self, id: &str, cursor: &Cursor) -> Result<RenderedRequest, RenderError> {
        self.list.render(
            Operation::ListItems,
            &self.base_path,
            &Variables::new().with("id", id),
            cursor,
        )
    }

    /// Where the list goes on; `None` if it is complete.
    ///
    /// # Errors
    ///
    /// What makes the list incomplete.
    pub fn next_page(&self, cursor: &Cursor, answer: &Answer) -> Result<Option<Cursor>, String> {
        self.list.next(cursor, answer)
    }

    /// The items of an answer: what [`Collection::identity`] says of each, and its own id.
    ///
    /// # Errors
    ///
    /// What is missing in the answer.
    pub fn read(&self, answer: &Answer) -> Result<Vec<(String, String)>, String> {
        self.list
            .rows(answer)?
            .iter()
            .map(|row| {
                let id = self.id.find(row).and_then(super::object_id);
                row.as_object()
                    .map(|item| self.identity(item))
                    .zip(id)
                    .ok_or_else(|| format!("an item of {} has no id", self.name))
            })
            .collect()
    }

    /// Adds an item to an account.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn add_request(
        &self,
        id: &str,
        item: &Map<String, Value>,
    ) -> Result<RenderedRequest, RenderError> {
        let variables = Variables::new().with("id", id);
        let request = self
            .add
            .render(Operation::AddItem, &self.base_path, &variables)?;
        Ok(put_fields(request, self.wrap.as_deref(), item.clone()))
    }

    /// Takes an item out of an account.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn remove_request(&self, id: &str, item_id: &str) -> Result<RenderedRequest, RenderError> {
        let variables = Variables::new().with("id", id).with("item_id", item_id);
        self.remove
            .render(Operation::RemoveItem, &self.base_path, &variables)
    }
}
