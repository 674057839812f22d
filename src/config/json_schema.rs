//! The JSON Schema of the configuration, for editors: the keys are those of the structs, their
//! meanings and defaults those of the reference file.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::file::ConfigurationFile;
use super::introspect::Shape;
use super::layers::DEFAULTS;
use crate::vendor::override_schemas;

/// The JSON Schema of a `scim-bridge.toml`.
pub fn json_schema() -> Value {
    let reference = Reference::read(DEFAULTS);
    // The structs are ours, and a test reads them: there is nothing that could fail here.
    let shape = Shape::of::<ConfigurationFile>().unwrap_or(Shape::Anything);
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        Value::from("http://json-schema.org/draft-07/schema#"),
    );
    schema.insert("title".to_owned(), Value::from("scim-bridge configuration"));
    if let Value::Object(root) = reference.schema(&shape, "") {
        schema.extend(root);
    }
    schema.insert("definitions".to_owned(), Value::Object(override_schemas()));
    Value::Object(schema)
}

/// What the reference file says about each key, by its dotted path; lists have no positions, and
/// named sections are called `*`.
#[derive(Debug, Default)]
struct Reference {
    meanings: BTreeMap<String, String>,
    defaults: BTreeMap<String, Value>,
}

impl Reference {
    fn read(text: &str) -> Self {
        let mut reference = Self::default();
        let mut section = String::new();
        // A comment holds for all the keys that follow it directly.
        let mut comment: Vec<&str> = Vec::new();
        let mut commented = false;
        for line in text.lines() {
            if let Some(words) = line.strip_prefix("# ") {
                if commented {
                    comment.clear();
                    commented = false;
                }
                comment.push(words);
                continue;
            }
            let written = line.strip_prefix('#').unwrap_or(line);
            if let Some(header) = written.strip_prefix('[') {
                section = general(
                    header
                        .trim_start_matches('[')
                        .split(']')
                        .next()
                        .unwrap_or(""),
                );
                reference.note(&section, &comment);
                commented = true;
            } else if let Some((key, value)) = written.split_once(" = ") {
                let path = below(&section, key);
                reference.note(&path, &comment);
                commented = true;
                if !line.starts_with('#')
                    && let Some(value) = toml_value(value)
                {
                    reference.defaults.insert(path, value);
                }
            } else {
                comment.clear();
            }
        }
        reference
    }

    fn note(&mut self, path: &str, comment: &[&str]) {
        if !comment.is_empty() && !comment.iter().any(|line| line.starts_with("----")) {
            self.meanings.insert(path.to_owned(), comment.join(" "));
        }
    }

    fn schema(&self, shape: &Shape, path: &str) -> Value {
        let mut schema = match shape {
            Shape::Section(keys) => self.section(keys, path),
            // A row of a translation table is the profile's to describe.
            Shape::Named(_) if path.ends_with(".fields") => of_profiles("row"),
            Shape::Named(_) if path.ends_with(".collection") => of_profiles("collection_override"),
            Shape::Named(inner) => json!({
                "type": "object",
                "additionalProperties": self.schema(inner, &below(path, "*")),
            }),
            Shape::List(item) => json!({ "type": "array", "items": self.schema(item, path) }),
            Shape::Choice(words) => json!({ "enum": words }),
            Shape::Flag => json!({ "type": "boolean" }),
            Shape::Number(largest) => {
                json!({ "type": "integer", "minimum": 0, "maximum": largest })
            }
            Shape::Decimal => json!({ "type": "number", "minimum": 0 }),
            Shape::Text => json!({ "type": "string" }),
            Shape::Anything => json!({}),
        };
        if let Value::Object(schema) = &mut schema {
            if let Some(meaning) = self.meaning(path) {
                schema.insert("description".to_owned(), Value::from(meaning));
            }
            if let Some(default) = self.defaults.get(path) {
                schema.insert("default".to_owned(), default.clone());
            }
        }
        schema
    }

    fn section(&self, keys: &[(&'static str, Shape)], path: &str) -> Value {
        let properties: Map<String, Value> = keys
            .iter()
            .map(|(name, shape)| ((*name).to_owned(), self.schema(shape, &below(path, name))))
            .collect();
        json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        })
    }

    /// An appliance's keys may be explained in the defaults for all or in its own section, those of
    /// groups at those of users.
    fn meaning(&self, path: &str) -> Option<&str> {
        let other = match path.split_once('.') {
            Some(("appliance_defaults", rest)) => format!("appliance.{rest}"),
            Some(("appliance", rest)) => format!("appliance_defaults.{rest}"),
            _ => path.to_owned(),
        };
        let of_users = other.replace(".group.", ".user.");
        [path, &other, &of_users]
            .into_iter()
            .find_map(|path| self.meanings.get(path))
            .map(String::as_str)
    }
}

/// A section's header with `*` for the names that the operator chooses.
fn general(header: &str) -> String {
    let parts: Vec<&str> = header.split('.').collect();
    match parts.as_slice() {
        ["directory", _, rest @ ..] => [&["directory", "*"], rest].concat().join("."),
        ["appliance", object, rows @ ("fields" | "collection"), ..] => {
            format!("appliance.{object}.{rows}")
        }
        _ => header.to_owned(),
    }
}

/// A section whose entries are tables of profiles.
fn of_profiles(definition: &str) -> Value {
    json!({
        "type": "object",
        "additionalProperties": { "$ref": format!("#/definitions/{definition}") },
    })
}

fn below(section: &str, key: &str) -> String {
    if section.is_empty() {
        key.to_owned()
    } else {
        format!("{section}.{key}")
    }
}

/// A value as the reference writes it.
fn toml_value(text: &str) -> Option<Value> {
    let table: toml::Table = format!("value = {text}").parse().ok()?;
    serde_json::to_value(table.get("value")?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::json_schema;

    #[test]
    fn meanings_and_defaults_are_those_of_the_reference() {
        let schema = json_schema();
        let workers = &schema["properties"]["scim"]["properties"]["workers"];
        assert_eq!(
            workers,
            &json!({
                "type": "integer",
                "minimum": 0,
                "maximum": 65_535,
                "description": "Threads that answer requests; 0 means one for each core.",
                "default": 0,
            })
        );
        // One comment for several keys, and one in the section for all appliances.
        let appliance = &schema["properties"]["appliance"]["items"]["properties"];
        let removal = appliance["on_leave_scope"]["description"].as_str().unwrap();
        assert!(
            removal.starts_with("What happens to the account"),
            "{removal}"
        );
        let strict = &schema["properties"]["directory"]["additionalProperties"]["properties"];
        assert!(strict["strict"]["description"].is_string(), "{strict}");
    }

    #[test]
    fn every_key_has_a_meaning() {
        let mut silent = Vec::new();
        silent_keys(&json_schema()["properties"], "", &mut silent);
        assert!(
            silent.is_empty(),
            "no comment stands above these keys in config/scim-bridge.toml: {silent:?}"
        );
    }

    /// Keys with a plain value and no description.
    fn silent_keys(properties: &Value, path: &str, silent: &mut Vec<String>) {
        for (name, schema) in properties.as_object().unwrap() {
            let path = format!("{path}.{name}");
            let inner = [
                &schema["properties"],
                &schema["items"]["properties"],
                &schema["additionalProperties"]["properties"],
                &schema["items"]["items"]["properties"],
            ];
            match inner.into_iter().find(|inner| inner.is_object()) {
                Some(inner) => silent_keys(inner, &path, silent),
                None if schema["description"].is_string() => {}
                None => silent.push(path),
            }
        }
    }
}
