//! `attrPath`: how an attribute is named (RFC 7644 §3.10).

use alloc::borrow::ToOwned;
use alloc::string::String;

use nom::Parser;
use nom::bytes::complete::{take, take_while, take_while1};
use nom::character::complete::{char, satisfy};
use nom::combinator::{opt, recognize};
use nom::sequence::preceded;

use crate::ast::AttributePath;
use crate::error::{Expected, Failure};
use crate::lexer::{Parsed, is_name_character, required};

/// An attribute path. Where there is none, parsing ends with `expected`.
pub(crate) fn attribute_path(expected: Expected, input: &str) -> Parsed<'_, AttributePath> {
    // A URN may hold dots ("2.0"), so that the sub-attribute's dot can be told only once the last
    // colon is found.
    let (_, run) = take_while(is_urn_character).parse(input)?;
    match run.rsplit_once(':') {
        None => unqualified(expected, input),
        Some((urn, _)) if urn.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            let (rest, _) = take(urn.len() + 1).parse(input)?;
            qualified(urn, rest)
        }
        Some(_) => Err(Failure::expected(input, expected).fatal()),
    }
}

/// `name` or `name.sub`.
fn unqualified(expected: Expected, input: &str) -> Parsed<'_, AttributePath> {
    let (rest, name) = required(name, expected).parse(input)?;
    let (rest, sub_attribute) = opt(sub_attribute).parse(rest)?;
    Ok((
        rest,
        AttributePath {
            urn: None,
            name: name.to_owned(),
            sub_attribute,
        },
    ))
}

/// What follows `urn` and its colon.
fn qualified<'a>(urn: &str, input: &'a str) -> Parsed<'a, AttributePath> {
    if let Ok((rest, version)) = version_segment(input) {
        let name = version.to_owned();
        return Ok((
            rest,
            AttributePath {
                urn: Some(urn.to_owned()),
                name,
                sub_attribute: None,
            },
        ));
    }
    let (rest, attribute) = unqualified(Expected::Attribute, input)?;
    Ok((
        rest,
        AttributePath {
            urn: Some(urn.to_owned()),
            ..attribute
        },
    ))
}

/// The last segment of a schema URN that ends in a version, such as `2.0` or `account-v1.2`. Its
/// dots separate nothing, since no name begins with a digit.
fn version_segment(input: &str) -> Parsed<'_, &str> {
    take_while1(|character| is_name_character(character) || character == '.')
        .parse(input)
        .and_then(|(rest, segment)| {
            let starts_with_digit =
                |part: &str| part.starts_with(|first: char| first.is_ascii_digit());
            if segment.split('.').any(starts_with_digit) {
                Ok((rest, segment))
            } else {
                Err(nom::Err::Error(Failure::expected(
                    input,
                    Expected::Attribute,
                )))
            }
        })
}

/// A dot and a name.
pub(crate) fn sub_attribute(input: &str) -> Parsed<'_, String> {
    preceded(char('.'), required(name, Expected::SubAttribute))
        .map(str::to_owned)
        .parse(input)
}

/// `ATTRNAME`, which by RFC 7644 begins with a letter, and `$ref`, which RFC 7643 §2.3.7 defines
/// all the same.
fn name(input: &str) -> Parsed<'_, &str> {
    recognize((
        opt(char('$')),
        satisfy(|first| first.is_ascii_alphabetic()),
        take_while(is_name_character),
    ))
    .parse(input)
}

/// What a URN may hold (RFC 8141 §2), less the signs that mean something in a filter or in the
/// query string around it.
fn is_urn_character(character: char) -> bool {
    is_name_character(character)
        || matches!(character, '.' | '~' | '%' | '+' | '/' | '@' | '$' | ':')
}

#[cfg(test)]
mod tests {
    use super::{AttributePath, Expected, attribute_path};

    #[track_caller]
    fn assert_reads(input: &str, urn: Option<&str>, name: &str, sub_attribute: Option<&str>) {
        let expected = AttributePath {
            urn: urn.map(str::to_owned),
            name: name.to_owned(),
            sub_attribute: sub_attribute.map(str::to_owned),
        };
        assert_eq!(
            attribute_path(Expected::Attribute, input),
            Ok(("", expected))
        );
    }

    #[test]
    fn names_and_sub_attributes() {
        assert_reads("userName", None, "userName", None);
        assert_reads("name.givenName", None, "name", Some("givenName"));
        assert_reads("x-y_2.$ref", None, "x-y_2", Some("$ref"));
        assert_reads("$ref", None, "$ref", None);
    }

    #[test]
    fn the_urn_ends_at_the_last_colon() {
        let core = "urn:ietf:params:scim:schemas:core:2.0:User";
        assert_reads(&format!("{core}:userName"), Some(core), "userName", None);
        assert_reads(
            &format!("{core}:name.familyName"),
            Some(core),
            "name",
            Some("familyName"),
        );
        let own = "urn:acme-corp.example:scim:v1.2:Robot-Arm";
        assert_reads(&format!("{own}:serial"), Some(own), "serial", None);
    }

    #[test]
    fn a_schema_urn_alone_is_split_before_its_last_segment() {
        let extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0";
        assert_reads(&format!("{extension}:User"), Some(extension), "User", None);
        assert_reads(
            "urn:acme:accounts:1.0",
            Some("urn:acme:accounts"),
            "1.0",
            None,
        );
        assert_reads(
            "urn:acme:accounts-v1.2",
            Some("urn:acme"),
            "accounts-v1.2",
            None,
        );
    }

    #[test]
    fn a_schema_urn_alone_is_whole_again_in_full() {
        let urn = "urn:ietf:params:scim:schemas:core:2.0:User";
        let full = attribute_path(Expected::Attribute, urn).map(|(_, path)| path.full());
        assert_eq!(full, Ok(urn.to_owned()));
    }
}
