//! The crate `scim_proto` of the kanidm project (peg).

use std::hint::black_box;

use scim_proto::filter::{AttrPath, ScimComplexFilter, ScimFilter};
use serde_json::Value;

use crate::tree::{Tree, number};

pub fn accepts(input: &str) -> bool {
    black_box(input.parse::<ScimFilter>()).is_ok()
}

pub fn read(input: &str) -> Option<Tree> {
    input.parse().ok().as_ref().map(outer)
}

fn outer(filter: &ScimFilter) -> Tree {
    use ScimFilter as Read;
    let compare = |operator, path: &AttrPath, value| {
        Tree::compare(operator, &path.to_string(), &literal(value))
    };
    match filter {
        Read::Or(left, right) => Tree::any([outer(left), outer(right)]),
        Read::And(left, right) => Tree::all([outer(left), outer(right)]),
        Read::Not(inner) => Tree::negation(outer(inner)),
        Read::Present(path) => Tree::present(&path.to_string()),
        Read::Equal(path, value) => compare("eq", path, value),
        Read::NotEqual(path, value) => compare("ne", path, value),
        Read::Contains(path, value) => compare("co", path, value),
        Read::StartsWith(path, value) => compare("sw", path, value),
        Read::EndsWith(path, value) => compare("ew", path, value),
        Read::Greater(path, value) => compare("gt", path, value),
        Read::GreaterOrEqual(path, value) => compare("ge", path, value),
        Read::Less(path, value) => compare("lt", path, value),
        Read::LessOrEqual(path, value) => compare("le", path, value),
        Read::Complex(attribute, inside) => Tree::element(attribute, &inner(inside)),
    }
}

fn inner(filter: &ScimComplexFilter) -> Tree {
    use ScimComplexFilter as Read;
    let compare = |operator, name, value| Tree::compare(operator, name, &literal(value));
    match filter {
        Read::Or(left, right) => Tree::any([inner(left), inner(right)]),
        Read::And(left, right) => Tree::all([inner(left), inner(right)]),
        Read::Not(operand) => Tree::negation(inner(operand)),
        Read::Present(name) => Tree::present(name),
        Read::Equal(name, value) => compare("eq", name, value),
        Read::NotEqual(name, value) => compare("ne", name, value),
        Read::Contains(name, value) => compare("co", name, value),
        Read::StartsWith(name, value) => compare("sw", name, value),
        Read::EndsWith(name, value) => compare("ew", name, value),
        Read::Greater(name, value) => compare("gt", name, value),
        Read::GreaterOrEqual(name, value) => compare("ge", name, value),
        Read::Less(name, value) => compare("lt", name, value),
        Read::LessOrEqual(name, value) => compare("le", name, value),
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Number(value) => number(value.as_f64().unwrap_or(f64::NAN)),
        other => other.to_string(),
    }
}
