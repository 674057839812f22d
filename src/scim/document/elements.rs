//! Lists of values: which of them are the same, and which one is primary (RFC 7643 §2.4).

use serde_json::{Map, Value};

use crate::scim::filter::same_value;
use crate::scim::schema::Attribute;

/// Adds an element, unless the list holds it already: an element that says the same and perhaps
/// more stays as it is, one with the same value for the same purpose takes over what else the new
/// one says. Returns the position of the element.
pub(super) fn add(list: &mut Vec<Value>, attribute: &Attribute, element: Value) -> usize {
    if let Some(position) = list
        .iter()
        .position(|existing| includes(attribute, existing, &element))
    {
        return position;
    }
    let position = list
        .iter()
        .position(|existing| is_same_entry(attribute, existing, &element));
    match (
        position.and_then(|position| list.get_mut(position)),
        element,
    ) {
        (Some(Value::Object(existing)), Value::Object(fields)) => existing.extend(fields),
        (_, element) => list.push(element),
    }
    position.unwrap_or(list.len().saturating_sub(1))
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

/// RFC 7643 §2.4: a list should not hold the same value twice for the same type.
fn is_same_entry(attribute: &Attribute, left: &Value, right: &Value) -> bool {
    let (Value::Object(left), Value::Object(right)) = (left, right) else {
        return false;
    };
    let Some(value) = right.get("value") else {
        return false;
    };
    has_part(attribute, left, "value", value)
        && match (left.get("type"), right.get("type")) {
            (Some(_), Some(purpose)) => has_part(attribute, left, "type", purpose),
            (None, None) => true,
            _ => false,
        }
}

fn has_part(
    attribute: &Attribute,
    element: &Map<String, Value>,
    name: &str,
    value: &Value,
) -> bool {
    match (element.get(name), attribute.sub_attribute(name)) {
        (Some(existing), Some(definition)) => same_value(definition, existing, value),
        _ => false,
    }
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
