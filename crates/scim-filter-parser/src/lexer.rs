//! The small change of the grammar: blanks, keywords, and the point of no return.

use nom::bytes::complete::{take_while, take_while1};
use nom::combinator::verify;
use nom::{IResult, Parser};

use crate::error::{Expected, Failure};

/// What every parser of this crate returns: the rest of the input and a tree, or a failure.
pub(crate) type Parsed<'a, T> = IResult<&'a str, T, Failure>;

/// Any number of blanks. RFC 7644 asks for exactly one where it asks for any; people and clients
/// are not as exact.
pub(crate) fn blanks(input: &str) -> Parsed<'_, &str> {
    take_while(|character| matches!(character, ' ' | '\t' | '\r' | '\n')).parse(input)
}

/// `word` in any case, and not as the begin of a longer one.
pub(crate) fn keyword<'a>(
    word: &'static str,
) -> impl Parser<&'a str, Output = &'a str, Error = Failure> {
    verify(take_while1(is_name_character), move |found: &str| {
        found.eq_ignore_ascii_case(word)
    })
}

/// `parser`, without an alternative: where it does not apply, parsing ends with `expected`.
pub(crate) fn required<'a, T>(
    mut parser: impl Parser<&'a str, Output = T, Error = Failure>,
    expected: Expected,
) -> impl Parser<&'a str, Output = T, Error = Failure> {
    move |input: &'a str| match parser.parse(input) {
        Err(nom::Err::Error(_)) => Err(Failure::expected(input, expected).fatal()),
        outcome => outcome,
    }
}

/// `nameChar` of RFC 7643 §2.1 and RFC 7644 §3.4.2.2.
pub(crate) fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}
