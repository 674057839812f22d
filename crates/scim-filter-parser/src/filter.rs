//! `filter`: operands joined by `or`, `and` and `not` (RFC 7644 §3.4.2.2).
//!
//! Each parser here decides by the next sign or word and never takes it back: a failure behind the
//! begin of an operand is final. So every term is read once, however deep it stands.

use nom::Parser;
use nom::branch::alt;
use nom::character::complete::char;
use nom::combinator::peek;
use nom::multi::separated_list1;
use nom::sequence::{preceded, terminated};

use crate::ast::{ElementCondition, Filter};
use crate::attribute::attribute_path;
use crate::error::Expected;
use crate::lexer::{Parsed, blanks, connective, keyword, required};
use crate::operator::condition;
use crate::options::Scope;
use crate::path::value_path;

/// Operands joined by `or`, which binds least.
pub(crate) fn disjunction<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    separated_list1(connective("or"), |rest| conjunction(scope, rest))
        .map(|operands| {
            joined(operands, Filter::Or, |operand| match operand {
                Filter::Or(inner) => Ok(inner),
                other => Err(other),
            })
        })
        .parse(input)
}

/// Operands joined by `and`.
fn conjunction<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    separated_list1(connective("and"), |rest| term(scope, rest))
        .map(|operands| {
            joined(operands, Filter::And, |operand| match operand {
                Filter::And(inner) => Ok(inner),
                other => Err(other),
            })
        })
        .parse(input)
}

/// A single operand as it is, or several under `operator`. An operand of the same kind, which
/// `operands_of` opens, loses its parentheses: both operators are associative.
fn joined(
    operands: Vec<Filter>,
    operator: fn(Vec<Filter>) -> Filter,
    operands_of: fn(Filter) -> Result<Vec<Filter>, Filter>,
) -> Filter {
    let operands = match <[Filter; 1]>::try_from(operands) {
        Ok([only]) => return only,
        Err(several) => several,
    };
    let mut flat = Vec::with_capacity(operands.len());
    for operand in operands {
        match operands_of(operand) {
            Ok(inner) => flat.extend(inner),
            Err(other) => flat.push(other),
        }
    }
    operator(flat)
}

fn term<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    alt((
        |rest| group(scope, rest),
        |rest| negation(scope, rest),
        |rest| attribute_expression(scope, rest),
    ))
    .parse(input)
}

/// A filter in parentheses.
fn group<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    let (rest, _) = terminated(char('('), blanks).parse(input)?;
    let inside = scope.nested(input)?;
    terminated(
        |rest| disjunction(inside, rest),
        (blanks, required(char(')'), Expected::ClosingParenthesis)),
    )
    .parse(rest)
}

/// `not` and a group. The ABNF of RFC 7644 has no blank between them and its examples have one;
/// without a parenthesis behind it, `not` is the name of an attribute.
fn negation<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    preceded((keyword("not"), blanks, peek(char('('))), |rest| {
        group(scope, rest)
    })
    .map(|inner| Filter::Not(Box::new(inner)))
    .parse(input)
}

/// An attribute, or some of its elements, and what is said of it.
fn attribute_expression<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    let (_, ()) = scope.count_term(input)?;
    let (rest, path) = attribute_path(Expected::Term, input)?;
    if rest.starts_with('[') {
        let (rest, elements) = value_path(scope, path, rest)?;
        if elements.sub_attribute.is_none() {
            return Ok((
                rest,
                Filter::Element {
                    elements,
                    condition: None,
                },
            ));
        }
        let (rest, condition) = condition(scope, rest)?;
        return Ok((
            rest,
            Filter::Element {
                elements,
                condition: Some(condition),
            },
        ));
    }
    let (rest, condition) = condition(scope, rest)?;
    let filter = match condition {
        ElementCondition::Present => Filter::Present(path),
        ElementCondition::Compare(comparison, value) => Filter::Compare {
            path,
            comparison,
            value,
        },
    };
    Ok((rest, filter))
}
