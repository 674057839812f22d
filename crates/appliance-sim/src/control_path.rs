//! The control path: [`Control`] over HTTP, under `/_sim/` on the simulator's own listener.

use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    control::Control,
    exchange::{Request, Response},
    fault::{Fault, FaultKind},
    knobs::{self, explain, reply},
};

/// A fault as the control path takes it.
#[derive(Deserialize)]
struct FaultDocument {
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    times: Option<u32>,
    #[serde(flatten)]
    kind: FaultKind,
}

/// Answers a request below [`knobs::PREFIX`].
pub(crate) fn handle(control: &Control, request: &Request) -> Response {
    let part = knobs::path(request).unwrap_or_default();
    match (request.method.as_str(), part.trim_end_matches('/')) {
        ("GET", "journal") => journal(control, request),
        ("DELETE", "journal") => {
            control.clear_journal();
            no_content()
        }
        ("GET", "faults") => faults(control),
        ("POST", "faults") => inject(control, request),
        ("DELETE", "faults") => {
            control.clear_faults();
            no_content()
        }
        ("GET", "down") => reply(200, &json!({"down": control.is_down()})),
        ("POST" | "PUT", "down") => set_down(control, true),
        ("DELETE", "down") => set_down(control, false),
        (_, "journal" | "faults" | "down") => explain(405, "this path does not take this method"),
        // The knobs of one vendor are its own state machine's.
        _ => control.handle(request),
    }
}

fn journal(control: &Control, request: &Request) -> Response {
    let since = request
        .parameters()
        .into_iter()
        .find(|(name, _)| name == "since")
        .map_or(Ok(0), |(_, value)| value.parse::<u64>());
    match since {
        Ok(since) => reply(200, &json!({"calls": control.journal_since(since)})),
        Err(_) => explain(400, "`since` must be the sequence number of a call"),
    }
}

fn faults(control: &Control) -> Response {
    let faults: Vec<Value> = control.faults().iter().map(document).collect();
    reply(200, &json!({"faults": faults}))
}

fn inject(control: &Control, request: &Request) -> Response {
    let document: FaultDocument = match serde_json::from_slice(&request.body) {
        Ok(document) => document,
        Err(error) => return explain(400, &format!("this is no fault: {error}")),
    };
    let path = match document.path.as_deref().map(Regex::new).transpose() {
        Ok(path) => path,
        Err(error) => return explain(400, &format!("`path` is no regular expression: {error}")),
    };
    control.inject(Fault {
        method: document.method,
        path,
        times: document.times,
        kind: document.kind,
    });
    faults(control)
}

fn set_down(control: &Control, down: bool) -> Response {
    control.set_down(down);
    reply(200, &json!({"down": down}))
}

fn document(fault: &Fault) -> Value {
    let mut document = serde_json::to_value(&fault.kind).unwrap_or_default();
    if let Some(document) = document.as_object_mut() {
        document.insert("method".into(), json!(fault.method));
        let path = fault.path.as_ref().map(Regex::as_str);
        document.insert("path".into(), json!(path));
        document.insert("times".into(), json!(fault.times));
    }
    document
}

fn no_content() -> Response {
    Response {
        status: 204,
        headers: Vec::new(),
        body: Vec::new(),
    }
}
