//! The half of a `[[test]]` that is about requests.

use serde_json::{Map, Value};

use super::super::super::collection::Collection;
use super::super::super::exchange::{Operation, RenderedRequest};
use super::super::super::listing::Cursor;
use super::super::super::mask::mask;
use super::super::super::object::{Address, ObjectProfile, StepValues};
use super::super::super::request::RenderError;
use super::super::super::revocation::Holder;
use super::super::super::translated::Translated;
use super::super::super::verdict::operation;
use super::super::Section;
use super::super::place::KeyPath;
use super::failure::Failures;
use super::{OBJECT_ID, OBJECT_KEY, expected_json};

/// The vendor's id of a sub-object in a test.
const ITEM_ID: &str = "3";

/// A request that must come out.
#[derive(Debug, Clone)]
pub(super) struct ExpectedRequest {
    place: KeyPath,
    operation: Operation,
    /// Which of several requests, from one.
    position: usize,
    /// Of a switch: the requests in the place of those that were not obeyed.
    fallback: bool,
    /// Of an item: its collection.
    collection: Option<String>,
    /// Of a look-up: the field whose first name is looked up.
    field: Option<String>,
    call: Option<String>,
    method: Option<String>,
    path: Option<String>,
    params: Option<Value>,
    headers: Option<Value>,
    body: Option<Value>,
}

/// What the requests of a test are made of.
pub(super) struct Given<'a> {
    pub(super) object: &'a ObjectProfile,
    pub(super) applied: &'a Map<String, Value>,
    pub(super) desired: &'a Translated,
    pub(super) references: &'a Map<String, Value>,
}

impl ExpectedRequest {
    pub(super) fn compile(section: &Section<'_>) -> Option<Self> {
        let name = section.required_text("op")?;
        let operation = operation(section, "op", &name);
        let expected = Self {
            place: section.path().clone(),
            position: section.size("position").unwrap_or(1),
            fallback: section.flag("fallback").unwrap_or(false),
            collection: section.text("collection"),
            field: section.text("field"),
            call: section.text("call"),
            params: expected_json(section, "params"),
            method: section.text("method"),
            path: section.text("path"),
            headers: expected_json(section, "headers"),
            body: expected_json(section, "body"),
            operation: operation?,
        };
        Some(expected)
    }

    /// Renders the request and compares it.
    pub(super) fn run(&self, given: &Given<'_>, failures: &mut Failures<'_>) {
        failures.at(&self.place);
        let label = self.operation.as_str();
        match self.requests(given) {
            Ok(requests) => match requests.get(self.position.saturating_sub(1)) {
                Some(request) => self.check(label, request, failures),
                None => failures.push(format!("{label}: there is no request of that kind")),
            },
            Err(problem) => failures.push(format!("{label}: {problem}")),
        }
    }

    /// The requests of the operation for the object in a test.
    fn requests(&self, given: &Given<'_>) -> Result<Vec<RenderedRequest>, String> {
        let rendered = match self.operation {
            Operation::ListItems | Operation::AddItem | Operation::RemoveItem => {
                return self.item_requests(given);
            }
            Operation::LookUp => return self.look_up(given),
            Operation::ListHeld | Operation::Revoke => self.revocation(given),
            Operation::Disable | Operation::Enable => self.switch(given),
            _ => self.single(given)?.map(|request| vec![request]),
        };
        rendered.map_err(|error| error.to_string())
    }

    fn single(&self, given: &Given<'_>) -> Result<Result<RenderedRequest, RenderError>, String> {
        let (object, desired) = (given.object, given.desired);
        let key = desired.key.as_deref().unwrap_or_default();
        let fields = given.with_ids(&desired.fields)?;
        let rendered = match self.operation {
            Operation::Find => object.find_request(key).map(Some),
            Operation::Read => object.read_request(OBJECT_ID),
            Operation::Create => object
                .create_request(&fields, desired.active, &given.secrets())
                .map(Some),
            Operation::Update => {
                let changes = object.changes(given.applied, &desired.fields);
                let changes = given.with_ids(&changes)?;
                object
                    .update_request(given.address(), &changes, &fields, &Map::new())
                    .map(Some)
            }
            Operation::Rename => object.rename_request(given.address(), key),
            Operation::Delete => object.delete_request(given.address()),
            other => return Err(format!("{other} cannot be tested here")),
        };
        match rendered.transpose() {
            Some(rendered) => Ok(rendered),
            None => Err("the vendor cannot".to_owned()),
        }
    }

    fn switch(&self, given: &Given<'_>) -> Result<Vec<RenderedRequest>, RenderError> {
        let fields = given.with_ids(&given.desired.fields).unwrap_or_default();
        let values = StepValues {
            account: Address {
                id: OBJECT_ID,
                key: given.desired.key.as_deref().unwrap_or_default(),
            },
            password: Some("secret"),
            fields: &fields,
        };
        if self.fallback {
            given.object.fallback_requests(self.operation, values)
        } else {
            given.object.switch_requests(self.operation, values)
        }
    }

    fn revocation(&self, given: &Given<'_>) -> Result<Vec<RenderedRequest>, RenderError> {
        let Some(revocation) = given.object.revocation() else {
            return Ok(Vec::new());
        };
        let holder = Holder {
            id: OBJECT_ID,
            key: given.desired.key.as_deref().unwrap_or_default(),
        };
        let request = if self.operation == Operation::ListHeld {
            revocation.list_request(holder, &Cursor::default())
        } else {
            revocation.revoke_request(holder, ITEM_ID)
        };
        Ok(vec![request?])
    }

    fn item_requests(&self, given: &Given<'_>) -> Result<Vec<RenderedRequest>, String> {
        let name = self.collection.as_deref().unwrap_or_default();
        let collection: &Collection = given
            .object
            .collections()
            .iter()
            .find(|collection| collection.name() == name)
            .ok_or_else(|| format!("there is no collection \"{name}\""))?;
        let items = given.desired.collections.get(name);
        let rendered: Result<Vec<RenderedRequest>, RenderError> = match self.operation {
            Operation::ListItems => collection
                .list_request(OBJECT_ID, &Cursor::default())
                .map(|request| vec![request]),
            Operation::AddItem => items
                .into_iter()
                .flatten()
                .map(|item| collection.add_request(OBJECT_ID, item))
                .collect(),
            _ => collection
                .remove_request(OBJECT_ID, ITEM_ID)
                .map(|request| vec![request]),
        };
        rendered.map_err(|error| error.to_string())
    }

    fn look_up(&self, given: &Given<'_>) -> Result<Vec<RenderedRequest>, String> {
        let wanted = self.field.as_deref();
        given
            .object
            .references(&given.desired.fields)
            .into_iter()
            .filter(|(field, _)| wanted.is_none_or(|wanted| wanted == *field))
            .filter_map(|(field, name)| given.object.look_up_request(field, name).transpose())
            .map(|request| request.map_err(|error| error.to_string()))
            .collect()
    }

    fn check(&self, label: &str, request: &RenderedRequest, failures: &mut Failures<'_>) {
        let shown = mask(request);
        let mut expect = |name: &str, expected: Option<Value>| {
            if let Some(expected) = expected {
                let got = shown.get(name).unwrap_or(&Value::Null);
                failures.expect(&format!("{label} {name}"), &expected, got);
            }
        };
        expect("call", self.call.as_deref().map(Value::from));
        expect("method", self.method.as_deref().map(Value::from));
        expect("path", self.path.as_deref().map(Value::from));
        expect("params", self.params.clone());
        expect("body", self.body.clone());
        if let Some(expected) = &self.headers {
            let headers = request
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
                .collect();
            failures.expect(
                &format!("{label} headers"),
                expected,
                &Value::Object(headers),
            );
        }
    }
}

impl Given<'_> {
    /// The object as it is there: under the key that it had before.
    fn address(&self) -> Address<'_> {
        Address {
            id: OBJECT_ID,
            key: self
                .applied
                .get(self.object.key_field())
                .and_then(Value::as_str)
                .unwrap_or(OBJECT_KEY),
        }
    }

    /// The fields with the ids that the test names for its references.
    fn with_ids(&self, fields: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        let unknown = self
            .object
            .references(fields)
            .into_iter()
            .find(|(_, name)| !self.references.contains_key(*name));
        if let Some((field, name)) = unknown {
            return Err(format!(
                "{field} refers to \"{name}\"; say its id under references"
            ));
        }
        let id_of = |_: &str, name: &str| self.references.get(name).cloned();
        Ok(self.object.with_ids(fields, id_of))
    }

    fn secrets(&self) -> Map<String, Value> {
        self.desired
            .secrets
            .iter()
            .map(|secret| (secret.name.clone(), Value::from("secret")))
            .collect()
    }
}
