//! This crate, with its default options.

use std::hint::black_box;

use scim_filter_parser::{ElementCondition, Filter, Literal, ValuePath, parse_filter};

use crate::tree::{Tree, number, selection, text};

pub fn accepts(input: &str) -> bool {
    black_box(parse_filter(input)).is_ok()
}

pub fn read(input: &str) -> Option<Tree> {
    parse_filter(input).ok().as_ref().map(tree)
}

fn tree(filter: &Filter) -> Tree {
    match filter {
        Filter::Compare {
            path,
            comparison,
            value,
        } => Tree::compare(comparison.as_str(), &path.to_string(), &literal(value)),
        Filter::Present(path) => Tree::present(&path.to_string()),
        Filter::Element {
            elements,
            condition,
        } => element(elements, condition.as_ref()),
        Filter::And(operands) => Tree::all(operands.iter().map(tree)),
        Filter::Or(operands) => Tree::any(operands.iter().map(tree)),
        Filter::Not(inner) => Tree::negation(tree(inner)),
    }
}

fn element(elements: &ValuePath, condition: Option<&ElementCondition>) -> Tree {
    let attribute = elements.attribute.to_string();
    let inside = tree(&elements.filter);
    let Some(sub_attribute) = &elements.sub_attribute else {
        return Tree::element(&attribute, &inside);
    };
    let selected = format!(
        "{}.{}",
        selection(&attribute, &inside),
        sub_attribute.to_lowercase()
    );
    match condition {
        None => Tree::Term(selected),
        Some(ElementCondition::Present) => Tree::Term(format!("(pr {selected})")),
        Some(ElementCondition::Compare(comparison, value)) => {
            Tree::Term(format!("({comparison} {selected} {})", literal(value)))
        }
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Number(value) => number(value.as_f64().unwrap_or(f64::NAN)),
        Literal::String(value) => text(value),
        Literal::Null | Literal::Boolean(_) => value.to_string(),
    }
}
