//! Where two values differ, so that nobody has to compare two long lines by eye.

use std::fmt;

use serde_json::Value;

/// One place where a value is not as expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The way to it, as a JSON pointer; empty for the value as a whole.
    pub at: String,
    /// What the test says; `None` if it says that there is nothing.
    pub expected: Option<Value>,
    /// What came out; `None` if there is nothing.
    pub got: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| {
            value
                .as_ref()
                .map_or("nothing".to_owned(), Value::to_string)
        };
        if !self.at.is_empty() {
            write!(formatter, "{}: ", self.at)?;
        }
        write!(
            formatter,
            "expected {}, got {}",
            shown(&self.expected),
            shown(&self.got)
        )
    }
}

/// Every place where they differ, down to the single values.
pub(super) fn differences(expected: &Value, got: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(expected), Some(got), &mut found);
    found
}

fn compare(at: &str, expected: Option<&Value>, got: Option<&Value>, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Some(Value::Object(expected)), Some(Value::Object(got))) => {
            let surplus = got.keys().filter(|name| !expected.contains_key(*name));
            for name in expected.keys().chain(surplus) {
                // RFC 6901 §3.
                let step = name.replace('~', "~0").replace('/', "~1");
                let at = format!("{at}/{step}");
                compare(&at, expected.get(name), got.get(name), found);
            }
        }
        (Some(Value::Array(expected)), Some(Value::Array(got))) => {
            for index in 0..expected.len().max(got.len()) {
                let at = format!("{at}/{index}");
                compare(&at, expected.get(index), got.get(index), found);
            }
        }
        _ if expected == got => {}
        _ => found.push(Difference {
            at: at.to_owned(),
            expected: expected.cloned(),
            got: got.cloned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::differences;

    #[test]
    fn only_what_differs_is_told_with_the_way_to_it() {
        let expected = json!({"user": {"login": "jane", "roles": [1, 2], "mail": null, "same": 1}});
        let got = json!({"user": {"login": "joe", "roles": [1], "a/b": true, "same": 1}});
        let told: Vec<String> = differences(&expected, &got)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            told,
            [
                "/user/login: expected \"jane\", got \"joe\"",
                "/user/roles/1: expected 2, got nothing",
                "/user/mail: expected null, got nothing",
                "/user/a~1b: expected nothing, got true",
            ]
        );
        assert_eq!(
            differences(&json!(1), &json!("1"))[0].to_string(),
            "expected 1, got \"1\""
        );
    }
}
