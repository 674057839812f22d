//! What the writer of a faulty input probably meant.

use crate::kind::{ErrorKind, Expected};

/// A remedy for the error of this kind between `before` and `rest`, if there is one to give.
pub(crate) fn hint(kind: &ErrorKind, before: &str, rest: &str) -> Option<&'static str> {
    match kind {
        ErrorKind::Expected(Expected::Term | Expected::Attribute) => at_name(rest),
        ErrorKind::Expected(Expected::Operator) => at_operator(before, rest),
        ErrorKind::Expected(Expected::Value) => at_value(rest),
        ErrorKind::Expected(
            Expected::ClosingParenthesis | Expected::ClosingBracket | Expected::EndOfFilter,
        ) => at_connective(rest),
        ErrorKind::InvalidString { .. } => {
            Some(r#"within a string write \" for a quote, \\ for a backslash, \n for a line end"#)
        }
        ErrorKind::NestedBrackets => {
            Some("name the sub-attribute itself, and join conditions by `and`")
        }
        ErrorKind::BracketsAfterSubAttribute => {
            Some("the sub-attribute follows the brackets: emails[type eq \"work\"].value")
        }
        _ => None,
    }
}

fn at_name(rest: &str) -> Option<&'static str> {
    match rest.chars().next()? {
        '"' | '\'' => Some("attribute names stand without quotes"),
        '!' => Some("negation is written `not (...)`"),
        _ => None,
    }
}

fn at_operator(before: &str, rest: &str) -> Option<&'static str> {
    let previous = before.split_whitespace().next_back().unwrap_or_default();
    if previous
        .trim_start_matches(['(', '['])
        .eq_ignore_ascii_case("not")
    {
        return Some("`not` takes its filter in parentheses: not (...)");
    }
    match rest.chars().next()? {
        '=' => Some("equality is written `eq`"),
        '!' => Some("inequality is written `ne`"),
        '<' => Some("comparisons are written `lt` and `le`"),
        '>' => Some("comparisons are written `gt` and `ge`"),
        '[' => Some("brackets follow the attribute's name without a blank"),
        _ => None,
    }
}

fn at_value(rest: &str) -> Option<&'static str> {
    match rest.chars().next()? {
        '\'' | '‘' | '’' | '`' | '“' | '”' | '„' | '«' => {
            Some("strings stand in straight double quotes: \"...\"")
        }
        first if first.is_alphanumeric() => Some("a string stands in double quotes"),
        _ => None,
    }
}

fn at_connective(rest: &str) -> Option<&'static str> {
    match rest.chars().next()? {
        '&' => Some("conjunction is written `and`"),
        '|' => Some("disjunction is written `or`"),
        ')' => Some("no `(` is open that this could close"),
        ']' => Some("no `[` is open that this could close"),
        first if first.is_alphanumeric() => {
            Some("a value that holds a blank stands in double quotes")
        }
        _ => None,
    }
}
