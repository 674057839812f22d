//! `compValue`: the right side of a comparison.

use alloc::borrow::ToOwned;
use alloc::string::ToString;

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::take_while1;
use nom::character::complete::{anychar, char, digit0, digit1, one_of, satisfy};
use nom::combinator::{all_consuming, opt, recognize};
use nom::multi::many0_count;
use nom::sequence::preceded;
use serde_json::Number;

use crate::ast::Literal;
use crate::error::{ErrorKind, Expected, Failure};
use crate::lexer::Parsed;
use crate::options::Scope;

/// A literal: a quoted string, or a word that says by itself what it is.
pub(crate) fn literal<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Literal> {
    if input.starts_with('"') {
        string(input)
    } else {
        word(scope, input)
    }
}

/// A JSON string (RFC 8259 §7).
fn string(input: &str) -> Parsed<'_, Literal> {
    let inside = many0_count(alt((
        take_while1(|character| !matches!(character, '"' | '\\')),
        recognize(preceded(char('\\'), anychar)),
    )));
    let quoted: Parsed<'_, &str> = recognize((char('"'), inside, char('"'))).parse(input);
    let (rest, quoted) =
        quoted.map_err(|_| Failure::new(input, ErrorKind::UnterminatedString).fatal())?;
    match serde_json::from_str(quoted) {
        Ok(unescaped) => Ok((rest, Literal::String(unescaped))),
        Err(error) => Err(invalid_string(input, quoted, &error).fatal()),
    }
}

/// The failure of `quoted`, with which `input` begins, at the character that JSON stumbles on.
fn invalid_string(input: &str, quoted: &str, error: &serde_json::Error) -> Failure {
    // JSON counts columns in bytes, and afresh after a line end; the first line end is itself what
    // it stumbles on.
    let within = match quoted.find('\n') {
        Some(line_end) if error.line() > 1 => line_end,
        _ => error.column().saturating_sub(1),
    };
    let rest = input
        .get(input.floor_char_boundary(within)..)
        .unwrap_or(input);
    let message = error.to_string();
    let reason = message
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned();
    Failure::new(rest, ErrorKind::InvalidString { reason })
}

/// `null`, `true` and `false` in any case, a number, or a bare word.
fn word<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Literal> {
    let no_value = || Failure::expected(input, Expected::Value).fatal();
    let word: Parsed<'_, &str> = take_while1(is_word_character).parse(input);
    let (rest, word) = word.map_err(|_| no_value())?;
    let literal = if word.eq_ignore_ascii_case("null") {
        Literal::Null
    } else if word.eq_ignore_ascii_case("true") {
        Literal::Boolean(true)
    } else if word.eq_ignore_ascii_case("false") {
        Literal::Boolean(false)
    } else if is_json_number(word) {
        let out_of_range = || Failure::new(input, ErrorKind::NumberOutOfRange).fatal();
        Literal::Number(number(word).ok_or_else(out_of_range)?)
    } else if scope.bare_words() && may_be_bare(word) {
        Literal::String(word.to_owned())
    } else {
        return Err(no_value());
    };
    Ok((rest, literal))
}

/// Whether `word` may do without quotes. A value that was forgotten before `and` or `or` is not to
/// be replaced by these words, and text in the wrong quotes is not to be taken with them.
fn may_be_bare(word: &str) -> bool {
    !word.eq_ignore_ascii_case("and")
        && !word.eq_ignore_ascii_case("or")
        && !word.starts_with(['\'', '‘', '’', '`', '“', '”', '„', '«'])
}

fn is_word_character(character: char) -> bool {
    !character.is_whitespace()
        && !character.is_control()
        && !matches!(character, '(' | ')' | '[' | ']' | '"')
}

/// Whether all of `word` is a number as JSON writes it (RFC 8259 §6): `007` and `+1` are not, and
/// stay what they are as bare words.
fn is_json_number(word: &str) -> bool {
    let integer = alt((
        recognize(char('0')),
        recognize((one_of("123456789"), digit0)),
    ));
    let fraction = (char('.'), digit1);
    let exponent = (
        one_of("eE"),
        opt(one_of("+-")),
        satisfy(|digit| digit.is_ascii_digit()),
        digit0,
    );
    let number = (opt(char('-')), integer, opt(fraction), opt(exponent));
    let outcome: Parsed<'_, &str> = all_consuming(recognize(number)).parse(word);
    outcome.is_ok()
}

/// The value of a JSON number; `None` beyond what 64 bits of floating point hold. Whole numbers
/// stay exact where 64 bits hold them.
fn number(word: &str) -> Option<Number> {
    if let Ok(signed) = word.parse::<i64>() {
        return Some(Number::from(signed));
    }
    if let Ok(unsigned) = word.parse::<u64>() {
        return Some(Number::from(unsigned));
    }
    word.parse().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde_json::Number;

    use super::literal;
    use crate::ast::Literal;
    use crate::error::{ErrorKind, Expected, ParseError};
    use crate::options::{Options, Scope};

    /// All of `input` as a literal, with the offset of the rest where something remains.
    fn read(input: &str, bare_words: bool) -> Result<Literal, ParseError> {
        let options = Options {
            bare_words,
            ..Options::default()
        };
        let terms = Cell::new(0);
        match literal(Scope::new(&options, &terms), input) {
            Ok((rest, literal)) => {
                assert_eq!(rest, "", "not all of {input} was read");
                Ok(literal)
            }
            Err(nom::Err::Failure(failure)) => Err(failure.into_error(input)),
            Err(other) => panic!("{input}: {other:?}"),
        }
    }

    fn string(text: &str) -> Literal {
        Literal::String(text.to_owned())
    }

    #[test]
    fn words_of_json_in_any_case() {
        for (input, expected) in [
            ("null", Literal::Null),
            ("NULL", Literal::Null),
            ("true", Literal::Boolean(true)),
            ("True", Literal::Boolean(true)),
            ("FALSE", Literal::Boolean(false)),
        ] {
            assert_eq!(read(input, false), Ok(expected), "{input}");
        }
    }

    #[test]
    fn numbers_keep_their_kind_and_value() {
        for (input, expected) in [
            ("0", Number::from(0)),
            ("-17", Number::from(-17)),
            ("18446744073709551615", Number::from(u64::MAX)),
            ("-1.5e3", Number::from_f64(-1500.0).unwrap()),
            ("1E+2", Number::from_f64(100.0).unwrap()),
            ("0.25", Number::from_f64(0.25).unwrap()),
        ] {
            assert_eq!(read(input, false), Ok(Literal::Number(expected)), "{input}");
        }
    }

    #[test]
    fn what_json_calls_no_number_is_a_bare_word() {
        for word in [
            "007",
            "+1",
            ".5",
            "1.",
            "1e",
            "0x1f",
            "1_000",
            "2011-05-13T04:42:34Z",
        ] {
            assert_eq!(read(word, true), Ok(string(word)), "{word}");
            let error = read(word, false).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Expected(Expected::Value), "{word}");
        }
    }

    #[test]
    fn a_number_beyond_all_bounds_is_refused() {
        assert_eq!(
            read("1e999", true).unwrap_err().kind,
            ErrorKind::NumberOutOfRange
        );
    }

    #[test]
    fn strings_know_every_escape_of_json() {
        for (input, expected) in [
            (r#""""#, ""),
            (r#""a \"quoted\" word""#, "a \"quoted\" word"),
            (r#""\\\/\b\f\n\r\t""#, "\\/\u{8}\u{c}\n\r\t"),
            (r#""\u00e4\u20AC""#, "ä€"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""zürich 😀""#, "zürich 😀"),
            (r#""ends in a backslash \\""#, "ends in a backslash \\"),
        ] {
            assert_eq!(read(input, false), Ok(string(expected)), "{input}");
        }
    }

    #[test]
    fn a_faulty_string_is_refused_where_it_is_faulty() {
        for (input, offset) in [
            (r#""ab\x""#, 4),
            (r#""\ud83d""#, 7),
            ("\"a\nb\"", 2),
            ("\"a\tb\"", 2),
            ("\"ä\u{1}\"", 3),
        ] {
            let error = read(input, true).unwrap_err();
            assert!(
                matches!(error.kind, ErrorKind::InvalidString { .. }),
                "{input}: {error}"
            );
            assert_eq!(error.offset, offset, "{input}: {error}");
        }
    }

    #[test]
    fn an_open_string_is_refused_where_it_begins() {
        for input in ["\"", r#""abc"#, r#""abc\""#, r#""abc\"#] {
            let error = read(input, true).unwrap_err();
            assert_eq!(
                (error.offset, error.kind),
                (0, ErrorKind::UnterminatedString),
                "{input}"
            );
        }
    }

    #[test]
    fn wrong_quotes_are_refused_with_a_hint() {
        for input in ["'bob'", "“bob”", "‘bob’", "`bob`"] {
            let error = read(input, true).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Expected(Expected::Value), "{input}");
            assert!(
                error.hint.unwrap().contains("double quotes"),
                "{input}: {error}"
            );
        }
    }
}
