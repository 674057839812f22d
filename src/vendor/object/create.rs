//! Bodies that carry the fields of the table.

use serde_json::{Map, Value};

use super::super::body::put_fields;
use super::super::exchange::{Operation, RenderedRequest};
use super::super::request::{RenderError, Variables};
use super::super::table::Row;
use super::ObjectProfile;

impl ObjectProfile {
    /// Creates the object: the rows that are sent on create, the state, the secrets.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn create_request(
        &self,
        desired: &Map<String, Value>,
        active: bool,
        secrets: &Map<String, Value>,
    ) -> Result<RenderedRequest, RenderError> {
        let mut body = Map::new();
        for row in &self.table.rows {
            if !row.on_create {
                continue;
            }
            if let Some(value) = self.value_of(row, desired, secrets) {
                body.insert(row.name.clone(), value.clone());
            }
        }
        if let Some(state) = &self.state {
            body.insert(state.field.clone(), state.value(active));
            if !active {
                body.extend(state.also.clone());
            }
        }
        let variables = Variables::new();
        let request = self
            .calls
            .create
            .render(Operation::Create, &self.base_path, &variables)?;
        Ok(self.with_body(request, body))
    }

    /// Writes changes, each with the fields that travel with it, and the secrets that may be
    /// changed.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn update_request(
        &self,
        id: &str,
        changes: &Map<String, Value>,
        desired: &Map<String, Value>,
        secrets: &Map<String, Value>,
    ) -> Result<RenderedRequest, RenderError> {
        let mut body = Map::new();
        for row in self.table.rows.iter().filter(|row| row.on_change) {
            if let Some(value) = self.value_of(row, changes, secrets) {
                body.insert(row.name.clone(), value.clone());
                self.add_companions(row, desired, &mut body);
            }
        }
        let variables = Variables::new().with("id", id);
        let request = self
            .calls
            .update
            .render(Operation::Update, &self.base_path, &variables)?;
        Ok(self.with_body(request, body))
    }

    fn value_of<'a>(
        &self,
        row: &Row,
        fields: &'a Map<String, Value>,
        secrets: &'a Map<String, Value>,
    ) -> Option<&'a Value> {
        match row.secret {
            Some(_) => secrets.get(&row.name),
            None => fields.get(&row.name),
        }
    }

    fn add_companions(
        &self,
        row: &Row,
        desired: &Map<String, Value>,
        body: &mut Map<String, Value>,
    ) {
        for companion in &row.with {
            if let Some(value) = desired.get(companion) {
                body.entry(companion.clone())
                    .or_insert_with(|| value.clone());
            }
        }
    }

    /// The request with these fields in its body, wrapped as the vendor wants them, beside what
    /// the profile itself puts there.
    pub(super) fn with_body(
        &self,
        mut request: RenderedRequest,
        fields: Map<String, Value>,
    ) -> RenderedRequest {
        request = put_fields(request, self.wrap.as_deref(), fields);
        request.secret_fields.extend(self.secret_fields());
        request
    }
}
