//! The contract, asked through requests as a client would send them.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::TrueNas;
use crate::exchange::{Request, Response, Simulator};
use crate::options::SimulatorOptions;
use crate::vendor::Vendor;

mod access;
mod group_contract;
mod lists;
mod releases;
mod rpc;
mod user_contract;

const CORE: &str = "13.0-U6.8";
const SCALE: &str = "24.10.2.4";
const FANGTOOTH: &str = "25.04.2.6";
const GOLDEYE: &str = "25.10.6";
/// JSON-RPC alone.
const SOCKETS_ONLY: &str = "26";
const KEY: &str = "1-abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl";

fn install(release: &str) -> TrueNas {
    TrueNas::install(&SimulatorOptions {
        release: Some(release.into()),
        password: "abcd1234".into(),
        token: Some(KEY.into()),
        ..SimulatorOptions::new(Vendor::TrueNas)
    })
    .unwrap()
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

fn send(
    nas: &mut TrueNas,
    authorization: Option<&str>,
    method: &str,
    target: &str,
    body: &[u8],
) -> Response {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    nas.handle(&Request {
        method: method.into(),
        path: if path.starts_with("/_sim/") {
            path.to_owned()
        } else {
            format!("/api/v2.0{path}")
        },
        query: query.into(),
        headers: authorization
            .map(|value| ("authorization".to_owned(), value.to_owned()))
            .into_iter()
            .collect(),
        body: body.to_vec(),
        now: Timestamp::from_second(1_700_000_000).unwrap(),
        peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        secure: true,
    })
}

/// As root: status and body, which is JSON or a text.
fn call(nas: &mut TrueNas, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let root = basic("root", "abcd1234");
    let reply = send(nas, Some(&root), method, target, body.as_bytes());
    (reply.status, content(&reply))
}

fn content(reply: &Response) -> Value {
    serde_json::from_slice(&reply.body)
        .unwrap_or_else(|_| json!(String::from_utf8(reply.body.clone()).unwrap()))
}

fn get(nas: &mut TrueNas, target: &str) -> Value {
    let (status, body) = call(nas, "GET", target, &Value::Null);
    assert_eq!(status, 200, "{target}: {body}");
    body
}

/// A user without SMB; what `more` has goes on top.
fn person(name: &str, more: &Value) -> Value {
    let mut body = json!({
        "username": name, "full_name": "N", "password": "x", "smb": false, "group_create": true,
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    body
}

/// Creates it and gives its row id.
fn create(nas: &mut TrueNas, body: &Value) -> i64 {
    let (status, reply) = call(nas, "POST", "/user", body);
    assert_eq!(status, 200, "{reply}");
    reply.as_i64().or_else(|| reply["id"].as_i64()).unwrap()
}

/// The keys of a validation error with their error numbers, after making sure that it is one.
fn refused(reply: (u16, Value)) -> Vec<(String, i64)> {
    let (status, body) = reply;
    assert_eq!(status, 422, "{body}");
    let complaints = body.as_object().unwrap();
    complaints
        .iter()
        .map(|(key, list)| (key.clone(), list[0]["errno"].as_i64().unwrap()))
        .collect()
}

fn complaint(key: &str, errno: i64) -> Vec<(String, i64)> {
    vec![(key.to_owned(), errno)]
}
