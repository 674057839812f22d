//! Reads a request of a profile.

use super::super::profile::Section;
use super::RequestTemplate;
use super::template::{Body, Place, Text};

/// Variables whose values are secret wherever they stand.
const SECRET_VARIABLES: [&str; 1] = ["password"];

const METHODS: [(&str, &str); 5] = [
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
];

/// Reads `method`, `path`, `query`, `headers` and `body` of a section. `None` if something is
/// wrong, which has been reported then.
pub(crate) fn compile_request(section: &Section<'_>, declared: &[&str]) -> Option<RequestTemplate> {
    let method = section.required_choice("method", &METHODS);
    let path = path(section, declared);
    if let (Some("DELETE"), Some(path)) = (method, &path)
        && !path.ends_in_placeholder()
    {
        section.problem(
            "path",
            "a DELETE of this path would take away everything below it",
            "end the path in the placeholder of one object, like /users/{{ id }}",
        );
    }
    let query = texts(section, "query", declared);
    let headers = texts(section, "headers", declared);
    let body = match section.json("body") {
        None => Some(None),
        Some(value) => match Body::parse(&value, declared) {
            Ok(body) => Some(Some(body)),
            Err(problem) => {
                section.problem("body", problem, "correct the body of the request");
                None
            }
        },
    };
    let (method, path, body) = (method?, path?, body?);
    let mut secret_fields = Vec::new();
    if let Some(body) = &body {
        body.fields_with(&SECRET_VARIABLES, &mut secret_fields);
    }
    Some(RequestTemplate {
        method: method.to_owned(),
        path,
        query,
        headers,
        body,
        secret_fields,
    })
}

fn path(section: &Section<'_>, declared: &[&str]) -> Option<Text> {
    let source = section.required_text("path")?;
    if !source.starts_with('/') || source.contains(['?', '#']) {
        section.problem(
            "path",
            format!("\"{source}\" is no path below the base path"),
            "begin it with a slash; put parameters under query",
        );
        return None;
    }
    match Text::parse(&source, Place::Path, declared) {
        Ok(text) => Some(text),
        Err(problem) => {
            section.problem_in("path", (&source, 0), problem, "correct the path");
            None
        }
    }
}

fn texts(section: &Section<'_>, key: &'static str, declared: &[&str]) -> Vec<(String, Text)> {
    let Some(inner) = section.section(key) else {
        return Vec::new();
    };
    let mut texts = Vec::new();
    for (name, value) in inner.entries() {
        let source = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(boolean) => boolean.to_string(),
            _ => {
                inner.problem(
                    name,
                    "a parameter is text, a number or a boolean",
                    "put it in quotes",
                );
                continue;
            }
        };
        match Text::parse(&source, Place::Parameter, declared) {
            Ok(text) => texts.push((name.clone(), text)),
            Err(problem) => {
                inner.problem_in(name, (&source, 0), problem, "correct the placeholder");
            }
        }
    }
    texts
}
