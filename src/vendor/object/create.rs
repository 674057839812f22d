//! Bodies that carry the fields of the table.

use serde_json::{Map, Value};

use super::super::body::put_fields;
use super::super::exchange::{Operation, RenderedRequest};
use super::super::request::{FIELDS, RenderError, RequestTemplate, Variables};
use super::super::table::Row;
use super::ObjectProfile;
use super::address::Address;

impl ObjectProfile {
    /// Creates the object: the rows that are sent on create, the state, the secrets. A request that
    /// says itself where the key goes does not carry it among the fields once more.
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
        let says_key = self.calls.create.names("key");
        let mut body = Map::new();
        for row in &self.table.rows {
            if !row.on_create || (says_key && row.name == self.table.key) {
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
        let variables = match desired.get(&self.table.key) {
            Some(key) => Variables::new().with("key", key.clone()),
            None => Variables::new(),
        };
        self.carry(&self.calls.create, Operation::Create, variables, body)
    }

    /// Writes changes, each with the fields that travel with it, and the secrets that may be
    /// changed.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn update_request(
        &self,
        object: Address<'_>,
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
        let variables = object.variables();
        self.carry(&self.calls.update, Operation::Update, variables, body)
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

    /// The request with these fields where it names them; else they are its body.
    pub(super) fn carry(
        &self,
        template: &RequestTemplate,
        operation: Operation,
        variables: Variables,
        fields: Map<String, Value>,
    ) -> Result<RenderedRequest, RenderError> {
        if !template.takes_fields() {
            let request = template.render(operation, &self.base_path, &variables)?;
            return Ok(self.with_body(request, fields));
        }
        let fields = match &self.wrap {
            None => Value::Object(fields),
            Some(wrap) => Value::Object(
                [(wrap.clone(), Value::Object(fields))]
                    .into_iter()
                    .collect(),
            ),
        };
        let variables = variables.with(FIELDS, fields);
        let mut request = template.render(operation, &self.base_path, &variables)?;
        request.secret_fields.extend(self.secret_fields());
        Ok(request)
    }

    /// The request with these fields in its body, wrapped as the vendor wants them, beside what
    /// the profile itself puts there.
    fn with_body(
        &self,
        mut request: RenderedRequest,
        fields: Map<String, Value>,
    ) -> RenderedRequest {
        request = put_fields(request, self.wrap.as_deref(), fields);
        request.secret_fields.extend(self.secret_fields());
        request
    }
}
