//! The crate `scim-filter` (nom 7). It has no public function for a whole filter alone, so that its
//! own test for a rest is repeated here.

use std::hint::black_box;

use scim_filter::parser::{
    AttrExpData, AttrPath, CompValue, CompareOp, Filter, LogExpData, ValFilter, filter,
};

use crate::tree::{Tree, number, text};

pub fn accepts(input: &str) -> bool {
    matches!(black_box(filter(input)), Ok(("", _)))
}

pub fn read(input: &str) -> Option<Tree> {
    match filter(input) {
        Ok(("", read)) => Some(outer(&read)),
        _ => None,
    }
}

fn outer(filter: &Filter<'_>) -> Tree {
    match filter {
        Filter::AttrExp(expression) => term(expression),
        Filter::LogExp(expression) => joined(expression),
        Filter::ValuePath(elements) => {
            Tree::element(&path(elements.attr_path()), &inner(elements.val_filter()))
        }
        Filter::Sub(true, operand) => Tree::negation(outer(operand)),
        Filter::Sub(false, operand) => outer(operand),
    }
}

fn inner(filter: &ValFilter<'_>) -> Tree {
    match filter {
        ValFilter::AttrExp(expression) => term(expression),
        ValFilter::LogExp(expression) => joined(expression),
        ValFilter::SubFilter(true, operand) => Tree::negation(inner(operand)),
        ValFilter::SubFilter(false, operand) => inner(operand),
    }
}

fn joined(expression: &LogExpData<'_>) -> Tree {
    let operands = [outer(&expression.left), outer(&expression.right)];
    if expression.log_exp_operator.is_and() {
        Tree::all(operands)
    } else {
        Tree::any(operands)
    }
}

fn term(expression: &AttrExpData<'_>) -> Tree {
    match expression {
        AttrExpData::Present(attribute) => Tree::present(&path(attribute)),
        AttrExpData::Compare(attribute, operator, value) => {
            Tree::compare(operator_name(*operator), &path(attribute), &literal(value))
        }
    }
}

/// The URN is read, but private; only the debug form shows it.
fn path(path: &AttrPath) -> String {
    let shown = format!("{path:?}");
    let urn = shown
        .split_once("uri: Some(\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(urn, _)| format!("{urn}:"))
        .unwrap_or_default();
    let sub_attribute = path.sub_attr().as_ref().map(|name| format!(".{}", &**name));
    format!(
        "{urn}{}{}",
        &**path.attr_name(),
        sub_attribute.unwrap_or_default()
    )
}

fn operator_name(operator: CompareOp) -> &'static str {
    match operator {
        CompareOp::Equal => "eq",
        CompareOp::NotEqual => "ne",
        CompareOp::Contains => "co",
        CompareOp::StartsWith => "sw",
        CompareOp::EndsWith => "ew",
        CompareOp::GreaterThan => "gt",
        CompareOp::GreaterThanOrEqual => "ge",
        CompareOp::LessThan => "lt",
        CompareOp::LessThanOrEqual => "le",
    }
}

fn literal(value: &CompValue<'_>) -> String {
    match value {
        CompValue::Null => "null".to_owned(),
        CompValue::True => "true".to_owned(),
        CompValue::False => "false".to_owned(),
        CompValue::Number(value) => number(value.to_string().parse().unwrap_or(f64::NAN)),
        CompValue::String(value) => text(value),
    }
}
