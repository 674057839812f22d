//! What an answer must look like for a row of the profile to be about it.

use regex::Regex;
use serde_json::Value;

use super::super::exchange::Answer;
use super::super::pointer::Pointer;
use super::super::profile::Section;
use super::super::transport::TransportKind;

/// Conditions on an answer: all hold, or it does not match.
#[derive(Debug, Clone)]
pub(crate) struct AnswerPattern {
    statuses: Vec<u16>,
    codes: Vec<i64>,
    at: Vec<Pointer>,
    is: Option<Value>,
    matches: Option<Regex>,
    way: Option<Regex>,
    header: Option<(String, Regex)>,
}

impl AnswerPattern {
    /// Reads `status`, `code`, `at`, `is`, `matches`, `key` and `header`. `kind` is how the answer
    /// travels.
    pub(crate) fn compile(section: &Section<'_>, kind: TransportKind) -> Self {
        let pattern = Self {
            statuses: statuses(section),
            codes: codes(section),
            at: section.pointers("at").unwrap_or_default(),
            is: section.json("is"),
            matches: section.regex("matches"),
            way: section.regex("key"),
            header: header(section),
        };
        pattern.fits(section, kind);
        pattern
    }

    /// Reports what no answer of that transport has, and what makes no sense together.
    fn fits(&self, section: &Section<'_>, kind: TransportKind) {
        if self.at.is_empty() && (self.is.is_some() || self.matches.is_some() || self.way.is_some())
        {
            section.problem(
                "at",
                "is, matches and key are about a value, and no pointer says which",
                "add at",
            );
        }
        if kind == TransportKind::Rest && section.has("code") {
            section.problem(
                "code",
                "codes are those of JSON-RPC errors, and this transport has none",
                "use status, and at for a code inside the body",
            );
        }
        if kind == TransportKind::JsonRpcWebsocket {
            for key in ["status", "header"] {
                if section.has(key) {
                    section.problem(
                        key,
                        "what comes over a websocket has neither status nor headers",
                        "use code, the one of the JSON-RPC error",
                    );
                }
            }
        }
        if self.statuses.is_empty()
            && self.codes.is_empty()
            && self.at.is_empty()
            && self.header.is_none()
        {
            section.problem(
                "status",
                "the row matches every answer, successes too",
                "give a status, a code, a pointer or a header",
            );
        }
    }

    /// Whether the answer is as described.
    pub(crate) fn applies(&self, answer: &Answer) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&answer.status))
            && (self.codes.is_empty() || answer.code.is_some_and(|code| self.codes.contains(&code)))
            && self.header.as_ref().is_none_or(|(name, pattern)| {
                answer
                    .header(name)
                    .is_some_and(|value| pattern.is_match(value))
            })
            && (self.at.is_empty() || self.body_applies(answer))
    }

    fn body_applies(&self, answer: &Answer) -> bool {
        let Some(body) = &answer.body else {
            return false;
        };
        self.at
            .iter()
            .flat_map(|pointer| pointer.find_all(body))
            .any(|(way, value)| {
                self.is.as_ref().is_none_or(|wanted| wanted == value)
                    && self
                        .way
                        .as_ref()
                        .is_none_or(|pattern| pattern.is_match(&way))
                    && self
                        .matches
                        .as_ref()
                        .is_none_or(|pattern| pattern.is_match(&as_text(value)))
            })
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn statuses(section: &Section<'_>) -> Vec<u16> {
    section
        .json_list("status")
        .iter()
        .filter_map(|value| {
            let status = value
                .as_u64()
                .and_then(|status| u16::try_from(status).ok())
                .filter(|status| (100..600).contains(status));
            if status.is_none() {
                section.problem(
                    "status",
                    format!("{value} is no HTTP status"),
                    "give a number from 100 to 599",
                );
            }
            status
        })
        .collect()
}

fn codes(section: &Section<'_>) -> Vec<i64> {
    section
        .json_list("code")
        .iter()
        .filter_map(|value| {
            if value.as_i64().is_none() {
                section.problem(
                    "code",
                    format!("{value} is no code of a JSON-RPC error"),
                    "give a whole number, such as -32602",
                );
            }
            value.as_i64()
        })
        .collect()
}

fn header(section: &Section<'_>) -> Option<(String, Regex)> {
    let inner = section.section("header")?;
    let name = inner.required_text("name");
    let pattern = inner.regex("pattern");
    Some((name?.to_lowercase(), pattern?))
}
