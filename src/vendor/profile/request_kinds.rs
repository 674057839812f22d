//! Every request of a profile is of the transport's kind.

use toml::{Table, Value};

use super::super::transport::TransportKind;
use super::errors::Problems;
use super::place::{KeyPath, Spot};

/// Tables whose keys are the vendor's or the directory's words, not requests.
const DATA: [&str; 7] = [
    "fields", "test", "variant", "params", "body", "query", "headers",
];

/// Reports requests over HTTP in a profile that speaks JSON-RPC, and the other way round.
pub(super) fn check(profile: &Table, problems: &Problems) {
    let kind = profile
        .get("transport")
        .and_then(|transport| transport.get("kind"))
        .and_then(Value::as_str);
    let Some(kind) = kind else { return };
    let calls = TransportKind::from_name(kind).is_some_and(TransportKind::is_json_rpc);
    walk(profile, &KeyPath::default(), calls, problems);
}

fn walk(table: &Table, path: &KeyPath, calls: bool, problems: &Problems) {
    let is_call = table.get("call").is_some_and(Value::is_str);
    let is_http = table.contains_key("method") && table.contains_key("path");
    if is_call && !calls {
        problems.report(
            path.key("call"),
            Spot::Key,
            "a JSON-RPC call cannot be made over \"rest\"",
            "give method and path, or set transport.kind to jsonrpc-websocket or jsonrpc-http",
        );
    } else if is_http && calls {
        problems.report(
            path.key("method"),
            Spot::Key,
            "this transport makes JSON-RPC calls only",
            "give call and params instead of method and path",
        );
    }
    for (key, value) in table {
        if DATA.contains(&key.as_str()) {
            continue;
        }
        let here = path.key(key);
        match value {
            Value::Table(inner) => walk(inner, &here, calls, problems),
            Value::Array(list) => {
                for (index, item) in list.iter().enumerate() {
                    if let Value::Table(inner) = item {
                        walk(inner, &here.index(index), calls, problems);
                    }
                }
            }
            _ => {}
        }
    }
}
