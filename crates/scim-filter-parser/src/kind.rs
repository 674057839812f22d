//! The kinds of mistakes in an input.

use alloc::string::String;
use core::fmt;

/// What is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The grammar asks for something else here.
    Expected(Expected),
    /// A string has no closing quote. The offset is that of the opening one.
    UnterminatedString,
    /// A string is not one of JSON (RFC 8259 §7).
    InvalidString {
        /// What JSON has against it.
        reason: String,
    },
    /// A number is too large for a 64-bit floating point number.
    NumberOutOfRange,
    /// A `[` within brackets. Complex attributes hold no complex ones (RFC 7643 §2.3.8), so that
    /// there is nothing for it to select from.
    NestedBrackets,
    /// A `[` behind a sub-attribute; brackets select the elements of a whole attribute.
    BracketsAfterSubAttribute,
    /// More parentheses and brackets are open than [`Options::max_depth`](crate::Options) allows.
    TooDeep {
        /// How many may be open at once.
        limit: usize,
    },
    /// The input holds more terms than [`Options::max_terms`](crate::Options) allows.
    TooManyTerms {
        /// How many there may be.
        limit: usize,
    },
    /// The input is longer than [`Options::max_bytes`](crate::Options) allows.
    TooLong {
        /// How many bytes there may be.
        limit: usize,
    },
}

/// What the grammar asks for at the offset of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// The begin of a filter or of one of its operands.
    Term,
    /// An attribute's name.
    Attribute,
    /// A sub-attribute's name, after a dot.
    SubAttribute,
    /// `pr` or a comparison operator.
    Operator,
    /// A literal.
    Value,
    /// `)`, or a further operand.
    ClosingParenthesis,
    /// `]`, or a further operand.
    ClosingBracket,
    /// The end of a filter, or a further operand.
    EndOfFilter,
    /// The end of a path.
    EndOfPath,
}

impl fmt::Display for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Term => "an attribute name, `(` or `not (`",
            Self::Attribute => "an attribute name",
            Self::SubAttribute => "the name of a sub-attribute",
            Self::Operator => "an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)",
            Self::Value => "a value (a quoted string, a number, true, false or null)",
            Self::ClosingParenthesis => "`and`, `or` or `)`",
            Self::ClosingBracket => "`and`, `or` or `]`",
            Self::EndOfFilter => "`and`, `or` or the end",
            Self::EndOfPath => "the end of the path",
        })
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(expected) => write!(formatter, "expected {expected}"),
            Self::UnterminatedString => formatter.write_str("the string has no closing quote"),
            Self::InvalidString { reason } => {
                write!(formatter, "the string is not valid in JSON ({reason})")
            }
            Self::NumberOutOfRange => formatter.write_str("the number is out of range"),
            Self::NestedBrackets => formatter.write_str("brackets cannot stand within brackets"),
            Self::BracketsAfterSubAttribute => {
                formatter.write_str("brackets cannot follow a sub-attribute")
            }
            Self::TooDeep { limit } => {
                write!(
                    formatter,
                    "more than {limit} parentheses and brackets are open"
                )
            }
            Self::TooManyTerms { limit } => write!(formatter, "more than {limit} conditions"),
            Self::TooLong { limit } => write!(formatter, "longer than {limit} bytes"),
        }
    }
}
