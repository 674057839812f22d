//! Reads `apply` of a row, and checks that its steps fit each other.

use regex::Regex;

use super::super::super::profile::{Section, regex_reason};
use super::super::super::suggest::closest;
use super::{TextFunction, Transform};

const FUNCTIONS: [(&str, TextFunction); 12] = [
    ("local_part", TextFunction::LocalPart),
    ("lower", TextFunction::Lower),
    ("upper", TextFunction::Upper),
    ("trim", TextFunction::Trim),
    ("ascii", TextFunction::Ascii),
    ("alphanumeric", TextFunction::Alphanumeric),
    ("letter_first", TextFunction::LetterFirst),
    ("digits", TextFunction::Digits),
    ("single_line", TextFunction::SingleLine),
    ("phone_hyphen", TextFunction::PhoneHyphen),
    ("country_alpha2", TextFunction::CountryAlpha2),
    ("locale_short", TextFunction::LocaleShort),
];

/// The transforms that are only a name.
pub(crate) fn names() -> Vec<&'static str> {
    FUNCTIONS
        .iter()
        .map(|(known, _)| *known)
        .chain(["not"])
        .collect()
}

/// Reads the steps under `apply`; what is wrong is reported.
pub(in super::super) fn compile(section: &Section<'_>) -> Vec<Transform> {
    let steps = match section.value("apply") {
        None => return Vec::new(),
        Some(toml::Value::Array(list)) => list.clone(),
        Some(single) => vec![single.clone()],
    };
    let mut compiled = Vec::new();
    for step in &steps {
        match one(step) {
            Ok(step) => compiled.push(step),
            Err(problem) => section.problem_in("apply", (text_of(step), 0), problem, &remedy()),
        }
    }
    check_order(section, &compiled);
    compiled
}

fn remedy() -> String {
    format!(
        "use one of: {}, or {{ strip }}, {{ keep }}, {{ replace, with }}, {{ prefix }}, {{ join }}",
        names().join(", ")
    )
}

/// The text by which a step is found in the profile.
fn text_of(step: &toml::Value) -> &str {
    let first = step.as_table().and_then(|table| table.values().next());
    step.as_str()
        .or_else(|| first.and_then(toml::Value::as_str))
        .unwrap_or_default()
}

fn one(step: &toml::Value) -> Result<Transform, String> {
    match step {
        toml::Value::String(name) => named(name),
        toml::Value::Table(table) => with_argument(table),
        other => Err(format!("{other} is no transform")),
    }
}

fn named(name: &str) -> Result<Transform, String> {
    if name == "not" {
        return Ok(Transform::Not);
    }
    let known = names();
    FUNCTIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, function)| Transform::Text(*function))
        .ok_or_else(|| format!("\"{name}\" is no transform{}", closest(name, &known)))
}

fn with_argument(table: &toml::Table) -> Result<Transform, String> {
    let argument = |key: &str| table.get(key).and_then(toml::Value::as_str);
    match (table.len(), table.keys().next().map(String::as_str)) {
        (1, Some("strip")) => Ok(Transform::Replace(
            class("", argument("strip"))?,
            String::new(),
        )),
        (1, Some("keep")) => Ok(Transform::Replace(
            class("^", argument("keep"))?,
            String::new(),
        )),
        (1, Some("prefix")) => Ok(Transform::Prefix(required(argument("prefix"))?)),
        (1, Some("join")) => Ok(Transform::Join(required(argument("join"))?)),
        (2, _) if table.contains_key("replace") => Ok(Transform::Replace(
            class("", argument("replace"))?,
            required(argument("with"))?,
        )),
        _ => Err(
            "this is no transform with an argument: strip, keep, prefix, join, or replace and with"
                .to_owned(),
        ),
    }
}

fn required(argument: Option<&str>) -> Result<String, String> {
    argument
        .map(str::to_owned)
        .ok_or_else(|| "the argument of a transform is a text".to_owned())
}

fn class(negation: &str, characters: Option<&str>) -> Result<Regex, String> {
    let characters = required(characters)?;
    // A negated class inside a class is how "everything but" reads: [^a-z] as well as [[^a-z]].
    Regex::new(&format!("[{negation}{characters}]")).map_err(|error| {
        let reason = regex_reason(&error);
        format!("\"{characters}\" are no characters of a regex class ({reason})")
    })
}

/// A boolean has no letters, and only what comes first can see the list.
fn check_order(section: &Section<'_>, steps: &[Transform]) {
    let join_inside = steps
        .iter()
        .skip(1)
        .any(|step| matches!(step, Transform::Join(_)));
    let not_among_texts = steps.iter().any(|step| matches!(step, Transform::Not))
        && steps.iter().any(|step| !matches!(step, Transform::Not));
    if join_inside {
        section.problem(
            "apply",
            "join takes a list, and only the first step sees one",
            "put it first",
        );
    }
    if not_among_texts {
        section.problem(
            "apply",
            "not takes a boolean, the other steps take a text",
            "keep to one of them",
        );
    }
}
