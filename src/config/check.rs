//! Every key that does not exist and every value of the wrong type, found in one walk.
//!
//! What is wrong is taken out of the table, so that the rest can still be read and its own errors
//! reported with these.

use toml::{Table, Value};

use super::errors::{Findings, closest, listing};
use super::introspect::Shape;
use super::places::KeyPath;

/// Checks a whole table, and leaves in it what is right.
pub(super) fn check_table(
    shape: &Shape,
    table: &mut Table,
    path: &KeyPath,
    findings: &mut Findings,
) {
    let keys: Vec<String> = table.keys().cloned().collect();
    for key in keys {
        let path = path.key(&key);
        let Some(expected) = shape.key(&key) else {
            findings.removed(&path, "there is no such key", suggestion(shape, &key));
            table.remove(&key);
            continue;
        };
        let fits = table
            .get_mut(&key)
            .is_some_and(|value| check_value(expected, value, &path, findings));
        if !fits {
            table.remove(&key);
        }
    }
}

/// Checks a value; `false` if it is of no use. Errors within lists and sections are taken out there.
pub(super) fn check_value(
    shape: &Shape,
    value: &mut Value,
    path: &KeyPath,
    findings: &mut Findings,
) -> bool {
    match (shape, &mut *value) {
        (Shape::Section(_) | Shape::Named(_), Value::Table(table)) => {
            check_table(shape, table, path, findings);
            true
        }
        (Shape::List(item), Value::Array(items)) => items
            .iter_mut()
            .enumerate()
            .all(|(index, value)| check_value(item, value, &path.item(index), findings)),
        (Shape::Anything, _)
        | (Shape::Text, Value::String(_))
        | (Shape::Flag, Value::Boolean(_)) => true,
        (Shape::Choice(words), Value::String(word)) => check_choice(words, word, path, findings),
        (Shape::Number(largest), Value::Integer(number)) => {
            let fits = u64::try_from(*number).is_ok_and(|number| number <= *largest);
            if !fits {
                findings.removed(
                    path,
                    format!("{number} is out of range"),
                    format!("write a whole number from 0 to {largest}"),
                );
            }
            fits
        }
        (Shape::Decimal, Value::Integer(number)) => {
            // Beyond 32 bits it is out of range either way.
            in_range(
                i32::try_from(*number).map_or(f64::INFINITY, f64::from),
                path,
                findings,
            )
        }
        (Shape::Decimal, Value::Float(number)) => in_range(*number, path, findings),
        // The value itself is never shown: it might be a password without its quotes.
        (expected, found) => {
            findings.removed(
                path,
                format!("this is {}", article(found.type_str())),
                format!("write {}", description(expected)),
            );
            false
        }
    }
}

/// Decimals are durations; the longest is about thirty years.
const LARGEST_DECIMAL: f64 = 1e9;

fn in_range(number: f64, path: &KeyPath, findings: &mut Findings) -> bool {
    let fits = (0.0..=LARGEST_DECIMAL).contains(&number);
    if !fits {
        findings.removed(
            path,
            format!("{number} is out of range"),
            format!("write a number from 0 to {LARGEST_DECIMAL}"),
        );
    }
    fits
}

fn check_choice(
    words: &'static [&'static str],
    word: &str,
    path: &KeyPath,
    findings: &mut Findings,
) -> bool {
    if words.contains(&word) {
        return true;
    }
    let choices = description(&Shape::Choice(words));
    let remedy = match closest(word, words.iter().copied()) {
        Some(meant) => format!("did you mean {meant:?}? It may be {choices}"),
        None => format!("write {choices}"),
    };
    findings.removed(path, format!("{word:?} is not a choice here"), remedy);
    false
}

fn suggestion(shape: &Shape, key: &str) -> String {
    let Shape::Section(keys) = shape else {
        return "take it out".to_owned();
    };
    let names = keys.iter().map(|(name, _)| *name);
    match closest(key, names.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the keys here are {}", listing(names)),
    }
}

/// What to write, for messages.
pub(super) fn description(shape: &Shape) -> String {
    match shape {
        Shape::Section(_) | Shape::Named(_) => "a section ([...])".to_owned(),
        Shape::List(item) if matches!(**item, Shape::Section(_)) => {
            "a list of sections ([[...]])".to_owned()
        }
        Shape::List(item) => format!("a list in brackets, each {}", description(item)),
        Shape::Choice(words) => {
            let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            quoted.join(" or ")
        }
        Shape::Flag => "true or false, without quotes".to_owned(),
        Shape::Number(_) => "a whole number, without quotes".to_owned(),
        Shape::Decimal => "a number, without quotes".to_owned(),
        Shape::Text => "a string in quotes".to_owned(),
        Shape::Anything => "any value".to_owned(),
    }
}

fn article(kind: &str) -> String {
    match kind.as_bytes().first() {
        Some(b'a' | b'e' | b'i' | b'o') => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}
