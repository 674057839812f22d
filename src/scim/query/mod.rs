//! What a client asks of a list: filter, page, order, projection (RFC 7644 §3.4.2, §3.4.3).

mod cursor;
mod projection;
mod sort;
#[cfg(test)]
mod tests;

use scim_filter_parser::{Filter, Options, Path, parse_filter, parse_filter_with, parse_path};
use serde_json::{Map, Value, json};

pub use cursor::{CURSOR_TIMEOUT_SECONDS, Cursor, Start};
pub use projection::Projection;
pub use sort::{SortKey, compare_sort_keys, sort_key};

use super::error::quoted;
use super::{ErrorKind, ScimError};

/// A query on a list of resources.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Which resources; all of them when `None`.
    pub filter: Option<Filter>,
    /// The position of the first resource of the page; at least 1.
    pub start_index: u64,
    /// The most resources on the page; `None` leaves it to the service. Zero asks for the total.
    pub count: Option<u64>,
    /// Where a page by cursor begins (RFC 9865); `start_index` then means nothing. `None` pages by
    /// index.
    pub cursor: Option<Start>,
    /// What to sort by.
    pub sort_by: Option<Path>,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Which attributes of the resources.
    pub projection: Projection,
    /// Whether the filter has text without quotes, which the grammar does not know.
    pub has_bare_words: bool,
}

impl ListQuery {
    /// Reads the parameters of a query string, decoded, names in any case. Unknown parameters,
    /// such as Entra's `aadOptscim062020`, are ignored; of several of one name the last counts.
    ///
    /// # Errors
    /// `invalidFilter`, or `invalidValue` for a page, an order or an attribute that cannot be
    /// read; `invalidCursor` and `invalidCount` for a page by cursor.
    pub fn from_parameters(parameters: &[(String, String)]) -> Result<Self, ScimError> {
        let mut query = Self {
            projection: Projection::from_parameters(parameters)?,
            ..Self::everything()
        };
        for (name, value) in parameters {
            query.take(name, value)?;
        }
        // RFC 9865 §2.1: there is no empty page by cursor.
        if query.cursor.is_some() && query.count == Some(0) {
            return Err(ScimError::new(
                ErrorKind::InvalidCount,
                "count must be at least 1 with a cursor; leave it out for the largest page",
            ));
        }
        Ok(query)
    }

    /// Reads the body of a request to `.search`.
    ///
    /// # Errors
    /// As [`ListQuery::from_parameters`], and `invalidSyntax` where the body is no object or says
    /// that it is something else.
    pub fn from_search_request(body: &Value) -> Result<Self, ScimError> {
        const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
        let Some(body) = body.as_object() else {
            return Err(ScimError::invalid_syntax(
                "the body of a search must be an object",
            ));
        };
        let declared = field(body, "schemas").and_then(Value::as_array);
        let is_search = declared.is_none_or(|urns| {
            urns.iter()
                .filter_map(Value::as_str)
                .any(|urn| urn.eq_ignore_ascii_case(SEARCH_REQUEST))
        });
        if !is_search {
            return Err(ScimError::invalid_syntax(format!(
                "the schemas of a search must be [\"{SEARCH_REQUEST}\"]"
            )));
        }
        let parameters: Vec<(String, String)> = body
            .iter()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("schemas"))
            .filter_map(|(name, value)| Some((name.clone(), parameter_text(value)?)))
            .collect();
        Self::from_parameters(&parameters)
    }

    fn everything() -> Self {
        Self {
            filter: None,
            start_index: 1,
            count: None,
            cursor: None,
            sort_by: None,
            descending: false,
            projection: Projection::everything(),
            has_bare_words: false,
        }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), ScimError> {
        match name.to_ascii_lowercase().as_str() {
            "filter" => {
                let (filter, has_bare_words) = read_filter(value)?;
                self.filter = Some(filter);
                self.has_bare_words = has_bare_words;
            }
            // §3.4.2.4: less than 1 counts as 1, a negative count as 0.
            "startindex" if !value.is_empty() => self.start_index = at_least(1, name, value)?,
            "count" if !value.is_empty() => self.count = Some(at_least(0, name, value)?),
            "cursor" => self.cursor = Some(Start::read(value)?),
            "sortby" if !value.is_empty() => self.sort_by = Some(read_sort_by(value)?),
            "sortorder" => self.descending = read_descending(value)?,
            _ => {}
        }
        Ok(())
    }
}

/// The frame of a list's answer (RFC 7644 §3.4.2). `total_results` counts all that match, not
/// the page.
pub fn list_response(total_results: u64, start_index: u64, resources: Vec<Value>) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total_results,
        "startIndex": start_index,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// A value of a search request in the form that it has in a query string; null is no value.
fn parameter_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(names) => {
            let names: Vec<String> = names.iter().filter_map(parameter_text).collect();
            Some(names.join(","))
        }
        other => Some(other.to_string()),
    }
}

fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .iter()
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

/// A filter, and whether it has text without quotes.
fn read_filter(text: &str) -> Result<(Filter, bool), ScimError> {
    let by_the_letter = Options {
        bare_words: false,
        ..Options::default()
    };
    if let Ok(filter) = parse_filter_with(text, &by_the_letter) {
        return Ok((filter, false));
    }
    parse_filter(text)
        .map(|filter| (filter, true))
        .map_err(|error| ScimError::invalid_filter(format!("the filter does not parse: {error}")))
}

fn read_sort_by(text: &str) -> Result<Path, ScimError> {
    parse_path(text).map_err(|error| {
        ScimError::invalid_value(format!("sortBy is not the path of an attribute: {error}"))
    })
}

fn read_descending(text: &str) -> Result<bool, ScimError> {
    match text.to_ascii_lowercase().as_str() {
        "" | "ascending" => Ok(false),
        "descending" => Ok(true),
        _ => Err(ScimError::invalid_value(
            "sortOrder must be \"ascending\" or \"descending\"",
        )),
    }
}

fn at_least(least: u64, name: &str, text: &str) -> Result<u64, ScimError> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ScimError::invalid_value(format!(
            "{name} must be an integer, not {}",
            quoted(text)
        )));
    }
    if negative {
        return Ok(least);
    }
    // Digits that do not fit are further than any list goes. The store counts with 63 bits.
    let largest = i64::MAX.unsigned_abs();
    Ok(digits.parse().unwrap_or(largest).clamp(least, largest))
}
