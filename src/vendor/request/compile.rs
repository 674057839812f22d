//! Reads a request of a profile.

use super::super::profile::Section;
use super::template::{Body, Place, Text};
use super::{FIELDS, Form, RequestTemplate};

/// Variables whose values are secret wherever they stand.
const SECRET_VARIABLES: [&str; 2] = ["password", "token"];

const METHODS: [(&str, &str); 5] = [
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
];

/// Keys that only a request over plain HTTP has.
const HTTP_KEYS: [&str; 5] = ["method", "path", "query", "headers", "body"];

/// Reads a request: `method`, `path`, `query`, `headers` and `body`, or of JSON-RPC `call` and
/// `params`. `None` if something is wrong, which has been reported then.
pub(crate) fn compile_request(section: &Section<'_>, declared: &[&str]) -> Option<RequestTemplate> {
    let (form, body) = if section.value("call").is_some() {
        compile_call(section, declared)?
    } else {
        compile_http(section, declared)?
    };
    let mut secret_fields = Vec::new();
    if let Some(body) = &body {
        body.fields_with(&SECRET_VARIABLES, &mut secret_fields);
    }
    Some(RequestTemplate {
        form,
        body,
        secret_fields,
    })
}

/// Reads a request that carries fields of the table. One over HTTP may leave their place open, as
/// there they are the body; the params of a call are a list, and have to name it.
pub(crate) fn compile_carrier(section: &Section<'_>, declared: &[&str]) -> Option<RequestTemplate> {
    let declared: Vec<&str> = declared.iter().copied().chain([FIELDS]).collect();
    let template = compile_request(section, &declared)?;
    if template.is_call() && !template.takes_fields() {
        section.problem(
            "params",
            "the fields of the account have no place in them",
            "put \"{{ fields }}\" where the method takes them",
        );
    }
    Some(template)
}

fn compile_http(section: &Section<'_>, declared: &[&str]) -> Option<(Form, Option<Body>)> {
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
    let body = body(section, "body", declared);
    if section.value("params").is_some() {
        section.problem(
            "params",
            "only a JSON-RPC call has params",
            "use query or body, or give call instead of method and path",
        );
    }
    let form = Form::Http {
        method: method?.to_owned(),
        path: path?,
        query,
        headers,
    };
    Some((form, body?))
}

/// The params are a list or an object (JSON-RPC 2.0 §4.2); without any an empty list is sent, which
/// every server takes.
fn compile_call(section: &Section<'_>, declared: &[&str]) -> Option<(Form, Option<Body>)> {
    for key in HTTP_KEYS {
        if section.value(key).is_some() {
            section.problem(
                key,
                "a JSON-RPC call has no such part",
                "say everything by call and params",
            );
        }
    }
    let name = section.required_text("call")?;
    if name.trim().is_empty() {
        section.problem("call", "the method has no name", "name it");
    }
    let params = body(section, "params", declared)?.unwrap_or_else(|| Body::List(Vec::new()));
    if !matches!(params, Body::List(_) | Body::Object(_)) {
        section.problem(
            "params",
            "params are a list or a table",
            "put the value in brackets",
        );
    }
    Some((Form::Call(name), Some(params)))
}

/// The JSON at a key; the outer `None` if it is wrong, which has been reported then.
fn body(section: &Section<'_>, key: &'static str, declared: &[&str]) -> Option<Option<Body>> {
    let Some(value) = section.json(key) else {
        return Some(None);
    };
    Body::parse(&value, declared)
        .map(Some)
        .map_err(|problem| section.problem(key, problem, "correct the body of the request"))
        .ok()
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
