//! Changing the list of a multi-valued attribute (RFC 7644 §3.5.2).

use scim_filter_parser::{Comparison, Filter, Literal};
use serde_json::{Map, Value};

use super::elements::{MAXIMUM_VALUES, add, includes, is_primary, settle_primary};
use super::fields::set;
use super::target::{Target, Verb};
use crate::scim::filter::matches_element;
use crate::scim::schema::{Attribute, AttributeType};
use crate::scim::{ScimError, Tolerance, Tolerated};

/// Writes to the list, or to the elements that the target chooses.
pub(super) fn write_list(
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

/// Removes the elements that the target chooses, or what they have in its sub-attribute; with
/// `values`, only elements that say the same as one of them.
pub(super) fn remove_from_list(
    list: &mut Vec<Value>,
    target: &Target,
    values: Option<&[Value]>,
) -> Result<(), ScimError> {
    let chosen = chosen(list, target);
    if target.selector.is_some() && !chosen.contains(&true) {
        return Err(target.no_match());
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
                    tolerated.note(Tolerance::CreatedElement, target);
                }
                list.push(element);
                Ok(vec![list.len().saturating_sub(1)])
            }
            // What is not there needs no clearing.
            (_, None) => Ok(Vec::new()),
            (None, Some(_)) => Err(target.no_match()),
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
