//! Environment variables: `SCIM_BRIDGE_` and the key, sections separated by two underscores.
//!
//! Members of lists are named: `SCIM_BRIDGE_APPLIANCE__NAS_1__PASSWORD` is the password of the
//! appliance `nas-1`. Each value is read as the type that the key has.

use toml::{Table, Value};

use super::check::{check_value, description};
use super::errors::{ConfigError, Findings, closest, listing};
use super::introspect::Shape;
use super::places::{KeyPath, Place};

/// What every variable begins with.
const PREFIX: &str = "SCIM_BRIDGE_";

/// Names the configuration file on the command line's behalf; no key of the configuration.
const FILE_VARIABLE: &str = "SCIM_BRIDGE_CONFIG";

/// A key that a variable sets.
#[derive(Debug)]
pub(super) struct Override {
    pub(super) path: KeyPath,
    pub(super) value: Value,
}

/// Reads all variables that concern us; `file` is the configuration file's content, which says
/// which list members there are.
pub(super) fn read(
    variables: impl Iterator<Item = (String, String)>,
    shape: &Shape,
    file: &Table,
    findings: &mut Findings,
) -> Vec<Override> {
    let mut ours: Vec<(String, String)> = variables
        .filter(|(name, _)| name.starts_with(PREFIX) && name != FILE_VARIABLE)
        .filter(|(name, _)| !is_service_link(name))
        .collect();
    ours.sort();
    let mut overrides = Vec::new();
    for (name, text) in ours {
        match resolve(&name, &text, shape, file) {
            Ok(Override { path, mut value }) => {
                findings.places.variable(path.clone(), &name);
                if let Some(shape) = shape_at(shape, &name, file)
                    && check_value(shape, &mut value, &path, findings)
                {
                    overrides.push(Override { path, value });
                }
            }
            Err((problem, remedy)) => findings.push(ConfigError {
                place: Place::Environment(name),
                key: String::new(),
                problem,
                remedy,
            }),
        }
    }
    overrides
}

/// Kubernetes describes every service of the namespace in variables; those of a service that is
/// itself called `scim-bridge` begin as ours do (`SCIM_BRIDGE_PORT_8080_TCP_ADDR`).
fn is_service_link(name: &str) -> bool {
    if name.contains("__") {
        return false;
    }
    name.contains("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.ends_with("_PORT")
        || ["_TCP", "_UDP", "_SCTP"]
            .iter()
            .any(|protocol| name.contains("_PORT_") && name.contains(protocol))
}

fn resolve(
    name: &str,
    text: &str,
    shape: &Shape,
    file: &Table,
) -> Result<Override, (String, String)> {
    let (shape, path) = find(name, shape, file)?;
    let value = parse(shape, text)?;
    Ok(Override { path, value })
}

fn shape_at<'a>(shape: &'a Shape, name: &str, file: &Table) -> Option<&'a Shape> {
    find(name, shape, file).ok().map(|(shape, _)| shape)
}

/// Follows a variable's name through the sections.
fn find<'a>(
    name: &str,
    shape: &'a Shape,
    file: &Table,
) -> Result<(&'a Shape, KeyPath), (String, String)> {
    let rest = name.strip_prefix(PREFIX).unwrap_or(name);
    let mut shape = shape;
    let mut path = KeyPath::default();
    let whole = Value::Table(file.clone());
    let mut content = Some(&whole);
    for segment in rest.split("__") {
        match shape {
            Shape::Section(keys) => {
                let Some((key, inner)) =
                    keys.iter().find(|(key, _)| folded(key) == folded(segment))
                else {
                    return Err(unknown(rest, shape));
                };
                (shape, path) = (inner, path.key(key));
                content = content.and_then(|value| value.get(key));
            }
            Shape::Named(inner) => {
                let key = content
                    .and_then(Value::as_table)
                    .and_then(|table| table.keys().find(|key| folded(key) == folded(segment)))
                    .cloned()
                    .unwrap_or_else(|| segment.to_lowercase());
                content = content.and_then(|value| value.get(&key));
                (shape, path) = (inner, path.key(&key));
            }
            Shape::List(inner) => {
                let index = member(content, segment, &path)?;
                content = content.and_then(|value| value.get(index));
                (shape, path) = (inner, path.item(index));
            }
            _ => {
                return Err((
                    format!("`{path}` is no section"),
                    "take off what follows its name".to_owned(),
                ));
            }
        }
    }
    Ok((shape, path))
}

/// The list member of that name.
fn member(content: Option<&Value>, name: &str, path: &KeyPath) -> Result<usize, (String, String)> {
    let names: Vec<&str> = content
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|item| item.get("name").and_then(Value::as_str).unwrap_or_default())
        .collect();
    names
        .iter()
        .position(|candidate| folded(candidate) == folded(name))
        .ok_or_else(|| {
            (
                format!("no [[{path}]] of the configuration file is called {name:?}"),
                format!("the names there are {}", listing(names)),
            )
        })
}

fn unknown(rest: &str, shape: &Shape) -> (String, String) {
    let mut known = Vec::new();
    variable_names(shape, String::new(), &mut known);
    let remedy = match closest(&rest.to_uppercase(), known.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean {PREFIX}{meant}?"),
        None => "sections and keys are separated by two underscores; \
                 the keys are those of the configuration file"
            .to_owned(),
    };
    ("there is no such key".to_owned(), remedy)
}

/// The names of all variables that do not depend on the operator's names.
fn variable_names(shape: &Shape, prefix: String, names: &mut Vec<String>) {
    let Shape::Section(keys) = shape else {
        names.push(prefix);
        return;
    };
    for (key, shape) in keys {
        let separator = if prefix.is_empty() { "" } else { "__" };
        variable_names(shape, format!("{prefix}{separator}{}", folded(key)), names);
    }
}

/// Upper case, everything but letters and digits an underscore: how names look in variables.
fn folded(name: &str) -> String {
    name.chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect()
}

fn parse(shape: &Shape, text: &str) -> Result<Value, (String, String)> {
    let trimmed = text.trim();
    let wrong = || {
        (
            "the value does not fit the key".to_owned(),
            format!("write {}", description(shape)),
        )
    };
    match shape {
        Shape::Text => Ok(Value::String(text.to_owned())),
        Shape::Choice(_) => Ok(Value::String(trimmed.to_owned())),
        Shape::Flag => trimmed.parse().map(Value::Boolean).map_err(|_| wrong()),
        Shape::Number(_) => trimmed.parse().map(Value::Integer).map_err(|_| wrong()),
        Shape::Decimal => trimmed.parse().map(Value::Float).map_err(|_| wrong()),
        Shape::List(item) if !matches!(**item, Shape::Section(_)) => trimmed
            .split(',')
            .map(|part| parse(item, part.trim()))
            .collect::<Result<_, _>>()
            .map(Value::Array)
            .map_err(|_| {
                (
                    "the value does not fit the key".to_owned(),
                    "separate the members by commas".to_owned(),
                )
            }),
        _ => Err((
            "this is a section, and a variable sets a single key".to_owned(),
            "set its keys one by one, or in the configuration file".to_owned(),
        )),
    }
}
