//! Calls that address one object, or look for one.

use serde_json::{Map, Value};

use super::super::exchange::{Operation, RenderedRequest};
use super::super::listing::Cursor;
use super::super::request::{RenderError, RequestTemplate, Variables};
use super::ObjectProfile;

impl ObjectProfile {
    /// Looks for an object by its key. The rows that come back still have to be compared with it.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn find_request(&self, key: &str) -> Result<RenderedRequest, RenderError> {
        self.calls.find.request.render(
            Operation::Find,
            &self.base_path,
            &Variables::new().with("key", key),
        )
    }

    /// Reads an object by its id; `None` if the vendor has no such call.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn read_request(&self, id: &str) -> Result<Option<RenderedRequest>, RenderError> {
        let request = self.calls.read.as_ref().map(|read| &read.request);
        self.by_id(request, Operation::Read, id)
    }

    /// Lists objects, one page; `None` if the profile does not say how.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn list_request(&self, cursor: &Cursor) -> Result<Option<RenderedRequest>, RenderError> {
        self.calls
            .list
            .as_ref()
            .map(|list| list.render(Operation::List, &self.base_path, &Variables::new(), cursor))
            .transpose()
    }

    /// Gives an object another key; `None` if the vendor cannot.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn rename_request(
        &self,
        id: &str,
        key: &str,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        let Some(request) = &self.calls.rename else {
            return Ok(None);
        };
        let variables = Variables::new().with("id", id).with("key", key);
        let request = request.render(Operation::Rename, &self.base_path, &variables)?;
        // A rename with a body of its own says everything by itself.
        if request.body.is_some() {
            return Ok(Some(request));
        }
        let mut fields = Map::new();
        fields.insert(self.key_field().to_owned(), Value::from(key));
        Ok(Some(self.with_body(request, fields)))
    }

    /// Deletes an object; `None` if the vendor cannot.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn delete_request(&self, id: &str) -> Result<Option<RenderedRequest>, RenderError> {
        self.by_id(self.calls.delete.as_ref(), Operation::Delete, id)
    }

    /// Changes the state field; `None` if there is none.
    pub(super) fn state_request(
        &self,
        operation: Operation,
        id: &str,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        let disable = operation == Operation::Disable;
        let Some(state) = &self.state else {
            return Ok(None);
        };
        let mut fields = Map::new();
        fields.insert(state.field.clone(), state.value(!disable));
        if disable {
            fields.extend(state.also.clone());
        }
        let variables = Variables::new().with("id", id);
        let request = self
            .calls
            .update
            .render(operation, &self.base_path, &variables)?;
        Ok(Some(self.with_body(request, fields)))
    }

    fn by_id(
        &self,
        request: Option<&RequestTemplate>,
        operation: Operation,
        id: &str,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        request
            .map(|request| {
                request.render(operation, &self.base_path, &Variables::new().with("id", id))
            })
            .transpose()
    }
}
