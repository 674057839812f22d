//! From the body of a PATCH to operations on targets.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::members::{change_members, remove_members};
use super::path::resolve_path;
use super::{Operation, PatchRequest};
use crate::scim::document::{Normaliser, Resolved, Target, Verb, json_type, spread};
use crate::scim::schema::{Schema, SchemaSet};
use crate::scim::{ErrorKind, ResourceKind, ScimError, Tolerance, Tolerances, Tolerated};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Understands the body of a PATCH.
///
/// # Errors
/// Everything that is wrong whatever the resource: `invalidSyntax` for the frame, `invalidPath`
/// for a path that does not parse, `noTarget` for a removal without one, `mutability` for what a
/// client may not write, `invalidValue` for a value of a wrong type.
pub fn parse_patch(
    kind: ResourceKind,
    body: &Value,
    schemas: &SchemaSet,
) -> Result<PatchRequest, ScimError> {
    parse_patch_with(kind, body, schemas, Tolerances::all())
}

/// Understands the body of a PATCH as a directory with these tolerances does.
///
/// # Errors
/// As [`parse_patch`], and the refusal of the first deviation that is not tolerated.
pub fn parse_patch_with(
    kind: ResourceKind,
    body: &Value,
    schemas: &SchemaSet,
    tolerances: Tolerances,
) -> Result<PatchRequest, ScimError> {
    let Some(body) = body.as_object() else {
        return Err(ScimError::invalid_syntax(format!(
            "the body of a PATCH must be an object, not {}",
            json_type(body)
        )));
    };
    check_schemas(body)?;
    let mut parser = Parser {
        kind,
        schemas,
        operations: Vec::new(),
        tolerated: Tolerated::within(tolerances),
    };
    let operations = match member(body, "Operations") {
        Some(Value::Array(operations)) => operations.as_slice(),
        Some(single @ Value::Object(_)) => {
            parser
                .tolerated
                .note(Tolerance::UnwrappedList, "Operations");
            parser.tolerated.verdict()?;
            std::slice::from_ref(single)
        }
        _ => {
            return Err(ScimError::invalid_syntax(
                "the body of a PATCH must have Operations, a list",
            ));
        }
    };
    for (position, operation) in operations.iter().enumerate() {
        parser.operation(operation).map_err(|error| {
            ScimError::new(
                error.kind,
                format!("operation {}: {}", position.saturating_add(1), error.detail),
            )
        })?;
    }
    Ok(PatchRequest {
        kind,
        operations: parser.operations,
        tolerated: parser.tolerated,
    })
}

/// RFC 7644 §3.5.2: the body must say that it is a `PatchOp`.
fn check_schemas(body: &Map<String, Value>) -> Result<(), ScimError> {
    let named = match member(body, "schemas") {
        Some(Value::Array(urns)) => urns.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let is_patch = named
        .iter()
        .filter_map(Value::as_str)
        .any(|urn| urn.eq_ignore_ascii_case(PATCH_OP));
    if is_patch {
        Ok(())
    } else {
        Err(ScimError::invalid_syntax(format!(
            "the schemas of a PATCH must be [\"{PATCH_OP}\"]"
        )))
    }
}

/// A field of the request's frame, its name in any case.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| {
        object
            .iter()
            .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    })
}

/// Where the client named a target; it decides what happens to what it may not write.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// In `path`: §3.5.2 wants `mutability`.
    InPath,
    /// Among other attributes of a path-less value: Okta and authentik send the `id` along.
    InValue,
}

struct Parser<'a> {
    kind: ResourceKind,
    schemas: &'a SchemaSet,
    operations: Vec<Operation>,
    tolerated: Tolerated,
}

impl<'a> Parser<'a> {
    fn operation(&mut self, operation: &Value) -> Result<(), ScimError> {
        let Some(operation) = operation.as_object() else {
            return Err(ScimError::invalid_syntax(format!(
                "must be an object, not {}",
                json_type(operation)
            )));
        };
        let path = match member(operation, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(path)) if path.is_empty() => None,
            Some(Value::String(path)) => Some(path.as_str()),
            Some(other) => {
                return Err(ScimError::invalid_path(format!(
                    "path must be a string, not {}",
                    json_type(other)
                )));
            }
        };
        if path.is_none() {
            // Before a removal without a path is refused: the interoperability profile has its own
            // error for all operations without one.
            self.tolerated.note(Tolerance::PathlessPatch, "path");
            self.tolerated.verdict()?;
        }
        let value = member(operation, "value");
        match self.op(operation).as_deref() {
            Some("add") => self.write(Verb::Add, path, value),
            Some("replace") => self.write(Verb::Replace, path, value),
            Some("remove") => self.remove(path, value),
            Some(_) | None => Err(ScimError::invalid_syntax(
                "op must be \"add\", \"replace\" or \"remove\"",
            )),
        }?;
        self.tolerated.verdict()
    }

    /// The `op`, in small letters.
    fn op(&mut self, operation: &Map<String, Value>) -> Option<String> {
        let op = member(operation, "op").and_then(Value::as_str)?;
        let small = op.to_ascii_lowercase();
        if small != op {
            self.tolerated.note(Tolerance::OperationCase, "op");
        }
        Some(small)
    }

    fn write(
        &mut self,
        verb: Verb,
        path: Option<&str>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let Some(value) = value.cloned() else {
            return Err(ScimError::invalid_value(
                "value is missing; only \"remove\" can do without one",
            ));
        };
        let Some(path) = path else {
            return self.write_attributes(verb, value);
        };
        match self.resolve(path)? {
            Resolved::Target(target) => self.write_target(Named::InPath, verb, target, value),
            Resolved::Schema(schema) => {
                let urn = schema.id.clone();
                self.write_attributes(verb, Value::Object(Map::from_iter([(urn, value)])))
            }
            Resolved::Unknown => Ok(()),
        }
    }

    /// A value that is an object of attributes, in any notation.
    fn write_attributes(&mut self, verb: Verb, value: Value) -> Result<(), ScimError> {
        let object = self.normaliser().object("value", value).map_err(|other| {
            ScimError::invalid_value(format!(
                "without a path, value must be an object of attributes, not {}",
                json_type(&other)
            ))
        })?;
        for (target, value) in spread(self.kind, object, self.schemas, &mut self.tolerated)? {
            self.write_target(Named::InValue, verb, target, value)?;
        }
        Ok(())
    }

    fn write_target(
        &mut self,
        named: Named,
        verb: Verb,
        target: Target,
        value: Value,
    ) -> Result<(), ScimError> {
        if target.is_read_only() {
            return self.refuse_read_only(named, &target);
        }
        if target.is_members(self.kind) {
            let changes = change_members(&target, verb, value, &mut self.tolerated)?;
            self.operations
                .extend(changes.into_iter().map(Operation::Members));
            return Ok(());
        }
        check_selector(&target)?;
        if target.is_whole() && target.attribute.is_complex() && !target.attribute.multi_valued {
            return self.merge(verb, target, value);
        }
        let value = match (&target.sub_attribute, &target.selector) {
            (Some(part), _) => self
                .normaliser()
                .single(Some(&target.attribute), part, value)?,
            (None, Some(_)) => self.normaliser().single(None, &target.attribute, value)?,
            (None, None) => self.normaliser().attribute(&target.attribute, value)?,
        };
        self.push_write(verb, target, value)
    }

    /// Merges into a complex attribute; sub-attributes that the value clears are cleared one by
    /// one, because normalising drops them.
    fn merge(&mut self, verb: Verb, target: Target, value: Value) -> Result<(), ScimError> {
        if verb == Verb::Replace {
            self.replace_whole(&target);
        }
        let name = Arc::clone(&target.attribute);
        let value = self.normaliser().unwrap(&name.name, value);
        let object = match self.normaliser().object(&name.name, value) {
            Ok(object) => object,
            Err(other) => {
                let value = self.normaliser().single(None, &target.attribute, other)?;
                return self.push_write(verb, target, value);
            }
        };
        for key in object
            .iter()
            .filter_map(|(key, value)| is_empty(value).then_some(key))
        {
            let part = target.attribute.sub_attribute(key);
            if let Some(part) = part.filter(|part| !part.is_read_only()) {
                self.push_write(verb, target.part(part), None)?;
            }
        }
        let object = Value::Object(object);
        match self.normaliser().single(None, &target.attribute, object)? {
            Some(value) => self.push_write(verb, target, Some(value)),
            None => Ok(()),
        }
    }

    /// RFC 7644 §3.5.2.3 leaves the sub-attributes that a `replace` does not name as they are; the
    /// interoperability profile wants the whole attribute replaced.
    fn replace_whole(&mut self, target: &Target) {
        if self.tolerated.permits(Tolerance::MergingReplace) {
            self.tolerated.note(Tolerance::MergingReplace, target);
        } else {
            self.operations.push(Operation::Remove {
                target: target.clone(),
                values: None,
            });
        }
    }

    fn push_write(
        &mut self,
        verb: Verb,
        target: Target,
        value: Option<Value>,
    ) -> Result<(), ScimError> {
        if target.is_write_only() {
            self.tolerated.note(Tolerance::Password, &target);
            // An absent password clears nothing: appliances would have no account without one.
            if let Some(Value::String(password)) = value {
                self.operations.push(Operation::Password(password.into()));
            }
            return Ok(());
        }
        if value.is_none() && target.is_whole() && target.attribute.required {
            return Err(ScimError::invalid_value(format!(
                "{target} is required and cannot be empty"
            )));
        }
        self.operations.push(Operation::Write {
            target,
            verb,
            value,
        });
        Ok(())
    }

    fn remove(&mut self, path: Option<&str>, value: Option<&Value>) -> Result<(), ScimError> {
        let Some(path) = path else {
            return Err(ScimError::no_target(
                "\"remove\" needs a path that says what to remove",
            ));
        };
        match self.resolve(path)? {
            Resolved::Target(target) => self.remove_target(target, value),
            Resolved::Schema(schema) => self.remove_schema(schema),
            Resolved::Unknown => Ok(()),
        }
    }

    fn remove_schema(&mut self, schema: &Schema) -> Result<(), ScimError> {
        if schema.id == self.kind.schema_urn() {
            return Err(ScimError::mutability(format!(
                "{} is what makes the resource a {}; delete the resource instead",
                schema.id, self.kind
            )));
        }
        self.operations
            .push(Operation::RemoveExtension(schema.id.clone()));
        Ok(())
    }

    fn remove_target(&mut self, target: Target, value: Option<&Value>) -> Result<(), ScimError> {
        if target.is_read_only() {
            return self.refuse_read_only(Named::InPath, &target);
        }
        if target.is_write_only() {
            return Ok(());
        }
        if target.is_members(self.kind) {
            let change = remove_members(target, value, &mut self.tolerated)?;
            self.operations.push(Operation::Members(change));
            return Ok(());
        }
        check_selector(&target)?;
        if target.is_whole() && target.attribute.required {
            // RFC 7644 §3.5.2.2: a required attribute cannot become unassigned.
            return Err(ScimError::mutability(format!(
                "{target} is required and cannot be removed"
            )));
        }
        let values = match value {
            Some(value) if !value.is_null() && target.attribute.multi_valued => {
                self.values_to_remove(&target, value)?
            }
            _ => None,
        };
        self.operations.push(Operation::Remove { target, values });
        Ok(())
    }

    /// Values beside the path of a `remove`: only they go. Nobody who sends them means all.
    fn values_to_remove(
        &mut self,
        target: &Target,
        value: &Value,
    ) -> Result<Option<Vec<Value>>, ScimError> {
        if !target.is_whole() {
            return Ok(None);
        }
        self.tolerated.note(Tolerance::RemoveByValue, target);
        self.normaliser()
            .elements(&target.attribute, value.clone())
            .map(Some)
    }

    fn resolve(&mut self, path: &str) -> Result<Resolved<'a>, ScimError> {
        resolve_path(self.kind, path, self.schemas, &mut self.tolerated)
    }

    fn refuse_read_only(&mut self, named: Named, target: &Target) -> Result<(), ScimError> {
        match named {
            Named::InPath => Err(ScimError::new(
                ErrorKind::Mutability,
                format!("{target} is read-only: only the service writes it"),
            )),
            Named::InValue => {
                self.tolerated.note(Tolerance::ReadOnlyAttribute, target);
                Ok(())
            }
        }
    }

    fn normaliser(&mut self) -> Normaliser<'_> {
        Normaliser {
            tolerated: &mut self.tolerated,
        }
    }
}

/// A filter in a path chooses among values that have parts.
fn check_selector(target: &Target) -> Result<(), ScimError> {
    if target.selector.is_some() && !target.attribute.is_complex() {
        return Err(ScimError::invalid_path(format!(
            "{} has a single simple value, from which a filter cannot choose",
            target.attribute.name
        )));
    }
    Ok(())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}
