//! Whether two answers have the same shape.

use std::fmt;

use serde_json::{Map, Value};

use crate::fragment::Recorded;

/// Where the simulator answers otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    pub(crate) label: String,
    /// `status`, `type` or `body`.
    pub(crate) aspect: &'static str,
    pub(crate) what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} | {} | {}",
            self.label, self.aspect, self.what
        )
    }
}

/// Members of errors whose values are part of the contract, unless they are words for people.
const EXACT: &[&str] = &[
    "errno",
    "code",
    "errname",
    "error",
    "class",
    "missing_permissions",
];

/// Members that the recording abbreviates.
const ABBREVIATED: &[&str] = &["frames"];

/// What is wrong with the shape of an answer; nothing if it is right. Of an error every part is
/// compared; elsewhere an absent value says nothing about the type of a present one.
pub(crate) fn body(recorded: &Recorded, simulated: &str, is_error: bool) -> Option<String> {
    match recorded {
        Recorded::Text(text) => {
            let same = serde_json::from_str::<Value>(simulated).is_err()
                && text.is_empty() == simulated.is_empty();
            (!same).then(|| format!("recorded {text:?}, simulated {simulated:?}"))
        }
        Recorded::Json { value, unfinished } => {
            let Ok(simulated) = serde_json::from_str::<Value>(simulated) else {
                return Some(format!("recorded {value}, simulated {simulated:?}"));
            };
            value_differs(value, *unfinished, &simulated, is_error, "")
        }
    }
}

/// The place and the nature of the first difference.
pub(crate) fn value_differs(
    recorded: &Value,
    unfinished: usize,
    simulated: &Value,
    is_error: bool,
    at: &str,
) -> Option<String> {
    let wrong = || Some(format!("{at}: recorded {recorded}, simulated {simulated}"));
    match (recorded, simulated) {
        (Value::Object(recorded), Value::Object(simulated)) => {
            object_differs(recorded, unfinished, simulated, is_error, at)
        }
        (Value::Array(recorded), Value::Array(simulated)) => {
            list_differs(recorded, unfinished, simulated, is_error, at)
        }
        (Value::Null, other) | (other, Value::Null) => {
            if is_error && !other.is_null() {
                wrong()
            } else {
                None
            }
        }
        (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_)) => None,
        _ => wrong(),
    }
}

fn is_exact(key: &str, value: &Value) -> bool {
    let words = key == "error" && value.is_string();
    EXACT.contains(&key) && !value.is_object() && !words
}

fn object_differs(
    recorded: &Map<String, Value>,
    unfinished: usize,
    simulated: &Map<String, Value>,
    is_error: bool,
    at: &str,
) -> Option<String> {
    let last = recorded.keys().next_back();
    for (key, value) in recorded {
        let at = format!("{at}/{key}");
        let Some(other) = simulated.get(key) else {
            return Some(format!("{at} is missing"));
        };
        if ABBREVIATED.contains(&key.as_str()) {
            continue;
        }
        if is_error && is_exact(key, value) && value != other {
            return Some(format!("{at}: recorded {value}, simulated {other}"));
        }
        let inner = if Some(key) == last {
            unfinished.saturating_sub(1)
        } else {
            0
        };
        if let Some(difference) = value_differs(value, inner, other, is_error, &at) {
            return Some(difference);
        }
    }
    if unfinished > 0 {
        return None;
    }
    let surplus = simulated.keys().find(|key| !recorded.contains_key(*key));
    surplus.map(|key| format!("{at}/{key} is one too many"))
}

fn list_differs(
    recorded: &[Value],
    unfinished: usize,
    simulated: &[Value],
    is_error: bool,
    at: &str,
) -> Option<String> {
    if is_error && unfinished == 0 && recorded.len() != simulated.len() {
        return Some(format!(
            "{at}: recorded {recorded:?}, simulated {simulated:?}"
        ));
    }
    let pairs = recorded.iter().zip(simulated).enumerate();
    for (index, (one, other)) in pairs {
        let at = format!("{at}/{index}");
        let last = index + 1 == recorded.len();
        let inner = if last {
            unfinished.saturating_sub(1)
        } else {
            0
        };
        if let Some(difference) = value_differs(one, inner, other, is_error, &at) {
            return Some(difference);
        }
    }
    None
}
