//! The journal: what the simulator was asked, and what it answered.

use std::{collections::VecDeque, time::Duration};

use serde::{Serialize, Serializer};
use serde_json::Value;

/// So many calls are kept; older ones fall out.
const CAPACITY: usize = 250_000;

/// One call that the simulator got. Headers are not kept, so no credentials of the caller are,
/// except where a vendor takes them in the body of a login.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Call {
    /// Counts up from 1 and is never used again, not even after the journal was cleared.
    pub sequence: u64,
    /// When the call came in.
    #[serde(serialize_with = "as_text")]
    pub time: jiff::Timestamp,
    /// `GET`, `POST` and so on; `RPC` for a call over a socket.
    pub method: String,
    /// The path as sent, without the query; for a call over a socket the method called.
    pub path: String,
    /// The query as sent, without the question mark.
    pub query: String,
    /// The body: JSON, else a string, else null for an empty one. The parameters of a call over a
    /// socket.
    pub body: Value,
    /// The status sent, or 0 where the connection was dropped before anything was done. For a
    /// reply that got lost on the way it is the status of that reply. 200 for a call over a socket
    /// that was answered.
    pub status: u16,
    /// The code of the JSON-RPC error that was the answer, if it was one.
    pub error_code: Option<i64>,
    /// Whether the call reached the simulated appliance and may have changed it.
    pub handled: bool,
    /// The fault that befell the call, if any, by its name on the control path.
    pub fault: Option<&'static str>,
    /// How long the answer took, injected latency included.
    #[serde(rename = "duration_ms", serialize_with = "as_milliseconds")]
    pub duration: Duration,
}

/// The calls of one simulator, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    calls: VecDeque<Call>,
    last: u64,
}

impl Journal {
    /// Appends a call under the next sequence number.
    pub(crate) fn record(&mut self, mut call: Call) {
        self.last += 1;
        call.sequence = self.last;
        if self.calls.len() == CAPACITY {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// The calls with a sequence number above `since`.
    pub(crate) fn since(&self, since: u64) -> Vec<Call> {
        let start = self.calls.partition_point(|call| call.sequence <= since);
        self.calls.range(start..).cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.calls.clear();
    }
}

/// The body as the journal keeps it.
pub(crate) fn body_value(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

fn as_text<S: Serializer>(time: &jiff::Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

fn as_milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Call, Journal, body_value};

    fn call(path: &str) -> Call {
        Call {
            sequence: 0,
            time: jiff::Timestamp::UNIX_EPOCH,
            method: "GET".into(),
            path: path.into(),
            query: String::new(),
            body: Value::Null,
            status: 200,
            error_code: None,
            handled: true,
            fault: None,
            duration: std::time::Duration::ZERO,
        }
    }

    #[test]
    fn a_reader_catches_up_from_where_it_stopped_even_after_clearing() {
        let mut journal = Journal::default();
        journal.record(call("/a"));
        journal.record(call("/b"));
        assert_eq!(journal.since(1).len(), 1);
        assert_eq!(journal.since(1)[0].path, "/b");
        journal.clear();
        journal.record(call("/c"));
        assert_eq!(journal.since(2)[0].sequence, 3);
        assert_eq!(journal.since(0).len(), 1);
    }

    #[test]
    fn a_body_is_kept_as_json_else_as_text_else_as_null() {
        assert_eq!(body_value(br#"{"a":1}"#), json!({"a": 1}));
        assert_eq!(body_value(b"name=ann"), json!("name=ann"));
        assert_eq!(body_value(b""), Value::Null);
    }
}
