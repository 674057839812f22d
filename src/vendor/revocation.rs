//! Ending what a person still holds when an account is switched off: sessions, tokens.

use serde_json::Value;

use super::exchange::{Answer, Operation, RenderedRequest};
use super::flag::Flag;
use super::listing::{Cursor, Listing};
use super::pointer::Pointer;
use super::profile::Section;
use super::request::{RenderError, RequestTemplate, Variables, compile_request};

/// `[user.revoke]`
#[derive(Debug, Clone)]
pub struct Revocation {
    list: Listing,
    /// Where a listed object shows its own id.
    id: Pointer,
    /// Where it shows whose it is, and by what.
    owner: Pointer,
    owner_is: Owner,
    /// Objects that have ended already.
    skip: Vec<Flag>,
    remove: RequestTemplate,
    before_deletion: bool,
    base_path: String,
}

/// By what an object names the account that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Id,
    Key,
}

/// The account whose sessions or tokens these are.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The vendor's id.
    pub id: &'a str,
    /// The account key.
    pub key: &'a str,
}

impl Revocation {
    /// Reads the table `revoke`.
    pub(crate) fn compile(section: &Section<'_>, base_path: &str) -> Option<Self> {
        let list = section
            .required_section("list")
            .and_then(|inner| Listing::compile(&inner, &["id", "key"]));
        let id = section.text("id").unwrap_or_else(|| "/id".to_owned());
        let id = section.as_pointer("id", &id);
        let owner = section.required_section("owner").and_then(|inner| {
            let at = inner.required_text("at");
            let is = inner.required_choice("is", &[("id", Owner::Id), ("key", Owner::Key)]);
            Some((inner.as_pointer("at", &at?)?, is?))
        });
        let skip = Flag::compile_all(section, "skip_when");
        let remove = section
            .required_section("remove")
            .and_then(|inner| compile_request(&inner, &["id", "key", "item_id"]));
        let before_deletion = section.flag("before_delete").unwrap_or(false);
        let (owner, owner_is) = owner?;
        Some(Self {
            list: list?,
            id: id?,
            owner,
            owner_is,
            skip,
            remove: remove?,
            before_deletion,
            base_path: base_path.to_owned(),
        })
    }

    /// Whether it is also done before an account is deleted, because sessions would outlive it.
    pub fn is_before_deletion(&self) -> bool {
        self.before_deletion
    }

    /// Lists what the person holds, one page.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn list_request(
        &self,
        holder: Holder<'_>,
        cursor: &Cursor,
    ) -> Result<RenderedRequest, RenderError> {
        let variables = variables(holder);
        self.list
            .render(Operation::ListHeld, &self.base_path, &variables, cursor)
    }

    /// Where the list goes on; `None` if it is complete.
    ///
    /// # Errors
    ///
    /// What makes the list incomplete.
    pub fn next_page(&self, cursor: &Cursor, answer: &Answer) -> Result<Option<Cursor>, String> {
        self.list.next(cursor, answer)
    }

    /// The ids of those objects of an answer that are the person's and have not ended. A vendor
    /// that ignores the filter shows everybody's, so each is asked whose it is; `same_key` compares
    /// keys as the vendor does.
    ///
    /// # Errors
    ///
    /// What is missing in the answer.
    pub fn held(
        &self,
        answer: &Answer,
        holder: Holder<'_>,
        same_key: impl Fn(&str, &str) -> bool,
    ) -> Result<Vec<String>, String> {
        let mut held = Vec::new();
        for row in self.list.rows(answer)? {
            let owner = self
                .owner
                .find(row)
                .and_then(super::object_id)
                .ok_or("an object of the answer does not say whose it is")?;
            let theirs = match self.owner_is {
                Owner::Id => owner == holder.id,
                Owner::Key => same_key(&owner, holder.key),
            };
            if theirs && !self.has_ended(row) {
                let id = self.id.find(row).and_then(super::object_id);
                held.push(id.ok_or("an object of the answer has no id where the profile says")?);
            }
        }
        Ok(held)
    }

    fn has_ended(&self, row: &Value) -> bool {
        self.skip.iter().any(|flag| flag.shows(row))
    }

    /// Ends one of them.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn revoke_request(
        &self,
        holder: Holder<'_>,
        item_id: &str,
    ) -> Result<RenderedRequest, RenderError> {
        let variables = variables(holder).with("item_id", item_id);
        self.remove
            .render(Operation::Revoke, &self.base_path, &variables)
    }
}

fn variables(holder: Holder<'_>) -> Variables {
    Variables::new()
        .with("id", holder.id)
        .with("key", holder.key)
}
