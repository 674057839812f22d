//! Reads rows whose value never passes through the table: passwords.

use super::super::profile::{SOURCES, Section};
use super::row::{Constraints, Secret};
use super::rule::FieldCondition;

/// Characters of generated passwords: letters and digits that are not mistaken for each other,
/// and signs that need no escaping anywhere.
const ALPHABET: &str = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_.+=#%!";

/// The shortest password that is generated.
const SHORTEST_PASSWORD: usize = 12;

/// Reads `secret`, `generate`, `forbidden` and `omit_when` of a row; `None` if it is no secret.
pub(super) fn secret(section: &Section<'_>, constraints: &Constraints) -> Option<Secret> {
    let is_secret = section.flag("secret").unwrap_or(false);
    let forbidden = section.text("forbidden").unwrap_or_default();
    let generate = section
        .section("generate")
        .and_then(|inner| generate(&inner, &forbidden, constraints));
    let omit_when = FieldCondition::compile(section, "omit_when");
    if !is_secret {
        if section.has("generate") || section.has("forbidden") || omit_when.is_some() {
            section.problem(
                "secret",
                "only a secret is generated, omitted, or has forbidden characters",
                "add secret = true",
            );
        }
        return None;
    }
    if SOURCES.iter().any(|source| section.has(source)) {
        section.problem(
            "secret",
            "a secret has no source: passwords never pass through the table",
            "remove from, template, value and choose",
        );
    }
    Some(Secret {
        generate,
        forbidden,
        omit_when,
    })
}

fn generate(
    section: &Section<'_>,
    forbidden: &str,
    constraints: &Constraints,
) -> Option<(usize, String)> {
    let length = section.size("length").unwrap_or(24);
    let alphabet: String = section
        .text("alphabet")
        .unwrap_or_else(|| ALPHABET.to_owned())
        .chars()
        .filter(|character| !forbidden.contains(*character))
        .collect();
    let longest = constraints.max_length.unwrap_or(usize::MAX);
    if !(SHORTEST_PASSWORD..=longest).contains(&length) {
        section.problem(
            "length",
            format!("a generated password of {length} characters is too short, or longer than the vendor takes"),
            "give at least 12 and at most max_length",
        );
        return None;
    }
    if alphabet.chars().count() < 16 {
        section.problem(
            "alphabet",
            "so few characters make no password",
            "give at least 16 that are not forbidden",
        );
        return None;
    }
    Some((length, alphabet))
}
