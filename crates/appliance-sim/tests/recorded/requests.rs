//! The requests of a probe, with names for what earlier answers told.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The requests of a probe, in their order.
#[derive(Debug, Deserialize)]
pub(crate) struct Probe {
    pub(crate) base: String,
    pub(crate) login: (String, String),
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) requests: Vec<Request>,
}

/// One request. What it leaves out is the probe's.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// None for a request whose answer only later ones need.
    pub(crate) label: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) raw: Option<String>,
    /// Other credentials than the probe's; `null` for none.
    #[serde(default, deserialize_with = "given")]
    pub(crate) login: Option<Option<(String, String)>>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Whether it goes without the probe's headers.
    #[serde(default)]
    pub(crate) bare: bool,
    /// The name under which later requests mean the id in the answer.
    pub(crate) save: Option<String>,
}

impl Probe {
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap()
    }
}

/// Tells `null` from nothing.
fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// What earlier answers told, by name.
#[derive(Debug, Default)]
pub(crate) struct Known(HashMap<String, String>);

impl Known {
    /// Keeps the id of an answer (that of the first row of a list), and a token's value.
    pub(crate) fn keep(&mut self, name: &str, answer: &Value) {
        let places = [answer.pointer("/id"), answer.pointer("/0/id"), Some(answer)];
        let id = places.into_iter().flatten().find_map(Value::as_i64);
        let id = id.unwrap_or_else(|| panic!("no id for {name} in {answer}"));
        self.0.insert(name.to_owned(), id.to_string());
        if let Some(token) = answer["token_value"].as_str() {
            self.0
                .insert(format!("{name}.token_value"), token.to_owned());
        }
    }

    /// The text with every `{name}` replaced.
    pub(crate) fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    /// The value with every text that is a `{name}` replaced by the number.
    pub(crate) fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let filled = self.fill(text);
                match (filled != *text, filled.parse::<i64>()) {
                    (true, Ok(number)) => Value::from(number),
                    _ => Value::String(filled),
                }
            }
            Value::Array(list) => list.iter().map(|value| self.fill_value(value)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(key, value)| (key.clone(), self.fill_value(value)))
                .collect(),
            other => other.clone(),
        }
    }
}
