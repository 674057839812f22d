//! The search language of lists, a part of `scoped_search`.
//!
//! Broken syntax is no error there: the parser makes of it what it can, often nothing. An unknown
//! field is one, and so is a value that cannot be compared with its field.

mod evaluate;
mod parse;
mod token;

pub(super) use evaluate::{Cell, holds};
pub(super) use parse::parse;

/// The type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
}

/// A field that can be searched and sorted by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether a bare word is looked for in it.
    pub(super) implicit: bool,
}

impl Field {
    pub(super) const fn text(name: &'static str) -> Self {
        Self {
            name,
            kind: Kind::Text,
            implicit: true,
        }
    }

    pub(super) const fn explicit(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            implicit: false,
        }
    }
}

/// A search, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Compare {
        field: &'static str,
        comparison: Comparison,
        value: Cell,
    },
    OneOf {
        field: &'static str,
        values: Vec<Cell>,
    },
    /// A bare word, in any of the fields that are for it.
    Word(String),
    Has(&'static str),
    /// What is left of a comparison without a value.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Like,
    Unlike,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Node {
    /// The one text that the field must equal, if the search says so.
    pub(super) fn exact(&self, wanted: &str) -> Option<&str> {
        match self {
            Self::Compare {
                field,
                comparison: Comparison::Equal,
                value: Cell::Text(text),
            } if *field == wanted => Some(text),
            Self::All(nodes) => nodes.iter().find_map(|node| node.exact(wanted)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
