//! What went wrong, and where.

use alloc::string::String;
use core::fmt;

use crate::hint::hint;

/// How many characters of the input an error repeats.
const FOUND_CHARACTERS: usize = 32;

/// Why an input is not a filter or a path.
///
/// Its `Display` is made for the person who wrote the input:
/// `at offset 12: expected a value (...), found the end`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ParseError {
    /// Where, in bytes from the start of the input: between characters, and never past the end.
    pub offset: usize,
    /// What is wrong there.
    pub kind: ErrorKind,
    /// The input from there on, clipped; empty at its end.
    pub found: String,
    /// What the writer probably meant, where that can be guessed.
    pub hint: Option<&'static str>,
}

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

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "at offset {}: {}, found ",
            self.offset, self.kind
        )?;
        if self.found.is_empty() {
            formatter.write_str("the end")?;
        } else {
            write!(formatter, "`{}`", self.found)?;
        }
        match self.hint {
            Some(hint) => write!(formatter, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl ParseError {
    pub(crate) fn too_long(input: &str, limit: usize) -> Self {
        let rest = input
            .get(input.floor_char_boundary(limit)..)
            .unwrap_or_default();
        Failure::new(rest, ErrorKind::TooLong { limit }).into_error(input)
    }
}

/// A [`ParseError`] in the making: cheap to build and to drop, since nom tries alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// How many bytes of the input are left where the trouble is.
    remaining: usize,
    kind: ErrorKind,
}

impl Failure {
    /// `rest` is the input from the trouble to its end.
    pub(crate) fn new(rest: &str, kind: ErrorKind) -> Self {
        Self {
            remaining: rest.len(),
            kind,
        }
    }

    pub(crate) fn expected(rest: &str, expected: Expected) -> Self {
        Self::new(rest, ErrorKind::Expected(expected))
    }

    /// The failure as one that no alternative can mend.
    pub(crate) fn fatal(self) -> nom::Err<Self> {
        nom::Err::Failure(self)
    }

    /// `input` is the whole input.
    pub(crate) fn into_error(self, input: &str) -> ParseError {
        let offset = input.floor_char_boundary(input.len().saturating_sub(self.remaining));
        let (before, rest) = input.split_at_checked(offset).unwrap_or((input, ""));
        let hint = hint(&self.kind, before, rest);
        ParseError {
            offset,
            kind: self.kind,
            found: clip(rest),
            hint,
        }
    }
}

impl nom::error::ParseError<&str> for Failure {
    /// Only ever a reason to try the next alternative: where there is none, `required` names what
    /// was expected.
    fn from_error_kind(rest: &str, _: nom::error::ErrorKind) -> Self {
        Self::expected(rest, Expected::Term)
    }

    fn append(_: &str, _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

/// The first characters of `rest`, with nothing in them that would upset a log or a terminal.
fn clip(rest: &str) -> String {
    let mut characters = rest.chars();
    let mut clipped = String::new();
    for character in characters.by_ref().take(FOUND_CHARACTERS) {
        if character.is_control() {
            clipped.extend(character.escape_default());
        } else {
            clipped.push(character);
        }
    }
    if characters.next().is_some() {
        clipped.push('…');
    }
    clipped
}
