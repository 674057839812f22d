//! `path` and `valuePath` (RFC 7644 §3.5.2).

use alloc::boxed::Box;

use nom::Parser;
use nom::character::complete::char;
use nom::combinator::opt;
use nom::sequence::delimited;

use crate::ast::{AttributePath, Path, ValuePath};
use crate::attribute::{attribute_path, sub_attribute};
use crate::error::{ErrorKind, Expected, Failure};
use crate::filter::disjunction;
use crate::lexer::{Parsed, blanks, required};
use crate::options::Scope;

/// A path: an attribute, or some of its elements.
pub(crate) fn path<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Path> {
    let (rest, attribute) = attribute_path(Expected::Attribute, input)?;
    if rest.starts_with('[') {
        value_path(scope, attribute, rest).map(|(rest, elements)| (rest, Path::Value(elements)))
    } else {
        Ok((rest, Path::Attribute(attribute)))
    }
}

/// The value path of `attribute`, from its `[` on.
pub(crate) fn value_path<'a>(
    scope: Scope<'_>,
    attribute: AttributePath,
    input: &'a str,
) -> Parsed<'a, ValuePath> {
    if scope.in_brackets {
        return Err(Failure::new(input, ErrorKind::NestedBrackets).fatal());
    }
    if attribute.sub_attribute.is_some() {
        return Err(Failure::new(input, ErrorKind::BracketsAfterSubAttribute).fatal());
    }
    let inside = scope.bracketed(input)?;
    let (rest, filter) = delimited(
        (char('['), blanks),
        |rest| disjunction(inside, rest),
        (blanks, required(char(']'), Expected::ClosingBracket)),
    )
    .parse(input)?;
    let (rest, sub_attribute) = opt(sub_attribute).parse(rest)?;
    Ok((
        rest,
        ValuePath {
            attribute,
            filter: Box::new(filter),
            sub_attribute,
        },
    ))
}
