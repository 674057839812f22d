//! Trees as text that parses back to the same tree.
//!
//! That holds of every tree that a parser of this crate can return, and of those built by hand that
//! keep what the tree's documentation says of `And`, `Or` and names.

use core::fmt::{Display, Formatter, Result};

use crate::ast::{AttributePath, ElementCondition, Filter, Literal, Path, ValuePath};

impl Display for AttributePath {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        if let Some(urn) = &self.urn {
            write!(formatter, "{urn}:")?;
        }
        formatter.write_str(&self.name)?;
        write_sub_attribute(self.sub_attribute.as_deref(), formatter)
    }
}

impl Display for Literal {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Boolean(boolean) => write!(formatter, "{boolean}"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::String(text) => {
                // As a JSON value, since that prints with the escapes of JSON.
                write!(formatter, "{}", serde_json::Value::from(text.as_str()))
            }
        }
    }
}

impl Display for ElementCondition {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Present => formatter.write_str("pr"),
            Self::Compare(comparison, literal) => write!(formatter, "{comparison} {literal}"),
        }
    }
}

impl Display for ValuePath {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}[{}]", self.attribute, self.filter)?;
        write_sub_attribute(self.sub_attribute.as_deref(), formatter)
    }
}

impl Display for Path {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Attribute(attribute) => attribute.fmt(formatter),
            Self::Value(elements) => elements.fmt(formatter),
        }
    }
}

impl Display for Filter {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Compare {
                path,
                comparison,
                value,
            } => {
                write!(formatter, "{path} {comparison} {value}")
            }
            Self::Present(path) => write!(formatter, "{path} pr"),
            Self::Element {
                elements,
                condition: None,
            } => elements.fmt(formatter),
            Self::Element {
                elements,
                condition: Some(condition),
            } => {
                write!(formatter, "{elements} {condition}")
            }
            Self::And(operands) => write_joined(operands, " and ", formatter),
            Self::Or(operands) => write_joined(operands, " or ", formatter),
            Self::Not(inner) => write!(formatter, "not ({inner})"),
        }
    }
}

fn write_sub_attribute(name: Option<&str>, formatter: &mut Formatter<'_>) -> Result {
    match name {
        Some(name) => write!(formatter, ".{name}"),
        None => Ok(()),
    }
}

fn write_joined(operands: &[Filter], connective: &str, formatter: &mut Formatter<'_>) -> Result {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            formatter.write_str(connective)?;
        }
        // `or` binds least, so that only a disjunction ever needs its parentheses.
        match operand {
            Filter::Or(_) => write!(formatter, "({operand})")?,
            _ => operand.fmt(formatter)?,
        }
    }
    Ok(())
}
