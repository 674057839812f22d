//! Lists: where the filters and options of a `GET` come from, and the rows that they let through.

use serde_json::{Map, Value, json};

use super::body::json_body;
use super::filter::{self, Filter, Operation};
use super::release::Family;
use super::reply::Refusal;
use crate::exchange::Request;

/// A list request, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Query {
    pub(super) filters: Vec<Filter>,
    options: Options,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Options {
    select: Vec<(String, String)>,
    order_by: Vec<String>,
    /// Nothing is unlimited.
    limit: usize,
    offset: usize,
    count: bool,
    get: bool,
}

impl Query {
    /// The query string, or without one the body.
    pub(super) fn of(family: Family, request: &Request) -> Result<Self, Refusal> {
        if !request.query.is_empty() {
            return Self::of_parameters(family, &request.parameters());
        }
        if request.body.is_empty() {
            return Ok(Self::default());
        }
        let body = json_body(family, request)?;
        Self::of_parts(family, body.get("query-filters"), body.get("query-options"))
    }

    /// Filters and options as JSON; what is absent asks for everything.
    pub(super) fn of_parts(
        family: Family,
        filters: Option<&Value>,
        options: Option<&Value>,
    ) -> Result<Self, Refusal> {
        let filters = filters.map(|filters| filter::parse_list(family, filters));
        let options = options.map(|options| Options::of_body(family, options));
        Ok(Self {
            filters: filters.transpose()?.unwrap_or_default(),
            options: options.transpose()?.unwrap_or_default(),
        })
    }

    fn of_parameters(family: Family, parameters: &[(String, String)]) -> Result<Self, Refusal> {
        let mut query = Self::default();
        for (name, text) in parameters {
            match name.as_str() {
                "limit" => query.options.limit = text.parse().unwrap_or_default(),
                "offset" => query.options.offset = text.parse().unwrap_or_default(),
                "count" => query.options.count = coerced(text) == json!(true),
                "sort" => return Err(unknown_option(family, "sort")),
                name if name.starts_with("extra.") => {}
                // Everything else is a filter, `order_by` too.
                name => query.filters.push(parameter(family, name, text)?),
            }
        }
        Ok(query)
    }

    /// The one value of a field that a row must have, if there is such a filter.
    pub(super) fn exact(&self, fields: &[&str]) -> Option<&Value> {
        self.tested(fields, Operation::Equal)
    }

    /// The row id below which nothing passes.
    pub(super) fn after_id(&self) -> Option<i64> {
        self.tested(&["id"], Operation::Greater)
            .and_then(Value::as_i64)
    }

    fn tested(&self, fields: &[&str], wanted: Operation) -> Option<&Value> {
        self.filters.iter().find_map(|filter| match filter {
            Filter::Test {
                field,
                operation,
                folded: false,
                value,
            } if *operation == wanted && fields.contains(&field.as_str()) => Some(value),
            _ => None,
        })
    }

    /// The answer over rows that come in the order of their ids.
    pub(super) fn answer(
        &self,
        family: Family,
        rows: impl Iterator<Item = Value>,
    ) -> Result<Value, Refusal> {
        let options = &self.options;
        let skipped = options.offset * if family.doubles_offset() { 2 } else { 1 };
        let by_id = options.order_by.is_empty() || options.order_by == ["id"];
        let enough = (by_id && options.limit > 0 && !options.count)
            .then(|| skipped.saturating_add(options.limit));
        let mut found = Vec::new();
        for row in rows {
            if enough.is_some_and(|enough| found.len() >= enough) {
                break;
            }
            if filter::holds(&self.filters, &row)? {
                found.push(row);
            }
        }
        if options.count {
            return Ok(json!(found.len()));
        }
        for key in options.order_by.iter().rev() {
            sort(&mut found, key);
        }
        let limit = if options.limit == 0 {
            usize::MAX
        } else {
            options.limit
        };
        let mut chosen = found
            .into_iter()
            .skip(skipped)
            .take(limit)
            .map(|row| self.selected(row));
        if options.get {
            return chosen.next().ok_or(Refusal::NotFound);
        }
        Ok(Value::Array(chosen.collect()))
    }

    fn selected(&self, row: Value) -> Value {
        if self.options.select.is_empty() {
            return row;
        }
        let fields = self.options.select.iter().filter_map(|(path, name)| {
            filter::at(&row, path).map(|value| (name.clone(), value.clone()))
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }
}

impl Options {
    fn of_body(family: Family, options: &Value) -> Result<Self, Refusal> {
        let mut read = Self::default();
        for (name, value) in options.as_object().into_iter().flatten() {
            let number = || usize::try_from(value.as_i64().unwrap_or_default()).unwrap_or_default();
            match name.as_str() {
                "select" => read.select = selection(value),
                "order_by" => read.order_by = texts(value),
                "limit" => read.limit = number(),
                "offset" => read.offset = number(),
                "count" => read.count = value == &json!(true),
                "get" => read.get = value == &json!(true),
                "extra" | "prefix" | "relationships" | "force_sql_filters" => {}
                other => return Err(unknown_option(family, other)),
            }
        }
        Ok(read)
    }
}

/// Fields to show; a pair gives one another name.
fn selection(value: &Value) -> Vec<(String, String)> {
    let fields = value.as_array().into_iter().flatten();
    fields
        .filter_map(|field| match field {
            Value::String(path) => Some((path.clone(), path.clone())),
            Value::Array(pair) => {
                let text = |index: usize| pair.get(index)?.as_str().map(str::to_owned);
                Some((text(0)?, text(1)?))
            }
            _ => None,
        })
        .collect()
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

fn unknown_option(family: Family, name: &str) -> Refusal {
    if family.is_core() {
        Refusal::invalid(name, "Field was not expected")
    } else if !family.has_models() {
        Refusal::invalid(format!("query-options.{name}"), "Field was not expected")
    } else {
        Refusal::invalid(format!("options.{name}"), "Extra inputs are not permitted")
    }
}

/// `field=value` or `field__operation=value`.
fn parameter(family: Family, name: &str, text: &str) -> Result<Filter, Refusal> {
    let (field, operation) = name.split_once("__").unwrap_or((name, "eq"));
    let operation = match operation {
        "eq" => "=",
        "neq" => "!=",
        "gt" => ">",
        "gte" => ">=",
        "lt" => "<",
        "lte" => "<=",
        "regex" => "~",
        other => other,
    };
    filter::test(family, field, operation, coerced(text))
}

/// A parameter's value: digits are a number and so match no text, whatever they were meant for.
fn coerced(text: &str) -> Value {
    match text {
        "true" => json!(true),
        "false" => json!(false),
        "null" => Value::Null,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits
            .parse::<i64>()
            .map_or_else(|_| json!(digits), Value::from),
        other => json!(other),
    }
}

/// Sorts by one key of `order_by`: `-` reverses, `nulls_first:` and `nulls_last:` place the empty.
fn sort(rows: &mut [Value], key: &str) {
    let (nulls_last, key) = match key.strip_prefix("nulls_last:") {
        Some(rest) => (true, rest),
        None => (false, key.strip_prefix("nulls_first:").unwrap_or(key)),
    };
    let (reversed, field) = match key.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, key),
    };
    rows.sort_by(|left, right| {
        let (left, right) = (filter::at(left, field), filter::at(right, field));
        let is_null = |value: Option<&Value>| value.is_none_or(Value::is_null);
        if nulls_last && is_null(left) != is_null(right) {
            return is_null(left).cmp(&is_null(right));
        }
        let order = filter::sort_order(left, right);
        if reversed { order.reverse() } else { order }
    });
}
