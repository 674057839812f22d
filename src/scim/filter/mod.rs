//! Filters against resources (RFC 7644 §3.4.2.2), driven by the schemas.
//!
//! Where the RFC leaves a choice:
//! * A comparison with an attribute that has many values holds when one of them satisfies it;
//!   `ne` is the opposite of `eq`, and so holds when none of them is equal, and when there is
//!   none.
//! * A complex attribute is compared by its `value`: `emails co "@corp.example"`.
//! * An attribute that the resource's kind does not know has no value (as §3.4.2.1 says for
//!   searches across kinds); [`unknown_attributes`] finds them where a person should be told.

mod dialect;
mod operand;
mod subject;
#[cfg(test)]
mod tests;
mod validate;

use scim_filter_parser::{Comparison, ElementCondition, Filter, Literal};
use serde_json::{Map, Value};

use super::schema::{Attribute, SchemaSet};
use super::{ResourceKind, folds_alike};
pub use dialect::note_dialect;
pub(crate) use dialect::note_selector;
use operand::Operand;
pub(crate) use operand::parse_instant;
use subject::{Subject, is_present};
pub use validate::{unknown_attributes, validate};
pub(crate) use validate::{unknown_in_element, validate_within};

/// Whether a resource satisfies a filter. The resource is canonical (attribute names as the
/// schemas spell them) and holds whatever the filter may ask for, such as `id` and `meta`.
pub fn matches(
    filter: &Filter,
    resource: &Map<String, Value>,
    kind: ResourceKind,
    schemas: &SchemaSet,
) -> bool {
    evaluate(
        filter,
        &Subject::Resource {
            resource,
            kind,
            schemas,
        },
    )
}

/// Whether one element of a multi-valued attribute satisfies the filter in a path's brackets.
pub(crate) fn matches_element(filter: &Filter, attribute: &Attribute, element: &Value) -> bool {
    evaluate(filter, &Subject::Element { attribute, element })
}

/// Whether two values of a simple attribute are the same (RFC 7643 §2.2, `caseExact`).
pub(crate) fn same_value(attribute: &Attribute, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) if !attribute.case_exact() => {
            folds_alike(left, right)
        }
        _ => left == right,
    }
}

/// Whether a text is a date and time (RFC 7643 §2.3.5).
pub(crate) fn is_instant(text: &str) -> bool {
    parse_instant(text).is_some()
}

fn evaluate(filter: &Filter, subject: &Subject<'_>) -> bool {
    match filter {
        Filter::And(all) => all.iter().all(|filter| evaluate(filter, subject)),
        Filter::Or(any) => any.iter().any(|filter| evaluate(filter, subject)),
        Filter::Not(inner) => !evaluate(inner, subject),
        Filter::Present(path) => subject.values(path).into_iter().any(is_present),
        Filter::Compare {
            path,
            comparison,
            value,
        } => subject.comparable(path).map_or_else(
            || unknown(*comparison, value),
            |(attribute, values)| compare(attribute, &values, *comparison, value),
        ),
        Filter::Element {
            elements,
            condition,
        } => {
            let Some((attribute, values)) = subject.elements(&elements.attribute) else {
                return false;
            };
            let sub_attribute = match &elements.sub_attribute {
                Some(name) => match attribute.sub_attribute(name) {
                    Some(sub_attribute) => Some(sub_attribute.as_ref()),
                    None => return false,
                },
                None => None,
            };
            values
                .into_iter()
                .filter(|element| matches_element(&elements.filter, attribute, element))
                .any(|element| holds(attribute, sub_attribute, element, condition.as_ref()))
        }
    }
}

/// Whether what is asked of `attribute[filter].sub` holds of one element.
fn holds(
    attribute: &Attribute,
    sub_attribute: Option<&Attribute>,
    element: &Value,
    condition: Option<&ElementCondition>,
) -> bool {
    let (definition, value) = match sub_attribute {
        Some(sub_attribute) => (sub_attribute, element.get(&sub_attribute.name)),
        None => (attribute, Some(element)),
    };
    match condition {
        None => true,
        Some(ElementCondition::Present) => value.is_some_and(is_present),
        Some(ElementCondition::Compare(comparison, literal)) => {
            let values: Vec<&Value> = value.into_iter().collect();
            compare(definition, &values, *comparison, literal)
        }
    }
}

/// A comparison with an attribute that nobody knows: like one that has no value.
fn unknown(comparison: Comparison, literal: &Literal) -> bool {
    match comparison {
        Comparison::Equal => *literal == Literal::Null,
        Comparison::NotEqual => *literal != Literal::Null,
        _ => false,
    }
}

fn compare(
    attribute: &Attribute,
    values: &[&Value],
    comparison: Comparison,
    literal: &Literal,
) -> bool {
    if *literal == Literal::Null {
        let present = values.iter().any(|value| is_present(value));
        return match comparison {
            Comparison::Equal => !present,
            Comparison::NotEqual => present,
            _ => false,
        };
    }
    let Ok(operand) = Operand::read(attribute, comparison, literal) else {
        return false;
    };
    match comparison {
        Comparison::NotEqual => !values
            .iter()
            .any(|value| operand.satisfied_by(value, Comparison::Equal)),
        _ => values
            .iter()
            .any(|value| operand.satisfied_by(value, comparison)),
    }
}
