//! Signs in an object: a pointer and what it must show.

use serde_json::Value;

use super::pointer::Pointer;
use super::profile::{Section, to_json};

/// `"/builtin"`, which must be true, or `{ at = "/local", is = false }`.
#[derive(Debug, Clone)]
pub(crate) struct Flag {
    at: Pointer,
    is: Value,
}

impl Flag {
    /// Reads a list of signs; one alone may stand without brackets.
    pub(crate) fn compile_all(section: &Section<'_>, key: &'static str) -> Vec<Self> {
        let given = match section.value(key) {
            None => return Vec::new(),
            Some(toml::Value::Array(list)) => list.clone(),
            Some(single) => vec![single.clone()],
        };
        given
            .iter()
            .filter_map(|flag| Self::compile(section, key, flag))
            .collect()
    }

    fn compile(section: &Section<'_>, key: &str, flag: &toml::Value) -> Option<Self> {
        let (text, is) = match flag {
            toml::Value::String(text) => (text.as_str(), toml::Value::Boolean(true)),
            toml::Value::Table(table) if table.len() == 2 => {
                (table.get("at")?.as_str()?, table.get("is")?.clone())
            }
            _ => ("", toml::Value::Boolean(true)),
        };
        if text.is_empty() {
            section.problem(
                key,
                format!("{flag} is no sign"),
                "give a pointer to a boolean, or { at = \"/x\", is = ... }",
            );
            return None;
        }
        Some(Self {
            at: section.as_pointer(key, text)?,
            is: to_json(&is),
        })
    }

    /// Whether an object shows the sign.
    pub(crate) fn shows(&self, object: &Value) -> bool {
        self.at.find(object) == Some(&self.is)
    }
}
