//! The translation table that is in force, as a table.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table as ShownTable};
use serde_json::{Value, json};
use toml::Table;

/// Keys that say where a value comes from.
const SOURCE: [&str; 8] = [
    "from", "template", "value", "choose", "default", "secret", "generate", "when",
];

/// Keys that say how a field is read back.
const READ: [&str; 4] = ["read", "compare", "ignore", "leave_when"];

/// Stands behind what an appliance says itself.
const OWN: &str = " *";

/// The rows for people.
pub(super) fn table(object: &Table, own: Option<&Table>) -> ShownTable {
    let mut table = ShownTable::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["field", "value", "transforms", "constraints", "read back"]);
    for (name, row, own) in rows(object, own) {
        let mark = if own.is_some() { OWN } else { "" };
        let other = row
            .keys()
            .map(String::as_str)
            .filter(|key| *key != "apply" && !SOURCE.contains(key) && !READ.contains(key));
        table.add_row([
            format!("{name}{mark}"),
            source(row, own).unwrap_or_else(|| without_source(object, name)),
            cell(row, own, ["apply"].into_iter(), transforms),
            cell(row, own, other, constraint),
            cell(row, own, READ.into_iter(), constraint),
        ]);
    }
    table
}

/// The rows for scripts.
pub(super) fn json(object: &Table, own: Option<&Table>) -> Value {
    rows(object, own)
        .map(|(name, row, own)| {
            let overridden: Vec<&String> = own.into_iter().flat_map(Table::keys).collect();
            json!({"field": name, "row": row, "overridden": overridden})
        })
        .collect()
}

/// The elements of a list in one line each; of anything else itself.
pub(super) fn items(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::Array(list) => list.iter().map(plain).collect(),
        single => vec![plain(single)],
    }
}

fn rows<'a>(
    object: &'a Table,
    own: Option<&'a Table>,
) -> impl Iterator<Item = (&'a String, &'a Table, Option<&'a Table>)> {
    object
        .get("fields")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten()
        .filter_map(move |(name, row)| {
            let own = own
                .and_then(|own| own.get(name))
                .and_then(toml::Value::as_table);
            Some((name, row.as_table()?, own))
        })
}

fn source(row: &Table, own: Option<&Table>) -> Option<String> {
    let text = cell(row, own, SOURCE.into_iter(), source_of);
    (!text.is_empty()).then_some(text)
}

/// A row without a source says what the vendor takes, or carries the marker.
fn without_source(object: &Table, field: &str) -> String {
    let marker = object.get("marker").and_then(toml::Value::as_table);
    let text = |key: &str| marker.and_then(|marker| marker.get(key)?.as_str());
    if text("field") == Some(field) {
        format!("{}<SCIM id>", text("prefix").unwrap_or("scim:"))
    } else {
        "(none)".to_owned()
    }
}

/// Those keys of a row, told one below the other.
fn cell<'a>(
    row: &Table,
    own: Option<&Table>,
    keys: impl Iterator<Item = &'a str>,
    tell: impl Fn(&str, &toml::Value) -> Vec<String>,
) -> String {
    let mut lines = Vec::new();
    for key in keys {
        let Some(value) = row.get(key) else { continue };
        let mark = if own.is_some_and(|own| own.contains_key(key)) {
            OWN
        } else {
            ""
        };
        lines.extend(tell(key, value).iter().map(|line| format!("{line}{mark}")));
    }
    lines.join("\n")
}

fn source_of(key: &str, value: &toml::Value) -> Vec<String> {
    match key {
        "from" => items(value)
            .iter()
            .enumerate()
            .map(|(index, path)| match index {
                0 => path.clone(),
                _ => format!("else {path}"),
            })
            .collect(),
        "value" => vec![format!("always {value}")],
        "choose" => value.as_array().into_iter().flatten().map(choice).collect(),
        "default" => vec![format!("otherwise {value}")],
        "secret" => vec!["a password".to_owned()],
        "generate" => match value.get("length") {
            Some(length) => vec![format!("generated, {length} characters")],
            None => vec!["generated".to_owned()],
        },
        "when" => vec![format!("only when {}", plain(value))],
        _ => vec![format!("{key} {}", plain(value))],
    }
}

/// `group "Storage admins": "administrator"`
fn choice(line: &toml::Value) -> String {
    let conditions: Vec<String> = line
        .as_table()
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != "value")
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    let value = line
        .get("value")
        .map_or_else(|| "?".to_owned(), ToString::to_string);
    format!("{}: {value}", conditions.join(", "))
}

fn transforms(_key: &str, value: &toml::Value) -> Vec<String> {
    items(value)
}

fn constraint(key: &str, value: &toml::Value) -> Vec<String> {
    if key == "reference"
        && let Some(request) = value.get("request").and_then(toml::Value::as_table)
    {
        let shown = super::calls::request(request).unwrap_or_default();
        return vec![format!("looked up by {shown}")];
    }
    vec![format!("{key} {}", items(value).join(", "))]
}

/// A text without quotes, anything else as TOML writes it.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
