//! The crate `scim_v2` (LALRPOP).

use std::hint::black_box;

use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};

use crate::tree::{Tree, number, text};

pub fn accepts(input: &str) -> bool {
    black_box(input.parse::<Filter>()).is_ok()
}

pub fn read(input: &str) -> Option<Tree> {
    input.parse().ok().map(outer)
}

fn outer(filter: Filter) -> Tree {
    match filter {
        Filter::Attr(expression) => term(&expression),
        Filter::ValuePath(elements) => {
            Tree::element(&path(&elements.attr), &inner(*elements.filter))
        }
        Filter::Not(operand) => Tree::negation(outer(*operand)),
        Filter::And(operands) => Tree::all(operands.into_iter().map(outer)),
        Filter::Or(operands) => Tree::any(operands.into_iter().map(outer)),
    }
}

fn inner(filter: ValFilter) -> Tree {
    match filter {
        ValFilter::Attr(expression) => term(&expression),
        ValFilter::Not(operand) => Tree::negation(inner(*operand)),
        ValFilter::And(operands) => Tree::all(operands.into_iter().map(inner)),
        ValFilter::Or(operands) => Tree::any(operands.into_iter().map(inner)),
    }
}

fn term(expression: &AttrExp) -> Tree {
    match expression {
        AttrExp::Present(attribute) => Tree::present(&path(attribute)),
        AttrExp::Comparison(attribute, operator, value) => {
            Tree::compare(operator_name(operator), &path(attribute), &literal(value))
        }
    }
}

fn path(path: &AttrPath) -> String {
    let urn = path
        .uri
        .as_ref()
        .map(|urn| format!("{urn}:"))
        .unwrap_or_default();
    let sub_attribute = path
        .sub_attr
        .as_ref()
        .map(|name| format!(".{name}"))
        .unwrap_or_default();
    format!("{urn}{}{sub_attribute}", path.name)
}

fn operator_name(operator: &CompareOp) -> &'static str {
    match operator {
        CompareOp::Eq => "eq",
        CompareOp::Ne => "ne",
        CompareOp::Co => "co",
        CompareOp::Sw => "sw",
        CompareOp::Ew => "ew",
        CompareOp::Gt => "gt",
        CompareOp::Ge => "ge",
        CompareOp::Lt => "lt",
        CompareOp::Le => "le",
    }
}

fn literal(value: &CompValue) -> String {
    match value {
        CompValue::Null => "null".to_owned(),
        CompValue::True => "true".to_owned(),
        CompValue::False => "false".to_owned(),
        CompValue::Number(value) => number(value.as_f64().unwrap_or(f64::NAN)),
        CompValue::Str(value) => text(value),
    }
}
