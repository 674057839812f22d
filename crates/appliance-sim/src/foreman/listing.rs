//! Lists: search, order, pages, and the envelope around them.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::reply::{Answer, Refusal};
use super::search::{self, Cell, Field, Node};
use crate::exchange::Request;

/// The setting `entries_per_page`.
const PER_PAGE: usize = 20;

/// What a list request asks for.
#[derive(Debug)]
pub(super) struct Listing {
    fields: &'static [Field],
    search: Option<String>,
    node: Option<Node>,
    order: Vec<(String, bool)>,
    page: usize,
    /// `None` for all.
    per_page: Option<usize>,
}

/// The rows of a list, and how to look at them.
pub(super) struct Rows<'a, T> {
    /// How many there are without the search.
    pub(super) total: usize,
    /// Those among which the search looks.
    pub(super) candidates: Vec<T>,
    pub(super) read: &'a dyn Fn(&T, &str) -> Vec<Cell>,
    pub(super) view: &'a dyn Fn(&T) -> Value,
    /// What rows are sorted by where the request does not say.
    pub(super) default_order: &'static str,
}

impl Listing {
    pub(super) fn of(request: &Request, fields: &'static [Field]) -> Result<Self, Refusal> {
        let parameters = request.parameters();
        let parameter = |name: &str| {
            let found = parameters.iter().rev().find(|(other, _)| other == name);
            found.map(|(_, value)| value.as_str())
        };
        let search = parameter("search").map(str::to_owned);
        let node = search
            .as_deref()
            .filter(|search| !search.trim().is_empty())
            .map(|search| search::parse(search, fields))
            .transpose()?;
        Ok(Self {
            fields,
            search,
            node,
            order: order(parameter("order").unwrap_or_default(), fields)?,
            page: page(parameter("page"))?,
            per_page: per_page(parameter("per_page"))?,
        })
    }

    /// The one text that a field must equal, if the search says so.
    pub(super) fn exact(&self, field: &str) -> Option<&str> {
        self.node.as_ref().and_then(|node| node.exact(field))
    }

    pub(super) fn answer<T>(&self, rows: Rows<'_, T>) -> Answer {
        let Rows {
            total,
            mut candidates,
            read,
            view,
            default_order,
        } = rows;
        if let Some(node) = &self.node {
            candidates.retain(|row| search::holds(node, self.fields, &|field| read(row, field)));
        }
        let default = [(default_order.to_owned(), false)];
        let order = if self.order.is_empty() {
            &default[..]
        } else {
            &self.order
        };
        candidates.sort_by(|left, right| {
            by_order(order, |field| (read(left, field), read(right, field)))
        });
        let per_page = self.per_page.unwrap_or(total);
        let skipped = per_page.saturating_mul(self.page - 1);
        let page = candidates.iter().skip(skipped).take(per_page);
        let first = self.order.first();
        Answer::list(json!({
            "total": total,
            "subtotal": candidates.len(),
            "page": self.page,
            "per_page": per_page,
            "search": self.search,
            "sort": {
                "by": first.map(|(field, _)| field),
                "order": first.map(|(_, down)| if *down { "DESC" } else { "ASC" }),
            },
            "results": page.map(view).collect::<Value>(),
        }))
    }
}

/// Numbers that the database would choke on get as far as the database.
fn page(text: Option<&str>) -> Result<usize, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(1);
    };
    match text.parse::<i64>() {
        Ok(number) if number >= 1 => Ok(usize::try_from(number).unwrap_or(usize::MAX)),
        Ok(number) => Err(Refusal::Message(500, format!("invalid page: {number}"))),
        Err(_) => Err(Refusal::Message(
            500,
            format!("invalid value for Integer(): \"{text}\""),
        )),
    }
}

/// A text that is no number counts as zero.
fn per_page(text: Option<&str>) -> Result<Option<usize>, Refusal> {
    match text {
        None | Some("") => Ok(Some(PER_PAGE)),
        Some("all") => Ok(None),
        Some(text) => match text.parse::<i64>().unwrap_or_default() {
            number if number < 0 => {
                let message =
                    "PG::InvalidRowCountInLimitClause: ERROR:  LIMIT must not be negative\n";
                Err(Refusal::Message(500, message.to_owned()))
            }
            number => Ok(Some(usize::try_from(number).unwrap_or(usize::MAX))),
        },
    }
}

/// Fields with their directions; what follows a field and is neither is ignored.
fn order(text: &str, fields: &[Field]) -> Result<Vec<(String, bool)>, Refusal> {
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let end = part
                .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            if !fields.iter().any(|field| field.name == name) {
                return Err(Refusal::NotSupported(format!(
                    "the field '{name}' in the order statement is not valid field for search"
                )));
            }
            let down = rest.trim().to_ascii_lowercase().starts_with("desc");
            Ok((name.to_owned(), down))
        })
        .collect()
}

fn by_order(order: &[(String, bool)], cells: impl Fn(&str) -> (Vec<Cell>, Vec<Cell>)) -> Ordering {
    for (field, down) in order {
        let (left, right) = cells(field);
        let ordering = by_value(left.first(), right.first());
        let ordering = if *down { ordering.reverse() } else { ordering };
        if ordering.is_ne() {
            return ordering;
        }
    }
    Ordering::Equal
}

/// The database's order: letter case decides last, and nothing comes after everything.
fn by_value(left: Option<&Cell>, right: Option<&Cell>) -> Ordering {
    match (left, right) {
        (Some(Cell::Text(left)), Some(Cell::Text(right))) => left
            .to_lowercase()
            .cmp(&right.to_lowercase())
            .then_with(|| left.cmp(right)),
        (Some(left), Some(right)) => left.cmp(right),
        (left, right) => left.is_none().cmp(&right.is_none()),
    }
}
