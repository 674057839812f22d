//! Calls that address one object, or look for one.

use serde_json::{Map, Value};

use super::super::exchange::{Operation, RenderedRequest};
use super::super::listing::Cursor;
use super::super::request::{RenderError, RequestTemplate, Variables};
use super::ObjectProfile;
use super::address::Address;

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
        let variables = Variables::new().with("id", id);
        self.render_optional(request, Operation::Read, &variables)
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

    /// Gives an object another key; `None` if the vendor cannot. In the request `{{ key }}` is the
    /// new one, and `{{ old_key }}` the one that it has.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn rename_request(
        &self,
        object: Address<'_>,
        key: &str,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        let Some(request) = &self.calls.rename else {
            return Ok(None);
        };
        let variables = Variables::new()
            .with("id", object.id)
            .with("old_key", object.key)
            .with("key", key);
        // A rename with a body of its own says everything by itself.
        if request.has_body() && !request.takes_fields() {
            return request
                .render(Operation::Rename, &self.base_path, &variables)
                .map(Some);
        }
        let mut fields = Map::new();
        fields.insert(self.key_field().to_owned(), Value::from(key));
        self.carry(request, Operation::Rename, variables, fields)
            .map(Some)
    }

    /// Deletes an object; `None` if the vendor cannot.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn delete_request(
        &self,
        object: Address<'_>,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        self.render_optional(
            self.calls.delete.as_ref(),
            Operation::Delete,
            &object.variables(),
        )
    }

    /// Changes the state field; `None` if there is none.
    pub(super) fn state_request(
        &self,
        operation: Operation,
        object: Address<'_>,
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
        self.carry(&self.calls.update, operation, object.variables(), fields)
            .map(Some)
    }

    fn render_optional(
        &self,
        request: Option<&RequestTemplate>,
        operation: Operation,
        variables: &Variables,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        request
            .map(|request| request.render(operation, &self.base_path, variables))
            .transpose()
    }
}
