//! Changing a document at a target (RFC 7644 §3.5.2). Values are normalised before they come
//! here; what is left to go wrong is a filter that selects nothing.

use scim_filter_parser::{Comparison, Filter, Literal};
use serde_json::{Map, Value};

use super::elements::{
    MAXIMUM_VALUES, add, includes, is_hollow, is_primary, merge_same, settle_primary,
};
use super::target::Target;
use crate::scim::filter::matches_element;
use crate::scim::schema::{Attribute, AttributeType};
use crate::scim::{ResourceKind, ScimError, Tolerance, Tolerated};

/// What to do with values that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Add,
    Replace,
}

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
            (None, Some(Value::Object(new))) => {
                in_object(container, &attribute.name, |fields| fields.extend(new));
            }
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
            merge_same(list, &target.attribute);
            list.is_empty()
        }
        Some(Value::Object(fields)) => fields.is_empty(),
        _ => false,
    };
    if empty {
        container.shift_remove(name);
    }
}

fn write_list(
    list: &mut Vec<Value>,
    target: &Target,
    verb: Verb,
    value: Option<Value>,
    tolerated: &mut Tolerated,
) -> Result<(), ScimError> {
    let touched = if target.is_whole() {
        write_whole_list(list, &target.attribute, verb, value)
    } else {
        write_chosen(list, target, verb, value, tolerated)?
    };
    // RFC 7643 §2.4: primary is at most one, and the last word of the client counts.
    let new_primary = touched
        .into_iter()
        .find(|position| list.get(*position).is_some_and(is_primary));
    settle_primary(list, new_primary);
    if list.len() > MAXIMUM_VALUES {
        return Err(ScimError::invalid_value(format!(
            "{target} would have {} values; at most {MAXIMUM_VALUES} are accepted",
            list.len()
        )));
    }
    Ok(())
}

fn remove_from_list(
    list: &mut Vec<Value>,
    target: &Target,
    values: Option<&[Value]>,
) -> Result<(), ScimError> {
    let chosen = chosen(list, target);
    if target.selector.is_some() && !chosen.contains(&true) {
        return Err(no_match(target));
    }
    match (&target.sub_attribute, values) {
        (Some(part), _) => {
            for fields in list.iter_mut().zip(&chosen).filter_map(selected_object) {
                set(fields, &part.name, None);
            }
        }
        (None, Some(values)) => list.retain(|element| {
            !values
                .iter()
                .any(|value| includes(&target.attribute, element, value))
        }),
        (None, None) => retain_others(list, &chosen),
    }
    Ok(())
}

fn write_whole_list(
    list: &mut Vec<Value>,
    attribute: &Attribute,
    verb: Verb,
    value: Option<Value>,
) -> Vec<usize> {
    if verb == Verb::Replace {
        list.clear();
    }
    let elements = match value {
        Some(Value::Array(elements)) => elements,
        Some(element) => vec![element],
        None => Vec::new(),
    };
    elements
        .into_iter()
        .map(|element| add(list, attribute, element))
        .collect()
}

fn write_chosen(
    list: &mut Vec<Value>,
    target: &Target,
    verb: Verb,
    value: Option<Value>,
    tolerated: &mut Tolerated,
) -> Result<Vec<usize>, ScimError> {
    let chosen = chosen(list, target);
    if !chosen.contains(&true) {
        return match (create(target, value.as_ref()), value) {
            (Some(element), Some(_)) => {
                if target.selector.is_some() {
                    tolerated.note(Tolerance::CreatedElement);
                }
                list.push(element);
                Ok(vec![list.len().saturating_sub(1)])
            }
            // What is not there needs no clearing.
            (_, None) => Ok(Vec::new()),
            (None, Some(_)) => Err(no_match(target)),
        };
    }
    match (&target.sub_attribute, value) {
        (None, None) => {
            retain_others(list, &chosen);
            return Ok(Vec::new());
        }
        (Some(part), value) => {
            for fields in list.iter_mut().zip(&chosen).filter_map(selected_object) {
                set(fields, &part.name, value.clone());
            }
        }
        (None, Some(Value::Object(new))) => {
            for fields in list.iter_mut().zip(&chosen).filter_map(selected_object) {
                if verb == Verb::Replace {
                    fields.clear();
                }
                fields.extend(new.clone());
            }
        }
        (None, Some(scalar)) => {
            for (element, _) in list.iter_mut().zip(&chosen).filter(|(_, chosen)| **chosen) {
                *element = scalar.clone();
            }
        }
    }
    let positions = chosen.iter().enumerate();
    Ok(positions
        .filter_map(|(position, chosen)| chosen.then_some(position))
        .collect())
}

/// The element that `x[type eq "y"].z` describes: Entra sends the first telephone number of every
/// user to a place that does not exist. RFC 7644 §3.5.2.3 would let us refuse.
fn create(target: &Target, value: Option<&Value>) -> Option<Value> {
    let part = target.sub_attribute.as_ref()?;
    let mut fields = Map::new();
    if let Some(selector) = &target.selector {
        let (name, value) = only_equality(&target.attribute, selector)?;
        fields.insert(name.to_owned(), value);
    }
    fields.insert(part.name.clone(), value?.clone());
    Some(Value::Object(fields))
}

/// The sub-attribute and the value of a filter that is nothing but one `eq`.
fn only_equality<'a>(attribute: &'a Attribute, filter: &Filter) -> Option<(&'a str, Value)> {
    let Filter::Compare {
        path,
        comparison: Comparison::Equal,
        value,
    } = filter
    else {
        return None;
    };
    let part = attribute.sub_attribute(&path.name)?;
    let value = match (part.kind, value) {
        (AttributeType::Boolean, Literal::String(text)) => {
            Value::Bool(text.to_ascii_lowercase().parse().ok()?)
        }
        (AttributeType::Boolean, Literal::Boolean(value)) => Value::Bool(*value),
        (AttributeType::Boolean, _) | (_, Literal::Null) => return None,
        (_, Literal::String(text)) if text.is_empty() => return None,
        (_, Literal::String(text)) => Value::from(text.as_str()),
        (_, Literal::Number(number)) => Value::from(number.to_string()),
        (_, Literal::Boolean(value)) => Value::from(value.to_string()),
    };
    Some((&part.name, value))
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
        return Err(no_match(target));
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

/// For each element, whether the target means it.
fn chosen(list: &[Value], target: &Target) -> Vec<bool> {
    list.iter()
        .map(|element| {
            target
                .selector
                .as_ref()
                .is_none_or(|selector| matches_element(selector, &target.attribute, element))
        })
        .collect()
}

fn selected_object<'a>(
    (element, chosen): (&'a mut Value, &bool),
) -> Option<&'a mut Map<String, Value>> {
    chosen.then(|| element.as_object_mut()).flatten()
}

fn retain_others(list: &mut Vec<Value>, chosen: &[bool]) {
    let mut chosen = chosen.iter();
    list.retain(|_| chosen.next() != Some(&true));
}

fn no_match(target: &Target) -> ScimError {
    ScimError::no_target(format!(
        "the filter in the path {target} matches no value of the resource"
    ))
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

/// Changes the object under a name, made where there is none.
fn in_object<T>(
    container: &mut Map<String, Value>,
    name: &str,
    change: impl FnOnce(&mut Map<String, Value>) -> T,
) -> T {
    let mut fields = match container.get_mut(name) {
        Some(Value::Object(fields)) => std::mem::take(fields),
        _ => Map::new(),
    };
    let outcome = change(&mut fields);
    container.insert(name.to_owned(), Value::Object(fields));
    outcome
}

/// Changes the list under a name. RFC 7643 §2.5: the empty list is no value.
fn in_list<T>(
    container: &mut Map<String, Value>,
    name: &str,
    change: impl FnOnce(&mut Vec<Value>) -> T,
) -> T {
    let mut list = match container.get_mut(name) {
        Some(Value::Array(list)) => std::mem::take(list),
        Some(value) => vec![value.take()],
        None => Vec::new(),
    };
    let outcome = change(&mut list);
    set(
        container,
        name,
        (!list.is_empty()).then_some(Value::Array(list)),
    );
    outcome
}

fn set(container: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            container.insert(name.to_owned(), value);
        }
        None => {
            container.shift_remove(name);
        }
    }
}
