//! Whether a row is what a search looks for.

use std::cmp::Ordering;

use super::{Comparison, Field, Node};

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::foreman) enum Cell {
    Number(i64),
    Flag(bool),
    Text(String),
}

/// `read` gives a row's values of a field: none, one, or several.
pub(in crate::foreman) fn holds(
    node: &Node,
    fields: &[Field],
    read: &dyn Fn(&str) -> Vec<Cell>,
) -> bool {
    match node {
        Node::All(nodes) => nodes.iter().all(|node| holds(node, fields, read)),
        Node::Any(nodes) => nodes.iter().any(|node| holds(node, fields, read)),
        Node::Not(node) => !holds(node, fields, read),
        Node::Compare {
            field,
            comparison,
            value,
        } => compare(&read(field), *comparison, value),
        Node::OneOf { field, values } => read(field).iter().any(|cell| values.contains(cell)),
        Node::Word(word) => fields
            .iter()
            .filter(|field| field.implicit)
            .any(|field| read(field.name).iter().any(|cell| is_like(cell, word))),
        Node::Has(field) => !read(field).is_empty(),
        Node::Nothing => false,
    }
}

fn compare(cells: &[Cell], comparison: Comparison, value: &Cell) -> bool {
    let any_is = |wanted: fn(Ordering) -> bool| cells.iter().any(|cell| wanted(cell.cmp(value)));
    let like = || match value {
        Cell::Text(pattern) => cells.iter().any(|cell| is_like(cell, pattern)),
        other => cells.contains(other),
    };
    match comparison {
        Comparison::Equal => cells.contains(value),
        Comparison::NotEqual => !cells.contains(value),
        Comparison::Like => like(),
        Comparison::Unlike => !like(),
        Comparison::Greater => any_is(Ordering::is_gt),
        Comparison::GreaterOrEqual => any_is(Ordering::is_ge),
        Comparison::Less => any_is(Ordering::is_lt),
        Comparison::LessOrEqual => any_is(Ordering::is_le),
    }
}

/// SQL's `ILIKE`, within the text unless the pattern begins or ends with a wildcard.
fn is_like(cell: &Cell, pattern: &str) -> bool {
    let Cell::Text(text) = cell else {
        return false;
    };
    let wild = |letter: char| letter == '*' || letter == '%';
    let pattern = if pattern.starts_with(wild) || pattern.ends_with(wild) {
        pattern.to_lowercase()
    } else {
        format!("%{}%", pattern.to_lowercase())
    };
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    glob(&text, &pattern)
}

/// Wildcards for any text (`%`, `*`) and for one letter (`_`), without backtracking more than once.
fn glob(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut wanted) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(wanted) {
            Some('%' | '*') => {
                retry = Some((at, wanted));
                wanted += 1;
            }
            Some(letter) if *letter == '_' || text.get(at) == Some(letter) => {
                at += 1;
                wanted += 1;
            }
            _ => {
                let Some((from, star)) = retry else {
                    return false;
                };
                retry = Some((from + 1, star));
                at = from + 1;
                wanted = star + 1;
            }
        }
    }
    let rest = pattern.get(wanted..).unwrap_or_default();
    rest.iter().all(|letter| matches!(letter, '%' | '*'))
}
