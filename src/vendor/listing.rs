//! Lists and their pages.

use serde_json::Value;

use super::exchange::{Answer, Operation, RenderedRequest};
use super::pointer::Pointer;
use super::profile::Section;
use super::request::{RenderError, RequestTemplate, Variables, compile_request};

/// A list: its request, its rows, its pages.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) request: RequestTemplate,
    /// Where the rows stand in the answer.
    items: Items,
    paging: Paging,
}

/// Where the rows of an answer are.
#[derive(Debug, Clone)]
enum Items {
    /// In a list.
    List(Pointer),
    /// The answer is about one object.
    One(Pointer),
}

/// Where a list goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Rows that earlier pages gave.
    seen: u64,
    /// Pages that were read.
    pages: u64,
    /// The query of the vendor's link to the next page.
    link: Option<Vec<(String, String)>>,
    /// What the last row shows, where the next page is asked for by that.
    after: Option<String>,
}

/// How a vendor cuts a list.
#[derive(Debug, Clone)]
enum Paging {
    /// All at once.
    None,
    /// By the rows that were seen; `total` rows in all.
    Offset {
        offset: String,
        size: Option<(String, u64)>,
        total: Pointer,
    },
    /// By the number of the page, from one.
    Page {
        page: String,
        size: (String, u64),
        total: Pointer,
    },
    /// By a link. Only its query is followed: the path stays ours, so that no answer can send
    /// credentials elsewhere.
    Next { next: Pointer },
    /// By what the last row shows in some field.
    Keyset {
        after: String,
        /// The field, in a row.
        by: Pointer,
        size: Option<(String, u64)>,
        /// Whether there is more; without it, an empty page is the last.
        more: Option<Pointer>,
    },
}

/// A vendor that never stops paging is stopped.
const MOST_PAGES: u64 = 100_000;

impl Listing {
    /// Reads `request`, `items` and `paging`.
    pub(crate) fn compile(section: &Section<'_>, declared: &[&str]) -> Option<Self> {
        let items = items(section);
        Self::with_items(section, declared, items)
    }

    /// The same of a call that looks for one object, whose answer may be that object alone:
    /// `object` in the place of `items`.
    pub(crate) fn compile_find(section: &Section<'_>, declared: &[&str]) -> Option<Self> {
        if section.has("object") && section.has("items") {
            section.problem(
                "items",
                "the answer cannot be a list and one object",
                "keep items or object",
            );
        }
        let object = section.pointer("object").map(Items::One);
        let items = object.or_else(|| items(section));
        Self::with_items(section, declared, items)
    }

    fn with_items(section: &Section<'_>, declared: &[&str], items: Option<Items>) -> Option<Self> {
        let request = section
            .required_section("request")
            .and_then(|inner| compile_request(&inner, declared));
        let paging = match section.section("paging") {
            None => Some(Paging::None),
            Some(inner) => Paging::compile(&inner),
        };
        let (request, paging) = (request?, paging?);
        if request.is_call() && !matches!(paging, Paging::None) {
            section.problem(
                "paging",
                "pages are asked for by query parameters, which a JSON-RPC call does not have",
                "ask for the whole list by params, and leave paging out; over a common one lay paging = { style = \"none\" }",
            );
        }
        Some(Self {
            request,
            items: items?,
            paging,
        })
    }

    /// The request for the page at the cursor.
    pub(crate) fn render(
        &self,
        operation: Operation,
        base_path: &str,
        variables: &Variables,
        cursor: &Cursor,
    ) -> Result<RenderedRequest, RenderError> {
        let mut request = self.request.render(operation, base_path, variables)?;
        for (name, value) in self.paging.parameters(cursor) {
            request.query.retain(|(present, _)| *present != name);
            request.query.push((name, value));
        }
        Ok(request)
    }

    /// The rows of an answer.
    pub(crate) fn rows<'a>(&self, answer: &'a Answer) -> Result<&'a [Value], String> {
        let at = |pointer: &Pointer| answer.body.as_ref().and_then(|body| pointer.find(body));
        match &self.items {
            Items::List(pointer) => at(pointer)
                .and_then(Value::as_array)
                .map(Vec::as_slice)
                .ok_or_else(|| "the answer holds no list where the profile says".to_owned()),
            Items::One(pointer) => at(pointer)
                .filter(|object| object.is_object())
                .map(std::slice::from_ref)
                .ok_or_else(|| "the answer holds no object where the profile says".to_owned()),
        }
    }

    /// Whether an answer holds one object and no other.
    pub(crate) fn answers_one(&self) -> bool {
        matches!(self.items, Items::One(_))
    }

    /// Where the list goes on after an answer; `None` if it is complete.
    ///
    /// # Errors
    ///
    /// What makes the list incomplete, so that absence from it proves nothing.
    pub(crate) fn next(&self, cursor: &Cursor, answer: &Answer) -> Result<Option<Cursor>, String> {
        let shown = self.rows(answer)?;
        let rows = shown.len() as u64;
        let next = Cursor {
            seen: cursor.seen + rows,
            pages: cursor.pages + 1,
            ..Cursor::default()
        };
        if next.pages >= MOST_PAGES {
            return Err(format!("the list does not end after {MOST_PAGES} pages"));
        }
        match &self.paging {
            Paging::None => Ok(None),
            Paging::Offset { total, .. } | Paging::Page { total, .. } => {
                by_total(next, rows, total, answer)
            }
            Paging::Next { next: pointer } => by_link(next, rows, pointer, answer),
            Paging::Keyset { by, more, .. } => {
                let goes_on = match more {
                    Some(more) => flag(more, answer)?,
                    None => rows > 0,
                };
                match goes_on {
                    true => by_last_row(next, cursor, shown, by).map(Some),
                    false => Ok(None),
                }
            }
        }
    }
}

fn by_total(
    next: Cursor,
    rows: u64,
    total: &Pointer,
    answer: &Answer,
) -> Result<Option<Cursor>, String> {
    let total = answer
        .body
        .as_ref()
        .and_then(|body| total.find(body))
        .and_then(Value::as_u64)
        .ok_or("the answer does not say how many rows there are in all")?;
    if next.seen >= total {
        Ok(None)
    } else if rows == 0 {
        Err(format!(
            "the list ended after {} rows of {total}",
            next.seen
        ))
    } else {
        Ok(Some(next))
    }
}

/// Whether there is more.
fn flag(more: &Pointer, answer: &Answer) -> Result<bool, String> {
    answer
        .body
        .as_ref()
        .and_then(|body| more.find(body))
        .and_then(Value::as_bool)
        .ok_or_else(|| "the answer does not say whether there are more rows".to_owned())
}

fn by_last_row(
    next: Cursor,
    cursor: &Cursor,
    rows: &[Value],
    by: &Pointer,
) -> Result<Cursor, String> {
    let after = rows
        .last()
        .and_then(|row| super::object_id(by.find(row)?))
        .ok_or("the page has no last row after which the next one would begin")?;
    if cursor.after.as_ref() == Some(&after) {
        return Err("the list does not go on: two pages end with the same row".to_owned());
    }
    Ok(Cursor {
        after: Some(after),
        ..next
    })
}

fn by_link(
    next: Cursor,
    rows: u64,
    pointer: &Pointer,
    answer: &Answer,
) -> Result<Option<Cursor>, String> {
    let link = answer.body.as_ref().and_then(|body| pointer.find(body));
    let link = match link {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(link)) if link.is_empty() => return Ok(None),
        Some(Value::String(link)) => link,
        Some(_) => return Err("the link to the next page is no text".to_owned()),
    };
    if rows == 0 {
        return Err("an empty page links to another".to_owned());
    }
    let query = link
        .split_once('?')
        .map(|(_, query)| query.split('#').next().unwrap_or_default())
        .ok_or("the link to the next page has no query")?;
    let link = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    Ok(Some(Cursor {
        link: Some(link),
        ..next
    }))
}

impl Paging {
    fn compile(section: &Section<'_>) -> Option<Self> {
        let style = section.required_text("style")?;
        let chosen = section.chosen(
            "style",
            &style,
            &[
                ("none", 0_u8),
                ("offset", 1),
                ("page", 2),
                ("next", 3),
                ("keyset", 4),
            ],
        );
        if chosen.is_none() {
            section.leave_rest();
        }
        match chosen? {
            0 => Some(Self::None),
            1 => {
                let offset = section.required_text("offset");
                let size = size(section);
                let total = total(section);
                Some(Self::Offset {
                    offset: offset?,
                    size,
                    total: total?,
                })
            }
            2 => {
                let page = section.required_text("page");
                let size = size(section);
                let total = total(section);
                if size.is_none() {
                    section.problem("size", "pages need a size", "add size and per_page");
                }
                Some(Self::Page {
                    page: page?,
                    size: size?,
                    total: total?,
                })
            }
            3 => Some(Self::Next {
                next: section.pointer("next")?,
            }),
            _ => {
                let after = section.required_text("after");
                let by = section
                    .required_text("by")
                    .and_then(|text| section.as_pointer("by", &text));
                let size = size(section);
                let more = section.pointer("more");
                Some(Self::Keyset {
                    after: after?,
                    by: by?,
                    size,
                    more,
                })
            }
        }
    }

    fn parameters(&self, cursor: &Cursor) -> Vec<(String, String)> {
        let sized = |size: &(String, u64)| (size.0.clone(), size.1.to_string());
        match self {
            Self::None => Vec::new(),
            Self::Offset { offset, size, .. } => size
                .iter()
                .map(sized)
                .chain([(offset.clone(), cursor.seen.to_string())])
                .collect(),
            Self::Page { page, size, .. } => {
                vec![sized(size), (page.clone(), (cursor.pages + 1).to_string())]
            }
            Self::Next { .. } => cursor.link.clone().unwrap_or_default(),
            Self::Keyset { after, size, .. } => {
                let last = cursor
                    .after
                    .iter()
                    .map(|last| (after.clone(), last.clone()));
                size.iter().map(sized).chain(last).collect()
            }
        }
    }
}

fn items(section: &Section<'_>) -> Option<Items> {
    let pointer = if section.has("items") {
        section.pointer("items")
    } else {
        Pointer::parse("").ok()
    };
    pointer.map(Items::List)
}

/// `size = "per_page"` names the parameter, `per_page = 100` says how many.
fn size(section: &Section<'_>) -> Option<(String, u64)> {
    let name = section.text("size");
    let rows = section.size("per_page").unwrap_or(100);
    Some((name?, rows as u64))
}

fn total(section: &Section<'_>) -> Option<Pointer> {
    section
        .required_text("total")
        .and_then(|text| section.as_pointer("total", &text))
}
