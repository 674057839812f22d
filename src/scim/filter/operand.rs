//! The right side of a comparison, read as the type of the attribute on the left.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use scim_filter_parser::{Comparison, Literal};
use serde_json::Value;

use crate::scim::fold;
use crate::scim::schema::{Attribute, AttributeType};

/// A literal that can be compared with the values of one attribute.
#[derive(Debug)]
pub(super) enum Operand<'a> {
    Boolean(bool),
    Number(f64),
    Instant(Timestamp),
    Text { text: Cow<'a, str>, exact: bool },
}

/// Why a comparison makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Incomparable {
    #[error("\"{operator}\" cannot be applied to {attribute}, which is of type {kind}")]
    Operator {
        operator: Comparison,
        attribute: String,
        kind: AttributeType,
    },
    #[error("{attribute} is of type {kind}, with which {literal} cannot be compared")]
    Literal {
        attribute: String,
        kind: AttributeType,
        literal: String,
    },
}

impl<'a> Operand<'a> {
    /// Reads a literal, which is not null, for an attribute and an operator.
    pub(super) fn read(
        attribute: &Attribute,
        comparison: Comparison,
        literal: &'a Literal,
    ) -> Result<Self, Incomparable> {
        check_operator(attribute, comparison)?;
        let operand = match attribute.kind {
            AttributeType::Boolean => boolean(literal).map(Self::Boolean),
            AttributeType::Decimal | AttributeType::Integer => number(literal).map(Self::Number),
            AttributeType::DateTime if !is_substring(comparison) => match literal {
                Literal::String(text) => parse_instant(text).map(Self::Instant),
                _ => None,
            },
            AttributeType::Complex => None,
            AttributeType::String
            | AttributeType::DateTime
            | AttributeType::Binary
            | AttributeType::Reference => text(literal).map(|text| Self::text(attribute, text)),
        };
        operand.ok_or_else(|| Incomparable::Literal {
            attribute: attribute.name.clone(),
            kind: attribute.kind,
            literal: describe(literal),
        })
    }

    fn text(attribute: &Attribute, text: Cow<'a, str>) -> Self {
        let exact = attribute.case_exact();
        let text = if exact { text } else { fold(&text).into() };
        Self::Text { text, exact }
    }

    /// Whether a value of the attribute stands in this relation to the operand.
    pub(super) fn satisfied_by(&self, value: &Value, comparison: Comparison) -> bool {
        match (self, value) {
            (Self::Boolean(operand), Value::Bool(value)) => ordered(value.cmp(operand), comparison),
            (Self::Number(operand), Value::Number(value)) => value
                .as_f64()
                .and_then(|value| value.partial_cmp(operand))
                .is_some_and(|ordering| ordered(ordering, comparison)),
            (Self::Instant(operand), Value::String(value)) => {
                parse_instant(value).is_some_and(|value| ordered(value.cmp(operand), comparison))
            }
            (Self::Text { text, exact }, Value::String(value)) => {
                let value = if *exact {
                    Cow::Borrowed(value.as_str())
                } else {
                    Cow::Owned(fold(value))
                };
                match comparison {
                    Comparison::Contains => value.contains(text.as_ref()),
                    Comparison::StartsWith => value.starts_with(text.as_ref()),
                    Comparison::EndsWith => value.ends_with(text.as_ref()),
                    _ => ordered(value.as_ref().cmp(text.as_ref()), comparison),
                }
            }
            _ => false,
        }
    }
}

fn ordered(ordering: Ordering, comparison: Comparison) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::GreaterThan => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
        Comparison::LessThan => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith => false,
    }
}

fn is_substring(comparison: Comparison) -> bool {
    matches!(
        comparison,
        Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith
    )
}

/// RFC 7644 §3.4.2.2: booleans and binaries have no order, and only text has parts.
pub(super) fn check_operator(
    attribute: &Attribute,
    comparison: Comparison,
) -> Result<(), Incomparable> {
    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let possible = match attribute.kind {
        AttributeType::Boolean | AttributeType::Binary => equality,
        AttributeType::Decimal | AttributeType::Integer => !is_substring(comparison),
        AttributeType::Complex => false,
        AttributeType::String | AttributeType::DateTime | AttributeType::Reference => true,
    };
    if possible {
        Ok(())
    } else {
        Err(Incomparable::Operator {
            operator: comparison,
            attribute: attribute.name.clone(),
            kind: attribute.kind,
        })
    }
}

/// Entra compares booleans with quoted text: `primary eq "True"`.
fn boolean(literal: &Literal) -> Option<bool> {
    match literal {
        Literal::Boolean(value) => Some(*value),
        Literal::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Literal::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn number(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Number(number) => number.as_f64(),
        _ => None,
    }
}

/// Clients that forget the quotes mean the text: `employeeNumber eq 40017`.
fn text(literal: &Literal) -> Option<Cow<'_, str>> {
    match literal {
        Literal::String(text) => Some(Cow::Borrowed(text)),
        Literal::Number(number) => Some(Cow::Owned(number.to_string())),
        Literal::Boolean(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        Literal::Null => None,
    }
}

fn describe(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Number(number) => number.to_string(),
        Literal::String(_) => "this text".to_owned(),
    }
}

/// A date and time as `xsd:dateTime` has it (RFC 7643 §2.3.5); without an offset it is UTC.
pub(crate) fn parse_instant(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
        Some(zoned.timestamp())
    })
}
