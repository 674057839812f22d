//! Query filters: triples of field, operation and value, and what they say about a row.

use std::cmp::Ordering;

use serde_json::Value;

use super::release::Family;
use super::reply::Refusal;

/// A filter on a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    Test {
        field: String,
        operation: Operation,
        /// Whether letter case counts for nothing.
        folded: bool,
        value: Value,
    },
    /// At least one of these lists holds as a whole.
    Any(Vec<Vec<Filter>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Matches,
    In,
    NotIn,
    Contains,
    ContainsNot,
    StartsWith,
    StartsNotWith,
    EndsWith,
    EndsNotWith,
}

impl Operation {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            "~" => Self::Matches,
            "in" => Self::In,
            "nin" => Self::NotIn,
            "rin" => Self::Contains,
            "rnin" => Self::ContainsNot,
            "^" => Self::StartsWith,
            "!^" => Self::StartsNotWith,
            "$" => Self::EndsWith,
            "!$" => Self::EndsNotWith,
            _ => return None,
        })
    }
}

/// Reads a list of filters as a request body has them.
pub(super) fn parse_list(family: Family, list: &Value) -> Result<Vec<Filter>, Refusal> {
    let Value::Array(list) = list else {
        return Err(malformed(family, &list.to_string()));
    };
    list.iter().map(|filter| parse(family, filter)).collect()
}

fn parse(family: Family, filter: &Value) -> Result<Filter, Refusal> {
    let parts = filter.as_array().map(Vec::as_slice).unwrap_or_default();
    match parts {
        [Value::String(word), Value::Array(branches)] if word == "OR" => {
            let branches = branches.iter().map(|branch| parse_branch(family, branch));
            Ok(Filter::Any(branches.collect::<Result<_, _>>()?))
        }
        [Value::String(field), Value::String(operation), value] => {
            test(family, field, operation, value.clone())
        }
        _ => Err(malformed(family, &filter.to_string())),
    }
}

/// A branch of an `OR` is one filter or a list of them.
fn parse_branch(family: Family, branch: &Value) -> Result<Vec<Filter>, Refusal> {
    if branch.get(0).is_some_and(Value::is_string) {
        Ok(vec![parse(family, branch)?])
    } else {
        parse_list(family, branch)
    }
}

/// One triple, with the operation's `C` prefix read where the family knows it.
pub(super) fn test(
    family: Family,
    field: &str,
    operation: &str,
    value: Value,
) -> Result<Filter, Refusal> {
    let (folded, name) = match operation.strip_prefix('C') {
        Some(rest) if family >= Family::Scale2212 => (true, rest),
        _ => (false, operation),
    };
    let operation = Operation::named(name)
        .ok_or_else(|| wrong(family, format!("Invalid operation: {operation}")))?;
    Ok(Filter::Test {
        field: field.to_owned(),
        operation,
        folded,
        value,
    })
}

fn malformed(family: Family, filter: &str) -> Refusal {
    wrong(family, format!("Invalid filter {filter}"))
}

/// From 25.04 on the models refuse a wrong filter, and up to 24.04 the schema did; on CORE and in
/// between the code that reads it raises.
fn wrong(family: Family, message: String) -> Refusal {
    if family >= Family::Scale2504 {
        Refusal::invalid("filters", format!("Value error, {message}"))
    } else if (Family::Scale2202..=Family::Scale2404).contains(&family) {
        Refusal::invalid("query-filters", message)
    } else {
        Refusal::Unhandled {
            exception: "ValueError",
            message,
        }
    }
}

/// Whether the row passes all filters.
pub(super) fn holds(filters: &[Filter], row: &Value) -> Result<bool, Refusal> {
    for filter in filters {
        let passes = match filter {
            Filter::Test {
                field,
                operation,
                folded,
                value,
            } => match at(row, field) {
                // A field that no row has matches nothing, without a complaint.
                None => *operation == Operation::NotEqual,
                Some(found) => compare(found, *operation, *folded, value)?,
            },
            Filter::Any(branches) => any(branches, row)?,
        };
        if !passes {
            return Ok(false);
        }
    }
    Ok(true)
}

fn any(branches: &[Vec<Filter>], row: &Value) -> Result<bool, Refusal> {
    for branch in branches {
        if holds(branch, row)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The value at a dotted path.
pub(super) fn at<'a>(row: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(row, |value, key| value.get(key))
}

fn compare(
    found: &Value,
    operation: Operation,
    folded: bool,
    wanted: &Value,
) -> Result<bool, Refusal> {
    if folded {
        return compare(&fold(found), operation, false, &fold(wanted));
    }
    match operation {
        Operation::Equal => Ok(found == wanted),
        Operation::NotEqual => Ok(found != wanted),
        Operation::Greater => ordered(found, ">", wanted).map(Ordering::is_gt),
        Operation::GreaterOrEqual => ordered(found, ">=", wanted).map(Ordering::is_ge),
        Operation::Less => ordered(found, "<", wanted).map(Ordering::is_lt),
        Operation::LessOrEqual => ordered(found, "<=", wanted).map(Ordering::is_le),
        Operation::Matches => matches_pattern(found, wanted),
        Operation::In => is_in(found, wanted),
        Operation::NotIn => is_in(found, wanted).map(|inside| !inside),
        Operation::Contains => is_in(wanted, found),
        Operation::ContainsNot => is_in(wanted, found).map(|inside| !inside),
        Operation::StartsWith => Ok(both(found, wanted, |text, part| text.starts_with(part))),
        Operation::StartsNotWith => Ok(!both(found, wanted, |text, part| text.starts_with(part))),
        Operation::EndsWith => Ok(both(found, wanted, |text, part| text.ends_with(part))),
        Operation::EndsNotWith => Ok(!both(found, wanted, |text, part| text.ends_with(part))),
    }
}

fn fold(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.to_lowercase()),
        Value::Array(list) => Value::Array(list.iter().map(fold).collect()),
        other => other.clone(),
    }
}

fn both(found: &Value, wanted: &Value, test: fn(&str, &str) -> bool) -> bool {
    match (found, wanted) {
        (Value::String(found), Value::String(wanted)) => test(found, wanted),
        _ => false,
    }
}

/// Order as Python has it: numbers with numbers, text with text, and an exception otherwise.
fn ordered(left: &Value, sign: &str, right: &Value) -> Result<Ordering, Refusal> {
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64().partial_cmp(&right.as_f64()),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    };
    order.ok_or_else(|| {
        type_error(format!(
            "'{sign}' not supported between instances of '{}' and '{}'",
            python_type(left),
            python_type(right)
        ))
    })
}

fn matches_pattern(found: &Value, wanted: &Value) -> Result<bool, Refusal> {
    let pattern = wanted.as_str().unwrap_or_default();
    // Python matches at the start of the text.
    let anchored =
        regex::Regex::new(&format!("^(?:{pattern})")).map_err(|_| Refusal::Unhandled {
            exception: "re.error",
            message: format!("bad pattern {pattern}"),
        })?;
    Ok(found.as_str().is_some_and(|text| anchored.is_match(text)))
}

/// Python's `in`: a member of a list, or a piece of a text.
fn is_in(left: &Value, right: &Value) -> Result<bool, Refusal> {
    match (left, right) {
        (_, Value::Array(list)) => Ok(list.contains(left)),
        (Value::String(left), Value::String(right)) => Ok(right.contains(left)),
        (_, Value::String(_)) => Err(type_error(format!(
            "'in <string>' requires string as left operand, not {}",
            python_type(left)
        ))),
        _ => Err(type_error(format!(
            "argument of type '{}' is not iterable",
            python_type(right)
        ))),
    }
}

fn type_error(message: String) -> Refusal {
    Refusal::Unhandled {
        exception: "TypeError",
        message,
    }
}

fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// Order for `order_by`, where nothing raises: empty values come first.
pub(super) fn sort_order(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    let rank = |value: Option<&Value>| match value {
        None | Some(Value::Null) => 0,
        Some(Value::Bool(_)) => 1,
        Some(Value::Number(_)) => 2,
        _ => 3,
    };
    rank(left)
        .cmp(&rank(right))
        .then_with(|| match (left, right) {
            (Some(Value::Bool(left)), Some(Value::Bool(right))) => left.cmp(right),
            (Some(left), Some(right)) => ordered(left, "<", right).unwrap_or(Ordering::Equal),
            _ => Ordering::Equal,
        })
}
