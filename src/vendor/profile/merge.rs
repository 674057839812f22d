//! Lays an appliance's overrides over a profile, and names the result.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::scim::schema::SchemaSet;

/// Where a row's value comes from; a row has one of these at most.
pub(crate) const SOURCES: [&str; 4] = ["from", "template", "value", "choose"];

/// What makes a request one over HTTP, and what makes it a call of JSON-RPC.
const REQUEST_KINDS: [&[&str]; 2] = [
    &["method", "path", "query", "headers", "body"],
    &["call", "params"],
];

/// Overrides win, table by table. An override that gives a row another source takes the
/// profile's own source away, because a row has only one, and the default with it; and one that
/// makes a request of the other kind takes the profile's own request away. What has another style
/// (paging, members) has other keys, too.
pub(super) fn overlay(profile: &mut toml::Table, overrides: &toml::Table) {
    for (one, other) in [(0, 1), (1, 0)] {
        let (one, other) = (REQUEST_KINDS[one], REQUEST_KINDS[other]);
        let becomes = one.first().is_some_and(|key| overrides.contains_key(*key));
        let was = other.first().is_some_and(|key| profile.contains_key(*key));
        if becomes && was {
            for key in other {
                profile.remove(*key);
            }
        }
    }
    let style = |table: &toml::Table| {
        let style = table.get("style").and_then(toml::Value::as_str);
        style.map(str::to_owned)
    };
    if let (Some(was), Some(becomes)) = (style(profile), style(overrides))
        && was != becomes
    {
        profile.clear();
    }
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
    fn another_style_has_keys_of_its_own() {
        let mut profile: toml::Table = "[list.paging]\nstyle = 'page'\npage = 'p'\ntotal = '/n'"
            .parse()
            .unwrap();
        let same: toml::Table = "[list.paging]\nstyle = 'page'\ntotal = '/m'"
            .parse()
            .unwrap();
        overlay(&mut profile, &same);
        assert_eq!(profile["list"]["paging"]["page"].as_str(), Some("p"));
        let other: toml::Table = "[list.paging]\nstyle = 'none'".parse().unwrap();
        overlay(&mut profile, &other);
        assert_eq!(profile, other);
    }

    #[test]
    fn a_request_of_the_other_kind_replaces_the_whole_request() {
        let http = "[find]\nitems = '/data'\nrequest = { method = 'GET', path = '/u', query = { a = 'b' } }";
        let call = "[find]\nitems = '/data'\nrequest = { call = 'user.query', params = [1] }";
        let overlay_with = |below: &str, above: &str| {
            let mut profile = table(below);
            overlay(&mut profile, &table(above));
            profile
        };
        assert_eq!(overlay_with(http, call), table(call));
        assert_eq!(overlay_with(call, http), table(http));
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
