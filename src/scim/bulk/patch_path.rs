//! References in the paths of a PATCH: `members[value eq "bulkId:x"]` takes out whom an operation of
//! the same request has created.
//!
//! A path that refers to something cannot be told apart from one that does not until it is parsed,
//! and then it is too late to put an id in; so string literals are looked at as they stand. A name
//! that needs escapes in a literal is not recognised.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value};

use super::reference::name_in;

/// The names that the paths of a PATCH refer to.
pub(super) fn references(data: &Value) -> impl Iterator<Item = &str> {
    let fields = data.as_object();
    let operations = fields.and_then(|fields| field(fields, "Operations"));
    operations
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|operation| field(operation.as_object()?, "path")?.as_str())
        .flat_map(|path| {
            literals(path)
                .into_iter()
                .filter_map(|literal| name_in(path.get(literal)?))
        })
}

/// Puts ids in place of the references to these names.
pub(super) fn resolve(data: &mut Value, ids: &HashMap<String, String>) {
    let operations = data
        .as_object_mut()
        .and_then(|fields| field_mut(fields, "Operations"))
        .and_then(Value::as_array_mut);
    for operation in operations.into_iter().flatten() {
        let fields = operation.as_object_mut();
        if let Some(Value::String(path)) = fields.and_then(|fields| field_mut(fields, "path")) {
            resolve_path(path, ids);
        }
    }
}

fn resolve_path(path: &mut String, ids: &HashMap<String, String>) {
    // From behind, so that the places before stay where they are.
    for literal in literals(path).into_iter().rev() {
        let name = path.get(literal.clone()).and_then(name_in);
        if let Some(id) = name.and_then(|name| ids.get(name)) {
            path.replace_range(literal, id);
        }
    }
}

/// Where the string literals of a path stand, without their quotes; those with escapes are left out.
fn literals(path: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut begin = None;
    let (mut escaped, mut plain) = (false, true);
    for (position, byte) in path.bytes().enumerate() {
        match (begin, byte) {
            (None, b'"') => (begin, plain) = (Some(position + 1), true),
            (None, _) => {}
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => (escaped, plain) = (true, false),
            (Some(from), b'"') => {
                if plain {
                    found.push(from..position);
                }
                begin = None;
            }
            (Some(_), _) => {}
        }
    }
    found
}

fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let found = fields
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

fn field_mut<'a>(fields: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Value> {
    let mut fields = fields.iter_mut();
    let found = fields.find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}
