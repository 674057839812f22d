//! `filter`: operands joined by `or`, `and` and `not` (RFC 7644 §3.4.2.2); and `valuePath`, which
//! holds one in its brackets (RFC 7644 §3.5.2).
//!
//! Groups are kept on a stack of [`Level`]s rather than on the thread's: a filter comes from
//! outside, and combinators that call each other spend kilobytes on each parenthesis. The next sign
//! or word always tells what begins, and nothing is taken back, so that every term is read once.

use alloc::boxed::Box;
use alloc::vec::Vec;

use nom::Parser;
use nom::branch::alt;
use nom::character::complete::char;
use nom::combinator::{opt, value};
use nom::sequence::{delimited, preceded, terminated};

use crate::ast::{AttributePath, ElementCondition, Filter, ValuePath};
use crate::attribute::{attribute_path, sub_attribute};
use crate::error::{ErrorKind, Expected, Failure};
use crate::lexer::{Parsed, blanks, keyword, required};
use crate::operator::condition;
use crate::options::Scope;

/// Operands joined by `and` and `or`, groups included.
pub(crate) fn disjunction<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Filter> {
    let mut open = Vec::new();
    let mut level = Level::new(scope, false);
    let mut rest = input;
    loop {
        match opening(rest) {
            Ok((after, negated)) => {
                let inside = Level::new(level.scope.nested(rest)?, negated);
                open.push(core::mem::replace(&mut level, inside));
                rest = after;
            }
            Err(_) => {
                let (after, term) = attribute_expression(level.scope, rest)?;
                level.push(term);
                match next_operand(after, &mut level, &mut open)? {
                    (after, Continue::Operand) => rest = after,
                    (after, Continue::End) => return Ok((after, level.finish())),
                }
            }
        }
    }
}

/// What follows an operand.
enum Continue {
    /// A further one.
    Operand,
    /// Nothing that belongs to the filter.
    End,
}

/// Goes from the end of an operand to the begin of the next, out of the groups that end here.
fn next_operand<'a, 's>(
    input: &'a str,
    level: &mut Level<'s>,
    open: &mut Vec<Level<'s>>,
) -> Parsed<'a, Continue> {
    let mut rest = input;
    loop {
        if let Ok((after, connective)) = connective(rest) {
            if matches!(connective, Connective::Or) {
                level.end_conjunction();
            }
            return Ok((after, Continue::Operand));
        }
        let Some(outer) = open.pop() else {
            return Ok((rest, Continue::End));
        };
        (rest, _) = closing(rest)?;
        let group = core::mem::replace(level, outer).finish();
        level.push(group);
    }
}

/// What has been read of a filter between one pair of parentheses.
struct Level<'s> {
    scope: Scope<'s>,
    /// Whether `not` stands before the parenthesis.
    negated: bool,
    /// The operands of `or` that are complete.
    disjuncts: Vec<Filter>,
    /// The operands of `and` since the last `or`.
    conjuncts: Vec<Filter>,
}

impl<'s> Level<'s> {
    fn new(scope: Scope<'s>, negated: bool) -> Self {
        Self {
            scope,
            negated,
            disjuncts: Vec::new(),
            conjuncts: Vec::new(),
        }
    }

    /// Takes an operand. A conjunction loses its parentheses within another: `and` is associative.
    fn push(&mut self, operand: Filter) {
        match operand {
            Filter::And(inner) => self.conjuncts.extend(inner),
            other => self.conjuncts.push(other),
        }
    }

    /// Ends the run of operands that `and` joins. `or` is associative, too.
    fn end_conjunction(&mut self) {
        match joined(core::mem::take(&mut self.conjuncts), Filter::And) {
            Filter::Or(inner) => self.disjuncts.extend(inner),
            other => self.disjuncts.push(other),
        }
    }

    fn finish(mut self) -> Filter {
        let filter = if self.disjuncts.is_empty() {
            joined(self.conjuncts, Filter::And)
        } else {
            self.end_conjunction();
            joined(self.disjuncts, Filter::Or)
        };
        if self.negated {
            Filter::Not(Box::new(filter))
        } else {
            filter
        }
    }
}

/// A single operand as it is, or several under `operator`.
fn joined(operands: Vec<Filter>, operator: fn(Vec<Filter>) -> Filter) -> Filter {
    match <[Filter; 1]>::try_from(operands) {
        Ok([only]) => only,
        Err(several) => operator(several),
    }
}

/// The begin of a group: whether it is negated. The ABNF of RFC 7644 has no blank behind `not` and
/// its examples have one; without a parenthesis behind it, `not` is the name of an attribute.
fn opening(input: &str) -> Parsed<'_, bool> {
    let negation = (keyword("not"), blanks, char('('));
    terminated(
        alt((value(false, char('(')), value(true, negation))),
        blanks,
    )
    .parse(input)
}

/// The end of a group.
fn closing(input: &str) -> Parsed<'_, char> {
    preceded(blanks, required(char(')'), Expected::ClosingParenthesis)).parse(input)
}

/// What joins two operands.
#[derive(Clone, Copy)]
enum Connective {
    And,
    Or,
}

fn connective(input: &str) -> Parsed<'_, Connective> {
    let word = alt((
        value(Connective::And, keyword("and")),
        value(Connective::Or, keyword("or")),
    ));
    delimited(blanks, word, blanks).parse(input)
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
