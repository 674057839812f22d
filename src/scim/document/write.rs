//! Changing a document at a target (RFC 7644 §3.5.2). Values are normalised before they come
//! here; what is left to go wrong is a filter that selects nothing.

use serde_json::{Map, Value};

use super::elements::{is_hollow, merge_same};
use super::fields::{in_list, in_object, set};
use super::list::{remove_from_list, write_list};
use super::target::{Target, Verb};
use crate::scim::filter::matches_element;
use crate::scim::{ResourceKind, ScimError, Tolerated};

/// Writes a normalised value; `None` clears the target, but adding nothing to a list leaves it.
///
/// # Errors
/// `noTarget` when a filter matches nothing and does not say how to make an element,
/// `invalidValue` when a list would get too long.
pub(crate) fn write(
    document: &mut Map<String, Value>,
    target: &Target,
    verb: Verb,
    value: Option<Value>,
    tolerated: &mut Tolerated,
) -> Result<(), ScimError> {
    in_container(document, target, |container| {
        let attribute = target.attribute.as_ref();
        if attribute.multi_valued {
            return in_list(container, &attribute.name, |list| {
                write_list(list, target, verb, value, tolerated)
            });
        }
        if target.selector.is_some() {
            return write_selected_single(container, target, verb, value);
        }
        match (&target.sub_attribute, value) {
            (Some(part), value) => in_object(container, &attribute.name, |fields| {
                set(fields, &part.name, value);
            }),
            // §3.5.2.3: sub-attributes that the value does not name stay as they are.
            (None, Some(Value::Object(new))) => match container.get_mut(&attribute.name) {
                Some(Value::Object(fields)) => fields.extend(new),
                _ => set(container, &attribute.name, Some(Value::Object(new))),
            },
            (None, value) => set(container, &attribute.name, value),
        }
        Ok(())
    })
}

/// Removes a target; with `values`, only the values of the list that say the same.
///
/// # Errors
/// `noTarget` when a filter matches nothing.
pub(crate) fn remove(
    document: &mut Map<String, Value>,
    target: &Target,
    values: Option<&[Value]>,
) -> Result<(), ScimError> {
    in_container(document, target, |container| {
        let attribute = target.attribute.as_ref();
        if attribute.multi_valued {
            return in_list(container, &attribute.name, |list| {
                remove_from_list(list, target, values)
            });
        }
        if target.selector.is_some() {
            return write_selected_single(container, target, Verb::Replace, None);
        }
        match &target.sub_attribute {
            Some(part) => in_object(container, &attribute.name, |fields| {
                set(fields, &part.name, None);
            }),
            None => set(container, &attribute.name, None),
        }
        Ok(())
    })
}

/// Puts a document in order after its last write: no empty objects and lists, no elements
/// without a value, `schemas` as the data has it.
pub(crate) fn conclude<'t>(
    document: &mut Map<String, Value>,
    kind: ResourceKind,
    written: impl IntoIterator<Item = &'t Target>,
) {
    for target in written {
        prune(document, target);
    }
    document.retain(|name, value| {
        !(is_extension(name) && value.as_object().is_some_and(Map::is_empty))
    });
    let mut schemas = vec![Value::from(kind.schema_urn())];
    schemas.extend(
        document
            .keys()
            .filter(|name| is_extension(name))
            .map(|name| Value::from(name.as_str())),
    );
    document.insert("schemas".to_owned(), Value::Array(schemas));
}

/// Attribute names have no colon (RFC 7643 §2.1); the other keys are URNs of extensions.
fn is_extension(name: &str) -> bool {
    name.contains(':')
}

fn prune(document: &mut Map<String, Value>, target: &Target) {
    let container = match &target.extension {
        Some(urn) => document.get_mut(urn).and_then(Value::as_object_mut),
        None => Some(document),
    };
    let Some(container) = container else { return };
    let name = &target.attribute.name;
    let empty = match container.get_mut(name) {
        Some(Value::Array(list)) => {
            list.retain(|element| !is_hollow(&target.attribute, element));
            if list.len() > 1 {
                merge_same(list, &target.attribute);
            }
            list.is_empty()
        }
        Some(Value::Object(fields)) => fields.is_empty(),
        _ => false,
    };
    if empty {
        container.shift_remove(name);
    }
}

/// A filter on a complex attribute that has one value: as if it were a list of one.
fn write_selected_single(
    container: &mut Map<String, Value>,
    target: &Target,
    verb: Verb,
    value: Option<Value>,
) -> Result<(), ScimError> {
    let attribute = target.attribute.as_ref();
    let matched = match (&target.selector, container.get(&attribute.name)) {
        (Some(selector), Some(element)) => matches_element(selector, attribute, element),
        _ => false,
    };
    if !matched {
        return Err(target.no_match());
    }
    match (&target.sub_attribute, value) {
        (Some(part), value) => in_object(container, &attribute.name, |fields| {
            set(fields, &part.name, value);
        }),
        (None, Some(Value::Object(new))) => in_object(container, &attribute.name, |fields| {
            if verb == Verb::Replace {
                fields.clear();
            }
            fields.extend(new);
        }),
        (None, value) => set(container, &attribute.name, value),
    }
    Ok(())
}

/// Changes the object that holds the target's attribute.
fn in_container<T>(
    document: &mut Map<String, Value>,
    target: &Target,
    change: impl FnOnce(&mut Map<String, Value>) -> T,
) -> T {
    match &target.extension {
        Some(urn) => in_object(document, urn, change),
        None => change(document),
    }
}
