//! Where an answer holds the id of an object.

use regex::Regex;
use serde_json::Value;

use super::super::exchange::Answer;
use super::super::pointer::Pointer;
use super::super::profile::Section;

/// One way to the id of an object; the first that gives one counts.
#[derive(Debug, Clone)]
pub(super) enum Identity {
    /// In the body.
    Body(Pointer),
    /// In a header; only the pattern's first group is used, so that a foreign address in it
    /// leads nowhere.
    Header { name: String, pattern: Regex },
}

impl Identity {
    /// Reads where objects show their ids: a pointer, a header with a pattern, or a list of those;
    /// `/id` unless said.
    pub(super) fn of_objects(section: &Section<'_>) -> Vec<Self> {
        if section.has("id") {
            Self::compile(section, false)
        } else {
            Pointer::parse("/id").into_iter().map(Self::Body).collect()
        }
    }

    /// Reads `id = "/id"`, `id = { header = "Location", pattern = "/(\\d+)/$" }` or a list of
    /// those; `"find"` adds nothing, because finding is what happens without an id.
    pub(super) fn of_creation(section: &Section<'_>) -> Vec<Self> {
        Self::compile(section, true)
    }

    fn compile(section: &Section<'_>, may_find: bool) -> Vec<Self> {
        let given = match section.value("id") {
            None => return Vec::new(),
            Some(toml::Value::Array(list)) => list.clone(),
            Some(single) => vec![single.clone()],
        };
        given
            .iter()
            .filter_map(|alternative| match alternative {
                toml::Value::String(text) if may_find && text == "find" => None,
                toml::Value::String(text) => section.as_pointer("id", text).map(Self::Body),
                toml::Value::Table(table) => Self::header(section, table),
                other => {
                    section.problem(
                        "id",
                        format!("{other} says not where the id is"),
                        "give a pointer, a header with a pattern, or \"find\"",
                    );
                    None
                }
            })
            .collect()
    }

    fn header(section: &Section<'_>, table: &toml::Table) -> Option<Self> {
        let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
        let (Some(name), Some(pattern), 2) = (text("header"), text("pattern"), table.len()) else {
            section.problem(
                "id",
                "a header needs its name and a pattern, and nothing else",
                "write { header = \"Location\", pattern = \"/(\\\\d+)/?$\" }",
            );
            return None;
        };
        let pattern = section.as_regex("id", pattern)?;
        if pattern.captures_len() < 2 {
            section.problem(
                "id",
                "the pattern has no group that is the id",
                "put the id in brackets",
            );
            return None;
        }
        Some(Self::Header {
            name: name.to_lowercase(),
            pattern,
        })
    }

    /// The id of an object; `answer` is the one that holds this object and no other.
    pub(super) fn of(&self, object: &Value, answer: Option<&Answer>) -> Option<String> {
        match self {
            Self::Body(pointer) => scalar_id(pointer.find(object)?),
            Self::Header { .. } => self.read(answer?),
        }
    }

    /// Whether it is in a header.
    pub(super) fn is_header(&self) -> bool {
        matches!(self, Self::Header { .. })
    }

    /// The id in an answer.
    pub(super) fn read(&self, answer: &Answer) -> Option<String> {
        match self {
            Self::Body(pointer) => scalar_id(pointer.find(answer.body.as_ref()?)?),
            Self::Header { name, pattern } => pattern
                .captures(answer.header(name)?)?
                .get(1)
                .map(|id| id.as_str().to_owned()),
        }
    }
}

/// An id as text: a text that is not empty, or a whole number.
pub(crate) fn scalar_id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
