//! What went wrong, and where.

use alloc::string::String;
use core::fmt;

use crate::hint::hint;
pub use crate::kind::{ErrorKind, Expected};

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
