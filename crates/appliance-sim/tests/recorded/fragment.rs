//! JSON whose end may be missing: recordings keep so many characters of a body.

use serde_json::Value;

/// A recorded body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Recorded {
    /// No JSON.
    Text(String),
    /// A value; of the last so many nested ones, from the outside in, the end is missing.
    Json { value: Value, unfinished: usize },
}

impl Recorded {
    pub(crate) fn read(text: &str) -> Self {
        if let Ok(value) = serde_json::from_str(text) {
            return Self::Json {
                value,
                unfinished: 0,
            };
        }
        match repaired(text) {
            Some((value, unfinished)) => Self::Json { value, unfinished },
            None => Self::Text(text.to_owned()),
        }
    }
}

/// What stands before the last comma, with what is open closed.
fn repaired(text: &str) -> Option<(Value, usize)> {
    let (mut open, mut quoted, mut escaped) = (Vec::new(), false, false);
    let mut cut: Option<(usize, Vec<char>)> = None;
    for (index, letter) in text.char_indices() {
        if quoted {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match letter {
            '"' => quoted = true,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                open.pop();
            }
            ',' => cut = Some((index, open.clone())),
            _ => {}
        }
    }
    let (index, open) = cut?;
    let mut whole = text.get(..index)?.to_owned();
    whole.extend(open.iter().rev());
    let value = serde_json::from_str(&whole).ok()?;
    Some((value, open.len()))
}

#[test]
fn a_cut_body_keeps_its_whole_members() {
    let read = Recorded::read(r#"{"a": 1, "b": [{"c": "x, y", "d": "half"#);
    let value = serde_json::json!({"a": 1, "b": [{"c": "x, y"}]});
    assert_eq!(
        read,
        Recorded::Json {
            value,
            unfinished: 3
        }
    );
    assert_eq!(
        Recorded::read("404: Not Found"),
        Recorded::Text("404: Not Found".to_owned())
    );
}
