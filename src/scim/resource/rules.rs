//! Rules of the definitions that concern a document as a whole: what an extension requires, and
//! what may be written only once (RFC 7643 §2.2, §7).

use serde_json::{Map, Value};

use crate::scim::schema::{Attribute, Mutability, Schema, SchemaSet};
use crate::scim::{ResourceKind, ScimError};

/// Judges a changed document beside the one before.
///
/// # Errors
/// `mutability` where an immutable value would change (RFC 7644 §3.5.1), `invalidValue` where an
/// extension lacks what it requires.
pub fn check_change(
    kind: ResourceKind,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    schemas: &SchemaSet,
) -> Result<(), ScimError> {
    for schema in schemas.extensions(kind) {
        for attribute in immutable(schema) {
            let old = value_of(before, schema, attribute);
            if old.is_some() && old != value_of(after, schema, attribute) {
                return Err(ScimError::mutability(format!(
                    "{}:{} is immutable: it has a value, which cannot change",
                    schema.id, attribute.name
                )));
            }
        }
    }
    check_extensions(kind, after, schemas)
}

/// Gives a document that replaces another what was written once and is not in it: a PUT that is
/// silent about an immutable value does not ask for another one.
pub fn keep_immutable(
    kind: ResourceKind,
    before: &Map<String, Value>,
    after: &mut Map<String, Value>,
    schemas: &SchemaSet,
) {
    for schema in schemas.extensions(kind) {
        for attribute in immutable(schema) {
            let kept = match value_of(before, schema, attribute) {
                Some(kept) if value_of(after, schema, attribute).is_none() => kept.clone(),
                _ => continue,
            };
            let extension = after
                .entry(schema.id.clone())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Some(extension) = extension.as_object_mut() {
                extension.insert(attribute.name.clone(), kept);
            }
            if let Some(Value::Array(urns)) = after.get_mut("schemas")
                && !urns.iter().any(|urn| urn == schema.id.as_str())
            {
                urns.push(Value::from(schema.id.as_str()));
            }
        }
    }
}

/// Checks the extensions that have data for what they require.
pub(super) fn check_extensions(
    kind: ResourceKind,
    document: &Map<String, Value>,
    schemas: &SchemaSet,
) -> Result<(), ScimError> {
    for schema in schemas.extensions(kind) {
        if !document.contains_key(&schema.id) {
            continue;
        }
        for attribute in &schema.attributes {
            match value_of(document, schema, attribute) {
                None if attribute.required => return Err(missing(schema, &attribute.name)),
                None => {}
                Some(value) => check_parts(schema, attribute, value)?,
            }
        }
    }
    Ok(())
}

/// A complex value must have the sub-attributes that are required.
fn check_parts(schema: &Schema, attribute: &Attribute, value: &Value) -> Result<(), ScimError> {
    let elements = match value {
        Value::Array(elements) => elements.as_slice(),
        single => std::slice::from_ref(single),
    };
    let required = attribute.sub_attributes.iter().filter(|part| part.required);
    for part in required {
        if elements
            .iter()
            .any(|element| element.get(&part.name).is_none())
        {
            let name = format!("{}.{}", attribute.name, part.name);
            return Err(missing(schema, &name));
        }
    }
    Ok(())
}

fn missing(schema: &Schema, name: &str) -> ScimError {
    ScimError::invalid_value(format!(
        "{}:{name} is required: a resource with this extension must have one",
        schema.id
    ))
}

fn immutable(schema: &Schema) -> impl Iterator<Item = &Attribute> {
    schema
        .attributes
        .iter()
        .map(AsRef::as_ref)
        .filter(|attribute| attribute.mutability == Mutability::Immutable)
}

fn value_of<'a>(
    document: &'a Map<String, Value>,
    schema: &Schema,
    attribute: &Attribute,
) -> Option<&'a Value> {
    document.get(&schema.id)?.get(&attribute.name)
}
