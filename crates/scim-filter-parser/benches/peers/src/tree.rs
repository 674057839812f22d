//! One notation for every parser's tree, so that meanings can be compared.

use std::fmt::{Display, Formatter, Result};

/// What a filter means, whoever read it. Operands of one connective are in one node, and names are
/// in lower case, so that only differences in meaning remain.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    /// A comparison or a selection, printed.
    Term(String),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
}

impl Tree {
    pub fn present(attribute: &str) -> Self {
        Self::Term(format!("(pr {})", attribute.to_lowercase()))
    }

    /// `value` is printed as JSON.
    pub fn compare(operator: &str, attribute: &str, value: &str) -> Self {
        Self::Term(format!("({operator} {} {value})", attribute.to_lowercase()))
    }

    pub fn element(attribute: &str, inside: &Tree) -> Self {
        Self::Term(selection(attribute, inside))
    }

    pub fn negation(inner: Tree) -> Self {
        Self::Not(Box::new(inner))
    }

    pub fn all(operands: impl IntoIterator<Item = Tree>) -> Self {
        Self::And(flattened(operands, |operand| match operand {
            Self::And(inner) => Ok(inner),
            other => Err(other),
        }))
    }

    pub fn any(operands: impl IntoIterator<Item = Tree>) -> Self {
        Self::Or(flattened(operands, |operand| match operand {
            Self::Or(inner) => Ok(inner),
            other => Err(other),
        }))
    }
}

/// `attribute[inside]`.
pub fn selection(attribute: &str, inside: &Tree) -> String {
    format!("{}[{inside}]", attribute.to_lowercase())
}

/// A number, however it was spelt and is kept.
pub fn number(value: f64) -> String {
    value.to_string()
}

/// A text as JSON has it.
pub fn text(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

fn flattened(
    operands: impl IntoIterator<Item = Tree>,
    open: fn(Tree) -> std::result::Result<Vec<Tree>, Tree>,
) -> Vec<Tree> {
    let mut flat = Vec::new();
    for operand in operands {
        match open(operand) {
            Ok(inner) => flat.extend(inner),
            Err(other) => flat.push(other),
        }
    }
    flat
}

impl Display for Tree {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let (operator, operands) = match self {
            Self::Term(term) => return formatter.write_str(term),
            Self::Not(inner) => ("not", std::slice::from_ref(inner.as_ref())),
            Self::And(operands) => ("and", operands.as_slice()),
            Self::Or(operands) => ("or", operands.as_slice()),
        };
        write!(formatter, "({operator}")?;
        for operand in operands {
            write!(formatter, " {operand}")?;
        }
        formatter.write_str(")")
    }
}
