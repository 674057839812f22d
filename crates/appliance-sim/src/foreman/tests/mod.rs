//! The contract, asked through requests as a client would send them.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Foreman;
use crate::exchange::{Request, Response, Simulator};
use crate::options::SimulatorOptions;
use crate::vendor::Vendor;

mod access;
mod lists;
mod user_contract;
mod usergroup_contract;

const NEW: &str = "3.12.0";
const MIDDLE: &str = "2.5";
const OLD: &str = "1.24";

fn install(release: &str) -> Foreman {
    Foreman::install(&SimulatorOptions {
        release: Some(release.into()),
        password: "changeme".into(),
        ..SimulatorOptions::new(Vendor::Foreman)
    })
    .unwrap()
}

fn basic(login: &str, password: &str) -> (String, String) {
    let value = STANDARD.encode(format!("{login}:{password}"));
    ("authorization".to_owned(), format!("Basic {value}"))
}

fn json_type() -> (String, String) {
    ("content-type".to_owned(), "application/json".to_owned())
}

/// `at` is a number of seconds on the clock.
fn send(
    foreman: &mut Foreman,
    headers: Vec<(String, String)>,
    method: &str,
    target: &str,
    body: &[u8],
    at: i64,
) -> Response {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    foreman.handle(&Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers,
        body: body.to_vec(),
        now: Timestamp::from_second(at).unwrap(),
        peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        secure: true,
    })
}

fn call_as(
    foreman: &mut Foreman,
    (login, password): (&str, &str),
    method: &str,
    target: &str,
    body: &Value,
) -> (u16, Value) {
    let headers = vec![basic(login, password), json_type()];
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let target = format!("/api{target}");
    let reply = send(
        foreman,
        headers,
        method,
        &target,
        body.as_bytes(),
        1_700_000_000,
    );
    (reply.status, content(&reply))
}

/// As the administrator.
fn call(foreman: &mut Foreman, method: &str, target: &str, body: &Value) -> (u16, Value) {
    call_as(foreman, ("admin", "changeme"), method, target, body)
}

fn content(reply: &Response) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
}

fn header<'a>(reply: &'a Response, name: &str) -> &'a str {
    let found = reply.headers.iter().find(|(own, _)| own == name);
    found.map_or("", |(_, value)| value)
}

fn get(foreman: &mut Foreman, target: &str) -> Value {
    let (status, body) = call(foreman, "GET", target, &Value::Null);
    assert_eq!(status, 200, "{target}: {body}");
    body
}

/// Creates an internal user with the password `x`; what `more` has goes on top.
fn create(foreman: &mut Foreman, login: &str, more: &Value) -> Value {
    let (status, reply) = try_create(foreman, login, more);
    assert_eq!(status, 201, "{reply}");
    reply
}

fn try_create(foreman: &mut Foreman, login: &str, more: &Value) -> (u16, Value) {
    let mut user = json!({"login": login, "auth_source_id": 1, "password": "x"});
    for (key, value) in more.as_object().into_iter().flatten() {
        user[key] = value.clone();
    }
    call(foreman, "POST", "/users", &json!({ "user": user }))
}

fn put(foreman: &mut Foreman, id: &Value, changes: Value) -> (u16, Value) {
    call(
        foreman,
        "PUT",
        &format!("/users/{id}"),
        &json!({"user": changes}),
    )
}

/// The fields that a validation error complains about, after making sure that it is one.
fn refused((status, body): (u16, Value)) -> Vec<String> {
    assert_eq!(status, 422, "{body}");
    body["error"]["errors"]
        .as_object()
        .expect("errors by field")
        .keys()
        .cloned()
        .collect()
}
