//! Plays the recorded dialects of identity providers (`tests/data/traces`, the format is described
//! in each file by its own keys: steps with method, path, body, what to save, which status is right).

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;

use crate::support::Scim;

/// A scenario, as far as this player needs it.
#[derive(Debug, serde::Deserialize)]
pub struct Trace {
    pub id: String,
    #[serde(default)]
    vars: BTreeMap<String, String>,
    pub steps: Vec<Step>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub name: String,
    method: String,
    path: String,
    body: Option<Value>,
    raw_body: Option<String>,
    #[serde(default)]
    auth: Option<String>,
    #[serde(default)]
    save: BTreeMap<String, String>,
    expect: Option<Expect>,
}

#[derive(Debug, serde::Deserialize)]
struct Expect {
    status: Option<Vec<u16>>,
}

/// A player with its variables.
pub struct Player<'a> {
    scim: &'a Scim,
    variables: BTreeMap<String, String>,
}

impl<'a> Player<'a> {
    /// `run` is the word that makes names unique.
    pub fn new(scim: &'a Scim, trace: &Trace, run: &str) -> Self {
        let mut player = Self {
            scim,
            variables: BTreeMap::from([("run".to_owned(), run.to_owned())]),
        };
        // Variables may use one another; twice is enough for all traces.
        for _ in 0..2 {
            for (name, text) in &trace.vars {
                let filled = player.fill(text);
                player.variables.insert(name.clone(), filled);
            }
        }
        player
    }

    /// Plays one step; its status must be one of those that the trace expects.
    pub async fn play(&mut self, step: &Step) {
        if step.auth.is_some() {
            return;
        }
        let path = self.fill(&step.path);
        let method: Method = step.method.parse().unwrap();
        let body = match (&step.body, &step.raw_body) {
            (Some(body), _) => self.fill_value(body).to_string().into_bytes(),
            (None, Some(raw)) => self.fill(raw).into_bytes(),
            (None, None) => Vec::new(),
        };
        let content_type = (!body.is_empty()).then_some("application/scim+json; charset=utf-8");
        let reply = self.scim.send_raw(method, &path, content_type, body).await;
        if let Some(expected) = step
            .expect
            .as_ref()
            .and_then(|expect| expect.status.as_ref())
        {
            assert!(
                expected.contains(&reply.status),
                "{} {path} ({}): {} {}",
                step.method,
                step.name,
                reply.status,
                reply.text
            );
        }
        for (name, pointer) in &step.save {
            if let Some(value) = reply.body.pointer(pointer).and_then(Value::as_str) {
                self.variables.insert(name.clone(), value.to_owned());
            }
        }
    }

    fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(items) => items.iter().map(|item| self.fill_value(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| (self.fill(name), self.fill_value(member)))
                .collect(),
            other => other.clone(),
        }
    }

    fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (expression, after) = after.split_once("}}").unwrap();
            filled.push_str(before);
            filled.push_str(&self.expression(expression));
            rest = after;
        }
        filled + rest
    }

    /// `name|modifier|modifier`; `uuid:word` is a value of its own for each word.
    fn expression(&self, expression: &str) -> String {
        let mut parts = expression.split('|');
        let name = parts.next().unwrap_or_default();
        let mut value = match name.strip_prefix("uuid:") {
            Some(word) => format!(
                "{:032x}",
                word.bytes().fold(7_u128, |sum, byte| {
                    sum.wrapping_mul(257).wrapping_add(u128::from(byte))
                })
            ),
            None => self
                .variables
                .get(name)
                .unwrap_or_else(|| panic!("the trace uses {name:?} before it is saved"))
                .clone(),
        };
        for modifier in parts {
            value = match modifier {
                "q" | "plus" => value
                    .replace('%', "%25")
                    .replace('@', "%40")
                    .replace('+', "%2B")
                    .replace(',', "%2C")
                    .replace(' ', if modifier == "q" { "%20" } else { "+" }),
                "upper" => value.to_uppercase(),
                "lower" => value.to_lowercase(),
                "swap" => value
                    .chars()
                    .map(|c| {
                        if c.is_uppercase() {
                            c.to_ascii_lowercase()
                        } else {
                            c.to_ascii_uppercase()
                        }
                    })
                    .collect(),
                other => panic!("unknown modifier {other:?}"),
            };
        }
        value
    }
}
