//! Lists: filtered, sorted, cut into a page, and rendered with the fields asked for.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::{
    criteria::Criteria,
    failure::Failure,
    query::Query,
    row::{Row, compare},
};

/// The fields that a reply shows unless the query asks for others.
#[derive(Clone, Copy)]
pub(super) enum Detail {
    /// Only what names an object.
    Summary,
    Full,
}

/// How a set of objects is listed.
#[derive(Clone, Copy)]
pub(super) struct Listing<'a> {
    pub(super) fields: &'a [&'static str],
    pub(super) detail: Detail,
    /// The most rows of one reply.
    pub(super) max_page: usize,
}

/// One object with the fields asked for, all by default.
pub(super) fn object(row: &impl Row, fields: &[&str]) -> Value {
    let fields = fields
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), row.field(name)?)));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// The rows that the query and the criteria select, as the reply to a list.
pub(super) fn list<R: Row>(
    rows: impl Iterator<Item = R>,
    query: &Query,
    criteria: Option<&Criteria>,
    listing: Listing<'_>,
) -> Result<Value, Failure> {
    let selected =
        |row: &R| query.matches(row) && criteria.is_none_or(|criteria| criteria.matches(row));
    let mut rows: Vec<R> = rows.filter(selected).collect();
    sort(&mut rows, query);
    let (start, end) = page(rows.len(), query, listing.max_page)?;
    let fields: Vec<&str> = match (&query.fields, listing.detail) {
        (Some(fields), _) => fields.iter().map(String::as_str).collect(),
        (None, Detail::Full) => listing.fields.to_vec(),
        (None, Detail::Summary) => summary(listing.fields),
    };
    let page: Vec<Value> = rows
        .iter()
        .skip(start)
        .take(end - start)
        .map(|row| object(row, &fields))
        .collect();
    Ok(json!({"data": page, "startRow": start, "endRow": end, "totalRows": rows.len()}))
}

/// Id and name: without `fields` a plain list tells no more.
fn summary(fields: &[&'static str]) -> Vec<&'static str> {
    let names = fields.iter().filter(|name| ["id", "name"].contains(*name));
    names.copied().collect()
}

fn sort<R: Row>(rows: &mut [R], query: &Query) {
    if query.sort.is_empty() {
        return;
    }
    rows.sort_by(|one, other| {
        query.sort.iter().fold(Ordering::Equal, |order, key| {
            order.then_with(|| {
                let (one, other) = (one.field(&key.field), other.field(&key.field));
                let order = compare(
                    &one.unwrap_or_default(),
                    &other.unwrap_or_default(),
                    key.ignore_case,
                );
                if key.descending {
                    order.reverse()
                } else {
                    order
                }
            })
        })
    });
}

/// The first row of the page and the one behind its last.
fn page(total: usize, query: &Query, max_page: usize) -> Result<(usize, usize), Failure> {
    let refuse = |code, text| Err(Failure::bad_request(code, text));
    if query.page_size.is_some_and(|size| size > max_page) {
        return refuse("SM_too_large_page_size", "The page size is too large.");
    }
    let start = query.start.unwrap_or(0);
    // An empty list has a first page nevertheless.
    if start > 0 && start >= total {
        return refuse(
            "SM_start_row_beyond_total_rows",
            "The start row is beyond the total rows.",
        );
    }
    if query.end.is_some_and(|end| end > total && total > 0) {
        return refuse(
            "SM_end_row_beyond_total_rows",
            "The end row is beyond the total rows.",
        );
    }
    if query.end.is_some_and(|end| start >= end && total > 0) {
        return refuse(
            "SM_start_row_beyond_end_row",
            "The start row is beyond the end row.",
        );
    }
    let size = query.page_size.unwrap_or(max_page);
    let end = start.saturating_add(size).min(total);
    Ok((start, query.end.map_or(end, |asked| asked.min(end))))
}
