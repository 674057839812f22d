//! Random trees and random text, for the properties.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use serde_json::Number;

use crate::{AttributePath, Comparison, ElementCondition, Filter, Literal, Path, ValuePath};

/// How far the trees may use what RFC 7644's ABNF does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// All that this crate reads.
    Ours,
    /// What a strict parser reads too.
    Abnf,
}

const KEYWORDS: [&str; 12] = [
    "and", "or", "not", "pr", "eq", "ne", "co", "sw", "ew", "gt", "null", "True",
];

fn name(dialect: Dialect) -> impl Strategy<Value = String> {
    let plain = "[A-Za-z][A-Za-z0-9_-]{0,6}".prop_filter("a keyword", move |name: &String| {
        dialect == Dialect::Ours || !is_keyword(name)
    });
    let odd = prop_oneof![
        Just("$ref".to_owned()),
        select(&KEYWORDS[..]).prop_map(str::to_owned)
    ];
    prop_oneof![9 => plain, 1 => odd].prop_filter("not in the ABNF", move |name| {
        dialect == Dialect::Ours || !(name.starts_with('$') || is_keyword(name))
    })
}

/// Whether a parser that reserves its keywords refuses `name`.
pub(super) fn is_keyword(name: &str) -> bool {
    let folded = name.to_ascii_lowercase();
    ["ge", "lt", "le", "false", "true"].contains(&folded.as_str())
        || KEYWORDS
            .iter()
            .any(|keyword| keyword.eq_ignore_ascii_case(&folded))
}

fn urn() -> impl Strategy<Value = String> {
    "urn:[a-z][a-z-]{1,5}(:[a-z0-9.-]{1,6}){0,2}:2\\.0:[A-Z][a-z-]{0,5}"
}

fn attribute(dialect: Dialect) -> impl Strategy<Value = AttributePath> {
    (option::weighted(0.2, urn()), name(dialect)).prop_map(|(urn, name)| AttributePath {
        urn,
        name,
        sub_attribute: None,
    })
}

fn attribute_path(dialect: Dialect) -> impl Strategy<Value = AttributePath> {
    let dotted =
        (attribute(dialect), option::of(name(dialect))).prop_map(|(path, sub_attribute)| {
            AttributePath {
                sub_attribute,
                ..path
            }
        });
    let version = (urn(), "[0-9]\\.[0-9](-[a-z]{1,4})?").prop_map(|(urn, name)| AttributePath {
        urn: Some(urn),
        name,
        sub_attribute: None,
    });
    prop_oneof![
        12 => dotted,
        u32::from(dialect == Dialect::Ours) => version,
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Contains,
        Comparison::StartsWith,
        Comparison::EndsWith,
        Comparison::GreaterThan,
        Comparison::GreaterOrEqual,
        Comparison::LessThan,
        Comparison::LessOrEqual,
    ])
}

fn literal(dialect: Dialect) -> impl Strategy<Value = Literal> {
    // Serde reads the last digits of some numbers differently unless told to be exact, so that a
    // parser that leaves numbers to it is asked only for quarters.
    let fraction = match dialect {
        Dialect::Ours => any::<f64>().boxed(),
        Dialect::Abnf => any::<i16>()
            .prop_map(|number| f64::from(number) / 4.0)
            .boxed(),
    };
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        any::<i64>().prop_map(|number| Literal::Number(number.into())),
        any::<u64>().prop_map(|number| Literal::Number(number.into())),
        fraction
            .prop_filter_map("finite", Number::from_f64)
            .prop_map(Literal::Number),
        "[ -~]{0,12}".prop_map(Literal::String),
        any::<String>().prop_map(Literal::String),
    ]
}

fn condition(dialect: Dialect) -> impl Strategy<Value = ElementCondition> {
    prop_oneof![
        1 => Just(ElementCondition::Present),
        3 => (comparison(), literal(dialect))
            .prop_map(|(comparison, literal)| ElementCondition::Compare(comparison, literal)),
    ]
}

/// A filter without brackets.
fn plain_term(dialect: Dialect) -> impl Strategy<Value = Filter> {
    (attribute_path(dialect), condition(dialect)).prop_map(|(path, condition)| match condition {
        ElementCondition::Present => Filter::Present(path),
        ElementCondition::Compare(comparison, value) => Filter::Compare {
            path,
            comparison,
            value,
        },
    })
}

fn value_path(dialect: Dialect) -> impl Strategy<Value = ValuePath> {
    (
        attribute(dialect),
        combined(plain_term(dialect).boxed(), 2),
        option::of(name(dialect)),
    )
        .prop_map(|(attribute, filter, sub_attribute)| ValuePath {
            attribute,
            filter: Box::new(filter),
            sub_attribute,
        })
}

fn term(dialect: Dialect) -> impl Strategy<Value = Filter> {
    let element =
        (value_path(dialect), condition(dialect)).prop_map(move |(elements, condition)| {
            match elements.sub_attribute {
                Some(_) if dialect == Dialect::Ours => Filter::Element {
                    elements,
                    condition: Some(condition),
                },
                _ => Filter::Element {
                    elements: ValuePath {
                        sub_attribute: None,
                        ..elements
                    },
                    condition: None,
                },
            }
        });
    prop_oneof![4 => plain_term(dialect), 1 => element]
}

/// `terms` under up to `depth` levels of operators.
fn combined(
    terms: impl Strategy<Value = Filter> + 'static,
    depth: u32,
) -> impl Strategy<Value = Filter> {
    terms.prop_recursive(depth, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(and),
            vec(inner.clone(), 2..4).prop_map(or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

/// The operands as the syntax tree wants them: no `And` directly in an `And`.
fn and(operands: Vec<Filter>) -> Filter {
    Filter::And(
        operands
            .into_iter()
            .flat_map(|operand| match operand {
                Filter::And(inner) => inner,
                other => vec![other],
            })
            .collect(),
    )
}

fn or(operands: Vec<Filter>) -> Filter {
    Filter::Or(
        operands
            .into_iter()
            .flat_map(|operand| match operand {
                Filter::Or(inner) => inner,
                other => vec![other],
            })
            .collect(),
    )
}

/// Any filter of the dialect.
pub(super) fn filter(dialect: Dialect) -> impl Strategy<Value = Filter> {
    combined(term(dialect).boxed(), 5)
}

/// Any path of the dialect.
pub(super) fn path(dialect: Dialect) -> impl Strategy<Value = Path> {
    prop_oneof![
        attribute_path(dialect).prop_map(Path::Attribute),
        value_path(dialect).prop_map(Path::Value),
    ]
}

/// Text that is nearly a filter, and quite often is one: operands with some parentheses around them,
/// and then perhaps a token too many or too few.
pub(super) fn tokens() -> impl Strategy<Value = Vec<&'static str>> {
    let operand = select(vec![
        "a pr",
        "b.c eq 1",
        "d co \"x\"",
        "urn:x:y:2.0:Z:n ne null",
        "( a pr )",
        "( a pr or d gt -2.5 )",
        "( b pr and d le true )",
        "not ( d eq false )",
        "not ( a pr and b pr )",
        "( not ( ( c pr ) ) or d pr )",
        "e[ a pr ]",
        "e[ a pr and ( b eq \"\" or c pr ) ]",
        "e[ not ( a pr ) ]",
    ]);
    let joined = vec((operand, select(vec!["and", "or"])), 1..6).prop_map(|pairs| {
        let texts = pairs
            .into_iter()
            .flat_map(|(operand, connective)| [connective, operand]);
        texts
            .skip(1)
            .flat_map(|text| text.split(' '))
            .collect::<Vec<_>>()
    });
    let token = select(vec![
        "a", "b.c", "eq", "pr", "and", "or", "not", "(", ")", "e[", "]", ".f", "\"x\"", "1", "null",
    ]);
    (joined, 0..4, any::<Index>(), token).prop_map(|(mut tokens, change, at, token)| {
        let at = at.index(tokens.len());
        match change {
            0 => tokens.insert(at, token),
            1 => tokens[at] = token,
            2 => drop(tokens.remove(at)),
            _ => {}
        }
        tokens
    })
}
