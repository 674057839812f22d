//! Lays an appliance's overrides over a profile, and names the result.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::scim::schema::SchemaSet;

/// Where a row's value comes from; a row has one of these at most.
pub(crate) const SOURCES: [&str; 4] = ["from", "template", "value", "choose"];

/// Overrides win, table by table. An override that gives a row another source takes the
/// profile's own source away, because a row has only one, and the default with it.
pub(super) fn overlay(profile: &mut toml::Table, overrides: &toml::Table) {
    if SOURCES.iter().any(|source| overrides.contains_key(*source)) {
        for source in SOURCES {
            profile.remove(source);
        }
        // It belongs to the source.
        profile.remove("default");
    }
    for (key, value) in overrides {
        match (profile.get_mut(key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => overlay(below, above),
            _ => {
                profile.insert(key.clone(), value.clone());
            }
        }
    }
}

/// SHA-256 of what a profile says, whatever its comments and its order, in lower-case hex.
///
/// Its tests, its title and what it shows of failures change nothing at an appliance.
pub(super) fn digest(profile: &toml::Table, schemas: &SchemaSet) -> String {
    let mut profile = profile.clone();
    for key in ["test", "title", "showable"] {
        profile.remove(key);
    }
    let mut text = String::new();
    write_canonical(&toml::Value::Table(profile), &mut text);
    for schema in schemas.declared() {
        text.push_str(&serde_json::to_string(schema).unwrap_or_default());
    }
    let mut hex = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        push(&mut hex, format_args!("{byte:02x}"));
    }
    hex
}

fn write_canonical(value: &toml::Value, text: &mut String) {
    match value {
        toml::Value::Table(table) => {
            let mut keys: Vec<_> = table.iter().collect();
            keys.sort_by_key(|(key, _)| key.as_str());
            text.push('{');
            for (key, inner) in keys {
                push(text, format_args!("{key:?}:"));
                write_canonical(inner, text);
                text.push(',');
            }
            text.push('}');
        }
        toml::Value::Array(list) => {
            text.push('[');
            for inner in list {
                write_canonical(inner, text);
                text.push(',');
            }
            text.push(']');
        }
        toml::Value::String(string) => push(text, format_args!("{string:?}")),
        other => push(text, format_args!("{other}")),
    }
}

/// Writing to a String does not fail.
fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(arguments);
    debug_assert!(written.is_ok(), "a String takes all text");
}

#[cfg(test)]
mod tests {
    use super::overlay;

    fn digest(profile: &toml::Table) -> String {
        super::digest(profile, &crate::scim::schema::SchemaSet::core())
    }

    fn table(text: &str) -> toml::Table {
        text.parse().unwrap()
    }

    #[test]
    fn rows_are_merged_and_another_source_replaces_the_first() {
        let mut profile =
            table("[fields]\na = { from = ['x'], max_length = 3 }\nb = { from = ['y'] }");
        overlay(
            &mut profile,
            &table("[fields]\na = { template = 't' }\nc = { value = 1 }"),
        );
        assert_eq!(
            profile,
            table(
                "[fields]\na = { template = 't', max_length = 3 }\nb = { from = ['y'] }\nc = { value = 1 }"
            )
        );
    }

    #[test]
    fn the_digest_follows_the_meaning() {
        let one = digest(&table("a = 1 # why\nb = 'x'"));
        assert_eq!(one, digest(&table("b = 'x'\na = 1")));
        assert_ne!(one, digest(&table("b = 'x'\na = '1'")));
        assert_eq!(one, digest(&table("a = 1\nb = 'x'\n[[test]]\nname = 'n'")));
        assert_eq!(one.len(), 64);
    }
}
