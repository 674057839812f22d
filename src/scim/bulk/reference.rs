//! `bulkId:<name>` in place of an id (RFC 7644 §3.7.2).
//!
//! The prefix belongs to the protocol, so every text that begins with it is a reference, wherever
//! in the data of an operation it stands, the paths of a PATCH included.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{Action, patch_path};

const PREFIX: &str = "bulkId:";

/// A part of a resource that can be added only when what it refers to exists.
#[derive(Debug, Clone, PartialEq)]
pub struct Postponed {
    /// The path of a PATCH operation that adds it.
    pub path: String,
    /// What is added.
    pub value: Value,
}

/// The names that an operation refers to, each once, in the order of their first use.
pub fn references(action: &Action) -> Vec<&str> {
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    let target = action.target().and_then(|target| name_in(&target.id));
    let mut note = |name| {
        if seen.insert(name) {
            names.push(name);
        }
    };
    target.into_iter().for_each(&mut note);
    if let Some(data) = action.data() {
        visit(data, &mut note);
    }
    if let Action::Patch { data, .. } = action {
        patch_path::references(data).for_each(&mut note);
    }
    names
}

/// Puts ids in place of the references to these names.
pub fn resolve(action: &mut Action, ids: &HashMap<String, String>) {
    match action {
        Action::Create { data, .. } => resolve_in(data, ids),
        Action::Replace { target, data } => {
            resolve_text(&mut target.id, ids);
            resolve_in(data, ids);
        }
        Action::Patch { target, data } => {
            resolve_text(&mut target.id, ids);
            resolve_in(data, ids);
            patch_path::resolve(data, ids);
        }
        Action::Delete { target } => resolve_text(&mut target.id, ids),
    }
}

impl Postponed {
    /// The names that it refers to.
    pub fn references(&self) -> Vec<&str> {
        let mut names = Vec::new();
        visit(&self.value, &mut |name| names.push(name));
        names
    }

    /// Puts ids in place of the references to these names.
    pub fn resolve(&mut self, ids: &HashMap<String, String>) {
        resolve_in(&mut self.value, ids);
    }
}

/// Takes out of a resource what refers to these names: single elements of lists, whole attributes
/// else.
pub fn postpone(data: &mut Value, names: &[String]) -> Vec<Postponed> {
    let mut postponed = Vec::new();
    if let Value::Object(resource) = data {
        for (urn, value) in resource.iter_mut() {
            if let (true, Value::Object(extension)) = (urn.contains(':'), value) {
                postpone_attributes(extension, Some(urn), names, &mut postponed);
            }
        }
        postpone_attributes(resource, None, names, &mut postponed);
    }
    postponed
}

fn postpone_attributes(
    attributes: &mut Map<String, Value>,
    urn: Option<&str>,
    names: &[String],
    postponed: &mut Vec<Postponed>,
) {
    let concerned: Vec<String> = attributes
        .iter()
        .filter(|(_, value)| refers_to(value, names))
        .map(|(name, _)| name.clone())
        .collect();
    for name in concerned {
        let path = urn.map_or_else(|| name.clone(), |urn| format!("{urn}:{name}"));
        let value = match attributes.get_mut(&name) {
            Some(Value::Array(elements)) => {
                let (later, now) = std::mem::take(elements)
                    .into_iter()
                    .partition(|element| refers_to(element, names));
                *elements = now;
                Some(Value::Array(later))
            }
            _ => attributes.remove(&name),
        };
        postponed.extend(value.map(|value| Postponed { path, value }));
    }
}

fn refers_to(value: &Value, names: &[String]) -> bool {
    let mut found = false;
    visit(value, &mut |name| {
        found |= names.iter().any(|wanted| wanted == name);
    });
    found
}

/// Calls with the name of each reference. Bodies nest no deeper than their parser allows.
fn visit<'a>(value: &'a Value, note: &mut dyn FnMut(&'a str)) {
    match value {
        Value::String(text) => name_in(text).into_iter().for_each(note),
        Value::Array(elements) => elements.iter().for_each(|element| visit(element, note)),
        Value::Object(fields) => fields.values().for_each(|field| visit(field, note)),
        _ => {}
    }
}

fn resolve_in(value: &mut Value, ids: &HashMap<String, String>) {
    match value {
        Value::String(text) => resolve_text(text, ids),
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| resolve_in(element, ids)),
        Value::Object(fields) => fields.values_mut().for_each(|field| resolve_in(field, ids)),
        _ => {}
    }
}

fn resolve_text(text: &mut String, ids: &HashMap<String, String>) {
    if let Some(id) = name_in(text).and_then(|name| ids.get(name)) {
        id.clone_into(text);
    }
}

/// The name that a text refers to.
pub(super) fn name_in(text: &str) -> Option<&str> {
    text.strip_prefix(PREFIX)
}
