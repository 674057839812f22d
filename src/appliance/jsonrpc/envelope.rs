//! What a call and its answer look like on the wire.

use serde_json::{Map, Value, json};

use crate::vendor::Answer;

/// A call (JSON-RPC 2.0 §4).
pub(in crate::appliance) fn call(id: u64, method: &str, params: Option<&Value>) -> Value {
    let mut call = json!({ "jsonrpc": "2.0", "id": id, "method": method });
    if let (Value::Object(call), Some(params)) = (&mut call, params) {
        call.insert("params".to_owned(), params.clone());
    }
    call
}

/// The id of an answer; `None` of a notification, or of whatever else a server says unasked.
pub(super) fn answered_id(message: &Value) -> Option<u64> {
    let message = message.as_object()?;
    if message.contains_key("method") {
        return None;
    }
    message.get("id")?.as_u64()
}

/// Takes the envelope off an answer that travelled over HTTP. A body that is no answer to this call
/// is unreadable; where the status says failure, the body is what the server says of that.
pub(in crate::appliance) fn open(id: u64, answer: Answer) -> Answer {
    let succeeded = (200..300).contains(&answer.status);
    let envelope = match &answer.body {
        Some(Value::Object(envelope)) => envelope,
        _ if !succeeded => return answer,
        _ => return unreadable(answer),
    };
    let ours = match envelope.get("id") {
        Some(given) => {
            given.as_u64() == Some(id) || given.is_null() && envelope.contains_key("error")
        }
        None => false,
    };
    match content(envelope) {
        Some((code, body)) if ours => Answer {
            code,
            body: Some(body),
            ..answer
        },
        _ if succeeded => unreadable(answer),
        _ => answer,
    }
}

/// The content of an answer that came over a websocket.
pub(super) fn answer(message: &Value, size: usize) -> Answer {
    let content = message.as_object().and_then(content);
    let unreadable = content.is_none();
    let (code, body) = content.map_or((None, None), |(code, body)| (code, Some(body)));
    Answer {
        status: 200,
        code,
        headers: Vec::new(),
        body,
        unreadable,
        size,
    }
}

/// Either the error and its code, or the result (JSON-RPC 2.0 §5).
fn content(envelope: &Map<String, Value>) -> Option<(Option<i64>, Value)> {
    match envelope.get("error") {
        None | Some(Value::Null) => Some((None, envelope.get("result")?.clone())),
        Some(error) => Some((Some(error.get("code")?.as_i64()?), error.clone())),
    }
}

fn unreadable(answer: Answer) -> Answer {
    Answer {
        body: None,
        unreadable: true,
        ..answer
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{answer, answered_id, call, open};
    use crate::vendor::Answer;

    fn http(status: u16, body: Value) -> Answer {
        Answer {
            status,
            code: None,
            headers: Vec::new(),
            body: Some(body),
            unreadable: false,
            size: 9,
        }
    }

    #[test]
    fn a_call_names_version_id_method_and_params() {
        assert_eq!(
            call(7, "user.query", Some(&json!([[], {}]))),
            json!({"jsonrpc": "2.0", "id": 7, "method": "user.query", "params": [[], {}]})
        );
    }

    #[test]
    fn results_and_errors_are_told_apart() {
        let result = open(
            1,
            http(200, json!({"jsonrpc": "2.0", "id": 1, "result": null})),
        );
        assert_eq!((result.code, result.body), (None, Some(Value::Null)));
        let error = json!({"code": -32602, "message": "x", "data": {"errno": 17}});
        let failed = open(
            1,
            http(200, json!({"id": 1, "result": null, "error": error})),
        );
        assert_eq!((failed.code, failed.body), (Some(-32602), Some(error)));
    }

    #[test]
    fn what_is_no_answer_to_the_call_is_unreadable() {
        for body in [
            json!({"jsonrpc": "2.0", "id": 2, "result": 1}),
            json!({"jsonrpc": "2.0", "result": 1}),
            json!({"jsonrpc": "2.0", "id": 1}),
            json!({"jsonrpc": "2.0", "id": 1, "error": "no"}),
            json!([1]),
        ] {
            let opened = open(1, http(200, body.clone()));
            assert!(opened.unreadable && opened.body.is_none(), "{body}");
        }
        assert!(answer(&json!({"id": 1}), 3).unreadable);
    }

    #[test]
    fn a_failure_of_http_keeps_its_status_and_its_body() {
        let body = json!({"message": "log in"});
        assert_eq!(open(1, http(401, body.clone())), http(401, body));
    }

    #[test]
    fn notifications_are_no_answers() {
        assert_eq!(answered_id(&json!({"id": 3, "result": 1})), Some(3));
        for message in [
            json!({"method": "collection_update", "params": {}}),
            json!({"method": "ping", "id": 3}),
            json!({"id": null, "error": {"code": -32700}}),
            json!({"id": "3", "result": 1}),
            json!([]),
        ] {
            assert_eq!(answered_id(&message), None, "{message}");
        }
    }
}
