//! Advanced criteria: the query language of a POST with `operationType` `fetch`.

use std::cmp::Ordering;

use regex::Regex;
use serde_json::{Map, Value};

use super::{
    failure::Failure,
    row::{Row, compare, plain},
};

/// Deeper criteria than this are refused.
const DEPTH_LIMIT: usize = 16;

/// A condition on an object.
pub(super) enum Criteria {
    All(Vec<Criteria>),
    Any(Vec<Criteria>),
    None(Vec<Criteria>),
    Field { name: String, test: Test },
}

/// What one field must be.
pub(super) enum Test {
    Equals {
        value: Value,
        ignore_case: bool,
        negate: bool,
    },
    Contains {
        part: String,
        ignore_case: bool,
    },
    InSet {
        values: Vec<Value>,
        negate: bool,
    },
    Between {
        from: Value,
        to: Value,
        inclusive: bool,
    },
    Order {
        value: Value,
        allowed: &'static [Ordering],
    },
    Matches(Regex),
}

impl Criteria {
    /// Reads criteria; `fields` are those that the objects have.
    pub(super) fn parse(data: &Map<String, Value>, fields: &[&str]) -> Result<Self, Failure> {
        parse(data, fields, 0)
    }

    pub(super) fn matches(&self, row: &impl Row) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(row)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(row)),
            Self::None(parts) => !parts.iter().any(|part| part.matches(row)),
            Self::Field { name, test } => row.field(name).is_some_and(|own| test.accepts(&own)),
        }
    }
}

fn parse(data: &Map<String, Value>, fields: &[&str], depth: usize) -> Result<Criteria, Failure> {
    if depth > DEPTH_LIMIT {
        return Err(Failure::invalid("criteria"));
    }
    let operator = text(data, "operator")?;
    if let Some(parts) = data.get("criteria") {
        let parts = parts
            .as_array()
            .ok_or_else(|| Failure::invalid("criteria"))?
            .iter()
            .map(|part| match part.as_object() {
                Some(part) => parse(part, fields, depth + 1),
                None => Err(Failure::invalid("criteria")),
            })
            .collect::<Result<Vec<_>, _>>()?;
        return match operator {
            "and" => Ok(Criteria::All(parts)),
            "or" => Ok(Criteria::Any(parts)),
            "not" => Ok(Criteria::None(parts)),
            _ => Err(Failure::query("SM_unsupported_query_operator", operator)),
        };
    }
    let name = text(data, "fieldName")?;
    if !fields.contains(&name) {
        return Err(Failure::query("SM_unexpected_query_param", name));
    }
    Ok(Criteria::Field {
        name: name.to_owned(),
        test: test(operator, data)?,
    })
}

fn test(operator: &str, data: &Map<String, Value>) -> Result<Test, Failure> {
    let required = |key: &str| data.get(key).cloned().ok_or_else(|| Failure::missing(key));
    let equals = |ignore_case, negate| {
        required("value").map(|value| Test::Equals {
            value,
            ignore_case,
            negate,
        })
    };
    let contains = |ignore_case| {
        text(data, "value").map(|part| Test::Contains {
            part: part.to_owned(),
            ignore_case,
        })
    };
    let in_set = |negate| {
        let values = required("values").or_else(|_| required("value"))?;
        let values = values.as_array().cloned();
        let values = values.ok_or_else(|| Failure::invalid("values"))?;
        Ok(Test::InSet { values, negate })
    };
    let between = |inclusive| {
        Ok(Test::Between {
            from: required("value1")?,
            to: required("value2")?,
            inclusive,
        })
    };
    let order = |allowed| required("value").map(|value| Test::Order { value, allowed });
    match operator {
        "equals" => equals(false, false),
        "iEquals" => equals(true, false),
        "notEqual" => equals(false, true),
        "iNotEqual" => equals(true, true),
        "contains" => contains(false),
        "iContains" => contains(true),
        "inSet" => in_set(false),
        "notInSet" => in_set(true),
        "between" => between(false),
        "betweenInclusive" => between(true),
        "greaterThan" => order(&[Ordering::Greater]),
        "greaterOrEqual" => order(&[Ordering::Greater, Ordering::Equal]),
        "lessThan" => order(&[Ordering::Less]),
        "lessOrEqual" => order(&[Ordering::Less, Ordering::Equal]),
        "regexp" => Regex::new(text(data, "value")?)
            .map(Test::Matches)
            .map_err(|_| Failure::invalid("value")),
        _ => Err(Failure::query("SM_unsupported_query_operator", operator)),
    }
}

impl Test {
    fn accepts(&self, own: &Value) -> bool {
        match self {
            Self::Equals {
                value,
                ignore_case,
                negate,
            } => compare(own, value, *ignore_case).is_eq() != *negate,
            Self::Contains { part, ignore_case } => match ignore_case {
                true => plain(own).to_lowercase().contains(&part.to_lowercase()),
                false => plain(own).contains(part),
            },
            Self::InSet { values, negate } => {
                values
                    .iter()
                    .any(|value| compare(own, value, false).is_eq())
                    != *negate
            }
            Self::Between {
                from,
                to,
                inclusive,
            } => match (compare(own, from, false), compare(own, to, false)) {
                (Ordering::Greater, Ordering::Less) => true,
                (low, high) => *inclusive && low.is_ge() && high.is_le(),
            },
            Self::Order { value, allowed } => allowed.contains(&compare(own, value, false)),
            Self::Matches(pattern) => pattern.is_match(&plain(own)),
        }
    }
}

fn text<'a>(data: &'a Map<String, Value>, key: &str) -> Result<&'a str, Failure> {
    match data.get(key) {
        Some(value) => value.as_str().ok_or_else(|| Failure::invalid(key)),
        None => Err(Failure::missing(key)),
    }
}
