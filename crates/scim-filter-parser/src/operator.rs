//! `condition`: what stands to the right of an attribute.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::take_while1;
use nom::combinator::{map_opt, value};

use crate::ast::{Comparison, ElementCondition};
use crate::error::Expected;
use crate::lexer::{Parsed, blanks, is_name_character, keyword, required};
use crate::literal::literal;
use crate::options::Scope;

const COMPARISONS: [Comparison; 9] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Contains,
    Comparison::StartsWith,
    Comparison::EndsWith,
    Comparison::GreaterThan,
    Comparison::GreaterOrEqual,
    Comparison::LessThan,
    Comparison::LessOrEqual,
];

/// `pr`, or a comparison and its literal, with the blanks before them.
pub(crate) fn condition<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, ElementCondition> {
    let (rest, _) = blanks(input)?;
    let operator = alt((value(None, keyword("pr")), comparison.map(Some)));
    let (rest, operator) = required(operator, Expected::Operator).parse(rest)?;
    let Some(comparison) = operator else {
        return Ok((rest, ElementCondition::Present));
    };
    let (rest, _) = blanks(rest)?;
    let (rest, literal) = literal(scope, rest)?;
    Ok((rest, ElementCondition::Compare(comparison, literal)))
}

fn comparison(input: &str) -> Parsed<'_, Comparison> {
    map_opt(take_while1(is_name_character), |word: &str| {
        COMPARISONS
            .into_iter()
            .find(|comparison| comparison.as_str().eq_ignore_ascii_case(word))
    })
    .parse(input)
}
