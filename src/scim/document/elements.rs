//! Lists of values: which of them are the same, and which one is primary (RFC 7643 §2.4).

use serde_json::{Map, Value};

use crate::scim::filter::same_value;
use crate::scim::schema::Attribute;

/// How many values one attribute may have; members of groups are not counted here. Values of a
/// list are compared with each other, so that the number has to have a bound.
pub(super) const MAXIMUM_VALUES: usize = 500;

/// Adds an element, unless the list holds it already: then that one takes over what else the new
/// one says. Returns the position of the element.
pub(super) fn add(list: &mut Vec<Value>, attribute: &Attribute, element: Value) -> usize {
    let position = list
        .iter()
        .position(|existing| is_same_entry(attribute, existing, &element));
    match (
        position.and_then(|position| list.get_mut(position)),
        element,
    ) {
        (Some(Value::Object(existing)), Value::Object(fields)) => {
            // What makes it the same stays in the spelling that it has.
            let news = fields.into_iter().filter(|(name, value)| {
                !existing
                    .get(name)
                    .is_some_and(|known| same_part(attribute, name, known, value))
            });
            let news: Vec<(String, Value)> = news.collect();
            existing.extend(news);
        }
        (Some(_), _) => {}
        (None, element) => list.push(element),
    }
    position.unwrap_or(list.len().saturating_sub(1))
}

/// Merges elements that have become the same.
pub(super) fn merge_same(list: &mut Vec<Value>, attribute: &Attribute) {
    for element in std::mem::take(list) {
        add(list, attribute, element);
    }
}

/// Whether an element says everything that another one says.
pub(super) fn includes(attribute: &Attribute, element: &Value, other: &Value) -> bool {
    match (element, other) {
        (Value::Object(element), Value::Object(other)) => other
            .iter()
            .all(|(name, value)| has_part(attribute, element, name, value)),
        _ => same_value(attribute, element, other),
    }
}

/// RFC 7643 §2.4: a list should not hold the same value twice for the same type. A new value
/// without a type is the same as one with; a new element without a value is the same as one that
/// says the same, whichever of them is primary.
fn is_same_entry(attribute: &Attribute, existing: &Value, new: &Value) -> bool {
    let (Value::Object(existing), Value::Object(new)) = (existing, new) else {
        return same_value(attribute, existing, new);
    };
    match new.get("value") {
        Some(value) => {
            has_part(attribute, existing, "value", value)
                && new
                    .get("type")
                    .is_none_or(|purpose| has_part(attribute, existing, "type", purpose))
        }
        None => says_all(attribute, existing, new) && says_all(attribute, new, existing),
    }
}

fn says_all(attribute: &Attribute, one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    other
        .iter()
        .filter(|(name, _)| *name != "primary")
        .all(|(name, value)| has_part(attribute, one, name, value))
}

fn has_part(
    attribute: &Attribute,
    element: &Map<String, Value>,
    name: &str,
    value: &Value,
) -> bool {
    element
        .get(name)
        .is_some_and(|existing| same_part(attribute, name, existing, value))
}

fn same_part(attribute: &Attribute, name: &str, left: &Value, right: &Value) -> bool {
    attribute
        .sub_attribute(name)
        .is_some_and(|definition| same_value(definition, left, right))
}

/// Leaves at most one element primary: the preferred one if it is, else the first. Returns
/// whether another one had to give the flag up.
pub(super) fn settle_primary(list: &mut [Value], preferred: Option<usize>) -> bool {
    let chosen = preferred
        .filter(|position| list.get(*position).is_some_and(is_primary))
        .or_else(|| list.iter().position(is_primary));
    let mut demoted = false;
    for (position, element) in list.iter_mut().enumerate() {
        if Some(position) != chosen && is_primary(element) {
            if let Some(fields) = element.as_object_mut() {
                fields.insert("primary".to_owned(), Value::Bool(false));
            }
            demoted = true;
        }
    }
    demoted
}

pub(super) fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}

/// Whether an element only says what its value is for, and has no value: templates of some
/// clients send `{"type": "work", "value": ""}` for people without an e-mail address.
pub(super) fn is_hollow(attribute: &Attribute, element: &Value) -> bool {
    attribute.sub_attribute("value").is_some()
        && element.as_object().is_some_and(|fields| {
            fields
                .keys()
                .all(|name| name == "type" || name == "primary")
        })
}
