//! A second opinion: the parser of the crate `scim_v2`, written by others from the same RFC.

use proptest::prelude::{prop_assert_eq, proptest};
use scim_v2::filter as theirs;

use super::strategies::{Dialect, filter, is_keyword, path, tokens};
use crate::{AttributePath, Comparison, Filter, Literal, Options, Path, ValuePath};
use crate::{parse_filter_with, parse_path_with};

/// The options under which both read the same language, but for names.
fn strict() -> Options {
    Options {
        bare_words: false,
        ..Options::default()
    }
}

fn attribute(path: theirs::AttrPath) -> AttributePath {
    AttributePath {
        urn: path.uri,
        name: path.name,
        sub_attribute: path.sub_attr,
    }
}

fn comparison(operator: &theirs::CompareOp) -> Comparison {
    match operator {
        theirs::CompareOp::Eq => Comparison::Equal,
        theirs::CompareOp::Ne => Comparison::NotEqual,
        theirs::CompareOp::Co => Comparison::Contains,
        theirs::CompareOp::Sw => Comparison::StartsWith,
        theirs::CompareOp::Ew => Comparison::EndsWith,
        theirs::CompareOp::Gt => Comparison::GreaterThan,
        theirs::CompareOp::Lt => Comparison::LessThan,
        theirs::CompareOp::Ge => Comparison::GreaterOrEqual,
        theirs::CompareOp::Le => Comparison::LessOrEqual,
    }
}

fn literal(value: theirs::CompValue) -> Literal {
    match value {
        theirs::CompValue::Null => Literal::Null,
        theirs::CompValue::True => Literal::Boolean(true),
        theirs::CompValue::False => Literal::Boolean(false),
        theirs::CompValue::Number(number) => Literal::Number(number),
        theirs::CompValue::Str(text) => Literal::String(text),
    }
}

fn term(expression: theirs::AttrExp) -> Filter {
    match expression {
        theirs::AttrExp::Present(path) => Filter::Present(attribute(path)),
        theirs::AttrExp::Comparison(path, operator, value) => Filter::Compare {
            path: attribute(path),
            comparison: comparison(&operator),
            value: literal(value),
        },
    }
}

/// Their tree of a filter within brackets, as ours.
fn inner(tree: theirs::ValFilter) -> Filter {
    match tree {
        theirs::ValFilter::Attr(expression) => term(expression),
        theirs::ValFilter::Not(operand) => Filter::Not(Box::new(inner(*operand))),
        theirs::ValFilter::And(operands) => Filter::And(operands.into_iter().map(inner).collect()),
        theirs::ValFilter::Or(operands) => Filter::Or(operands.into_iter().map(inner).collect()),
    }
}

/// Their tree of a filter, as ours.
fn outer(tree: theirs::Filter) -> Filter {
    match tree {
        theirs::Filter::Attr(expression) => term(expression),
        theirs::Filter::ValuePath(elements) => Filter::Element {
            elements: ValuePath {
                attribute: attribute(elements.attr),
                filter: Box::new(inner(*elements.filter)),
                sub_attribute: None,
            },
            condition: None,
        },
        theirs::Filter::Not(operand) => Filter::Not(Box::new(outer(*operand))),
        theirs::Filter::And(operands) => Filter::And(operands.into_iter().map(outer).collect()),
        theirs::Filter::Or(operands) => Filter::Or(operands.into_iter().map(outer).collect()),
    }
}

/// Their tree of a path, as ours.
fn patch_path(tree: theirs::PatchPath) -> Path {
    match tree {
        theirs::PatchPath::Attr(path) => Path::Attribute(attribute(path)),
        theirs::PatchPath::Value(elements) => Path::Value(ValuePath {
            attribute: attribute(elements.attr),
            filter: Box::new(inner(elements.filter)),
            sub_attribute: elements.sub_attr,
        }),
    }
}

/// Whether an attribute of `tree` bears a name that only we tell from a keyword.
fn names_a_keyword(tree: &Filter) -> bool {
    let is_one = |path: &AttributePath| {
        is_keyword(&path.name) || path.sub_attribute.as_deref().is_some_and(is_keyword)
    };
    match tree {
        Filter::Compare { path, .. } | Filter::Present(path) => is_one(path),
        Filter::Element { elements, .. } => {
            is_one(&elements.attribute) || names_a_keyword(&elements.filter)
        }
        Filter::And(operands) | Filter::Or(operands) => operands.iter().any(names_a_keyword),
        Filter::Not(operand) => names_a_keyword(operand),
    }
}

proptest! {
    #[test]
    fn both_read_a_filter_as_the_same_tree(tree in filter(Dialect::Abnf)) {
        let printed = tree.to_string();
        prop_assert_eq!(parse_filter_with(&printed, &strict()), Ok(tree.clone()), "{}", printed);
        let theirs = printed.parse::<theirs::Filter>().map(outer).map_err(|e| e.to_string());
        prop_assert_eq!(theirs, Ok(tree), "{}", printed);
    }

    #[test]
    fn both_read_a_path_as_the_same_tree(tree in path(Dialect::Abnf)) {
        let printed = tree.to_string();
        prop_assert_eq!(parse_path_with(&printed, &strict()), Ok(tree.clone()), "{}", printed);
        let theirs = printed.parse::<theirs::PatchPath>().map(patch_path);
        prop_assert_eq!(theirs.map_err(|e| e.to_string()), Ok(tree), "{}", printed);
    }

    /// Nearly-filters are where two parsers fall out. What they take, we take, and what we
    /// take, they take, unless a keyword serves as a name, which is ours alone.
    #[test]
    fn both_take_and_refuse_the_same_text(tokens in tokens()) {
        let input = tokens.join(" ").replace(" .", ".").replace(" [", "[");
        let ours = parse_filter_with(&input, &strict()).ok();
        let theirs = input.parse::<theirs::Filter>().ok().map(outer);
        if !ours.as_ref().is_some_and(names_a_keyword) {
            prop_assert_eq!(ours, theirs, "{}", input);
        }
    }
}
