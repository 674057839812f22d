//! Lists: sorted, cut into a page, in the `meta`/`objects` envelope.

use std::cmp::Ordering;

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::exchange::{Request, Response};

use super::{
    dialect::Dialect,
    filter::{FilterRules, Filterable},
    reply,
};

/// The rows of a reply to a query that does not say.
const DEFAULT_LIMIT: usize = 20;

/// The most rows of one reply; `limit=0` asks for these.
const MAX_LIMIT: usize = 1000;

/// What a list needs besides its rows.
pub(super) struct Listing<'a> {
    pub(super) request: &'a Request,
    pub(super) dialect: Dialect,
    /// The path below `/api/v1/`.
    pub(super) collection: &'a str,
    pub(super) rules: &'a FilterRules,
    /// A smaller limit of this appliance, if it has one.
    pub(super) page_cap: Option<usize>,
}

impl Listing<'_> {
    /// The page of `rows` that the query asks for, each as `show` renders it.
    pub(super) fn reply<R: Filterable>(
        &self,
        mut rows: Vec<R>,
        show: impl Fn(&R) -> Value,
    ) -> Result<Response, Response> {
        let parameters = self.request.parameters();
        self.sort(&mut rows, &parameters)?;
        let limit = self.limit(&parameters)?;
        let offset = offset(&parameters)?;
        let total = rows.len();
        let objects: Vec<Value> = rows.iter().skip(offset).take(limit).map(show).collect();
        let beyond = offset.saturating_add(limit);
        let next = (beyond < total).then(|| self.page_uri(&parameters, limit, beyond));
        let previous = offset
            .checked_sub(limit)
            .map(|offset| self.page_uri(&parameters, limit, offset));
        Ok(reply::json(
            200,
            &json!({
                "meta": {
                    "limit": limit,
                    "next": next,
                    "offset": offset,
                    "previous": previous,
                    "total_count": total,
                },
                "objects": objects,
            }),
        ))
    }

    fn sort<R: Filterable>(
        &self,
        rows: &mut [R],
        parameters: &[(String, String)],
    ) -> Result<(), Response> {
        let keys = parameters.iter().filter(|(name, _)| name == "order_by");
        // Sorting is stable, so that sorting by the last key first leaves the first on top.
        for (_, key) in keys.rev() {
            let field = key.trim_start_matches('-');
            if !self.rules.known.contains(&field) {
                let text = format!("No matching '{field}' field for ordering on.");
                return Err(reply::error(text));
            }
            if !self.rules.allowed.iter().any(|(name, _)| *name == field) {
                let text = format!("The '{field}' field does not allow ordering.");
                return Err(reply::error(text));
            }
            rows.sort_by(|one, other| {
                let order = compare(one.comparable(field), other.comparable(field));
                if key.starts_with('-') {
                    order.reverse()
                } else {
                    order
                }
            });
        }
        Ok(())
    }

    fn limit(&self, parameters: &[(String, String)]) -> Result<usize, Response> {
        let limit = match parameter(parameters, "limit") {
            None => DEFAULT_LIMIT,
            Some(text) => match text.parse::<i64>() {
                Err(_) => {
                    let text = format!(
                        "Invalid limit '{text}' provided. Please provide a positive integer."
                    );
                    return Err(reply::error(text));
                }
                Ok(limit) => usize::try_from(limit).map_err(|_| not_negative("limit", text))?,
            },
        };
        let limit = match limit {
            0 => MAX_LIMIT,
            limit => limit.min(MAX_LIMIT),
        };
        Ok(self.page_cap.map_or(limit, |cap| limit.min(cap)))
    }

    /// The place of another page: the same query, without a host.
    fn page_uri(&self, parameters: &[(String, String)], limit: usize, offset: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let offset = offset.to_string();
        // Where the offset stands differs between the guide's pages and release 8.
        if self.dialect != Dialect::V8 {
            query.append_pair("offset", &offset);
        }
        for (name, value) in parameters {
            if name != "limit" && name != "offset" {
                query.append_pair(name, value);
            }
        }
        query.append_pair("limit", &limit.to_string());
        if self.dialect == Dialect::V8 {
            query.append_pair("offset", &offset);
        }
        let path = self.dialect.collection(self.collection);
        format!("{path}?{}", query.finish())
    }
}

/// The last value of a query parameter.
pub(super) fn parameter<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = parameters.iter().rev().find(|(own, _)| own == name);
    found.map(|(_, value)| value.as_str())
}

fn offset(parameters: &[(String, String)]) -> Result<usize, Response> {
    let Some(text) = parameter(parameters, "offset") else {
        return Ok(0);
    };
    match text.parse::<i64>() {
        Ok(offset) => usize::try_from(offset).map_err(|_| not_negative("offset", text)),
        Err(_) => {
            let text = format!("Invalid offset '{text}' provided. Please provide an integer.");
            Err(reply::error(text))
        }
    }
}

/// The framework escapes its messages for HTML, and does so within JSON, too.
fn not_negative(name: &str, value: &str) -> Response {
    reply::error(format!(
        "Invalid {name} '{value}' provided. Please provide a positive integer &gt;= 0."
    ))
}

fn compare(one: Option<Value>, other: Option<Value>) -> Ordering {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => one.as_u64().cmp(&other.as_u64()),
        (Some(Value::String(one)), Some(Value::String(other))) => one.cmp(&other),
        (Some(Value::Bool(one)), Some(Value::Bool(other))) => one.cmp(&other),
        _ => Ordering::Equal,
    }
}
