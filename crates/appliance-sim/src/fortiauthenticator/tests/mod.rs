//! The contract of the appliance, call by call, as the guide and the framework have it.

mod accounts;
mod lists;
mod protocol;
mod relations;

use std::net::{IpAddr, Ipv4Addr};

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    exchange::{Request, Response, Simulator},
    options::SimulatorOptions,
    vendor::Vendor,
};

use super::FortiAuthenticator;

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

struct Appliance {
    simulator: FortiAuthenticator,
    now: Timestamp,
    key: &'static str,
    content_type: &'static str,
}

impl Appliance {
    fn of(release: &str) -> Self {
        let options = SimulatorOptions {
            release: Some(release.into()),
            password: "key".into(),
            ..SimulatorOptions::new(Vendor::FortiAuthenticator)
        };
        Self {
            simulator: FortiAuthenticator::install(&options).unwrap(),
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
            key: "key",
            content_type: JSON,
        }
    }

    fn send(&mut self, method: &str, target: &str, body: &Value) -> Response {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let credentials = STANDARD.encode(format!("admin:{}", self.key));
        let body = match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        self.simulator.handle(&Request {
            method: method.into(),
            path: path.into(),
            query: query.into(),
            headers: vec![
                ("host".into(), "fac.example".into()),
                ("authorization".into(), format!("Basic {credentials}")),
                ("content-type".into(), self.content_type.into()),
            ],
            body,
            now: self.now,
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            secure: true,
        })
    }

    /// Status and JSON body, null for an empty one.
    fn call(&mut self, method: &str, target: &str, body: Value) -> (u16, Value) {
        let response = self.send(method, target, &body);
        let body = match response.body.as_slice() {
            [] => {
                assert_ne!(header(&response, "content-type"), Some(JSON), "{target}");
                Value::Null
            }
            body => serde_json::from_slice(body).unwrap(),
        };
        (response.status, body)
    }

    fn get(&mut self, target: &str) -> Value {
        let (status, body) = self.call("GET", target, Value::Null);
        assert_eq!(status, 200, "{target} {body}");
        body
    }

    /// Creates something in the classic dialect and gives its path.
    fn create(&mut self, collection: &str, body: Value) -> String {
        let response = self.send("POST", &format!("/api/v1/{collection}/"), &body);
        let text = String::from_utf8_lossy(&response.body).into_owned();
        assert_eq!(response.status, 201, "{text}");
        let location = header(&response, "location").unwrap();
        location.strip_prefix("https://fac.example").unwrap().into()
    }

    fn user(&mut self, username: &str) -> String {
        self.create(
            "localusers",
            json!({"username": username, "password": "secret-1"}),
        )
    }

    /// The errors of a refused create or change of a user.
    fn errors(&mut self, method: &str, target: &str, body: Value) -> Value {
        let (status, reply) = self.call(method, target, body);
        assert_eq!(status, 400, "{reply}");
        reply["localusers"].clone()
    }

    fn names(&mut self, query: &str) -> Vec<String> {
        let reply = self.get(&format!("/api/v1/localusers/{query}"));
        let users = reply["objects"].as_array().unwrap().iter();
        users
            .map(|user| user["username"].as_str().unwrap().into())
            .collect()
    }

    fn set(&mut self, settings: Value) {
        let (status, reply) = self.call("POST", "/_sim/settings", settings);
        assert_eq!(status, 200, "{reply}");
    }
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let found = response.headers.iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value.as_str())
}

const USERS: &str = "/api/v1/localusers/";
