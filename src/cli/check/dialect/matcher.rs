//! What an answer must hold at a place.

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::body::Body;
use super::text::Text;
use super::variables::{Missing, Variables};

/// A rule for one value. In a file a plain value stands for itself, and everything else is a table
/// with one key: `{ type = "integer" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "toml::Value")]
pub(super) enum Matcher {
    /// This value.
    Equals(Body),
    /// Any other value, or none.
    Not(Body),
    /// This text, in any case of letters.
    SameIgnoringCase(Text),
    /// Any value of this type.
    Type(JsonType),
    /// A text that has this pattern.
    Matches(Regex),
    /// A value (true); or nothing, null, an empty list or an empty object (false).
    Exists(bool),
    /// A list of so many elements.
    Length(usize),
    /// A number of at least this, or a list of at least so many elements.
    AtLeast(usize),
    /// A number of at most this, or a list of at most so many elements.
    AtMost(usize),
    /// A list with such an element, of which only these members count; or a text with this in it.
    Contains(Body),
    /// The contrary; nothing at all is right too.
    Lacks(Body),
    /// A list whose elements have exactly these `value`s, in any order.
    Values(Vec<Text>),
}

/// The types of JSON; an integer is a number without a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum JsonType {
    String,
    Integer,
    Boolean,
    List,
    Object,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Equals(Value),
    Not(Value),
    SameIgnoringCase(Text),
    Type(JsonType),
    Matches(String),
    Exists(bool),
    Length(usize),
    AtLeast(usize),
    AtMost(usize),
    Contains(Value),
    Lacks(Value),
    Values(Vec<Text>),
}

impl TryFrom<toml::Value> for Matcher {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        if !value.is_table() {
            let plain = serde_json::to_value(value).map_err(|error| error.to_string())?;
            return Body::compile(plain).map(Self::Equals);
        }
        let written: Written = value
            .try_into()
            .map_err(|error: toml::de::Error| error.message().to_owned())?;
        Ok(match written {
            Written::Equals(value) => Self::Equals(Body::compile(value)?),
            Written::Not(value) => Self::Not(Body::compile(value)?),
            Written::SameIgnoringCase(text) => Self::SameIgnoringCase(text),
            Written::Type(json_type) => Self::Type(json_type),
            Written::Matches(pattern) => {
                Self::Matches(Regex::new(&pattern).map_err(|error| error.to_string())?)
            }
            Written::Exists(wanted) => Self::Exists(wanted),
            Written::Length(length) => Self::Length(length),
            Written::AtLeast(least) => Self::AtLeast(least),
            Written::AtMost(most) => Self::AtMost(most),
            Written::Contains(value) => Self::Contains(Body::compile(value)?),
            Written::Lacks(value) => Self::Lacks(Body::compile(value)?),
            Written::Values(values) => Self::Values(values),
        })
    }
}

impl Matcher {
    /// Whether the rule holds for what is there.
    pub(super) fn holds(
        &self,
        found: Option<&Value>,
        variables: &Variables,
    ) -> Result<bool, Missing> {
        Ok(match self {
            Self::Equals(body) => found == Some(&body.render(variables)?),
            Self::Not(body) => found != Some(&body.render(variables)?),
            Self::SameIgnoringCase(text) => {
                let wanted = text.render(variables)?.to_lowercase();
                found
                    .and_then(Value::as_str)
                    .is_some_and(|found| found.to_lowercase() == wanted)
            }
            Self::Type(json_type) => found.is_some_and(|found| json_type.is_of(found)),
            Self::Matches(pattern) => found
                .and_then(Value::as_str)
                .is_some_and(|found| pattern.is_match(found)),
            Self::Exists(wanted) => found.is_some_and(is_something) == *wanted,
            Self::Length(length) => found
                .and_then(Value::as_array)
                .is_some_and(|found| found.len() == *length),
            Self::AtLeast(least) => size(found).is_some_and(|size| size >= *least),
            Self::AtMost(most) => size(found).is_some_and(|size| size <= *most),
            Self::Contains(body) => contains(found, &body.render(variables)?),
            Self::Lacks(body) => !contains(found, &body.render(variables)?),
            Self::Values(texts) => values(found) == Some(sorted(texts, variables)?),
        })
    }

    /// What was expected, to be read after "expected".
    pub(super) fn describe(&self, variables: &Variables) -> Result<String, Missing> {
        Ok(match self {
            Self::Equals(body) => body.render(variables)?.to_string(),
            Self::Not(body) => format!("anything but {}", body.render(variables)?),
            Self::SameIgnoringCase(text) => {
                format!("{:?} in any case of letters", text.render(variables)?)
            }
            Self::Type(json_type) => json_type.name().to_owned(),
            Self::Matches(pattern) => format!("a text like /{pattern}/"),
            Self::Exists(true) => "a value".to_owned(),
            Self::Exists(false) => "nothing".to_owned(),
            Self::Length(1) => "one element".to_owned(),
            Self::Length(length) => format!("{length} elements"),
            Self::AtLeast(least) => format!("at least {least}"),
            Self::AtMost(most) => format!("at most {most}"),
            Self::Contains(body) => format!("{} in it", body.render(variables)?),
            Self::Lacks(body) => format!("no {} in it", body.render(variables)?),
            Self::Values(texts) if texts.is_empty() => "no values".to_owned(),
            Self::Values(texts) => format!(
                "the values {} and no others",
                sorted(texts, variables)?.join(", ")
            ),
        })
    }

    /// The variables that it needs.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Equals(body) | Self::Not(body) | Self::Contains(body) | Self::Lacks(body) => {
                body.names()
            }
            Self::SameIgnoringCase(text) => text.names().collect(),
            Self::Values(texts) => texts.iter().flat_map(Text::names).collect(),
            _ => Vec::new(),
        }
    }
}

impl JsonType {
    fn is_of(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Boolean => value.is_boolean(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Boolean => "true or false",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// RFC 7643 §2.5: null and an empty list are the same as no value.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

fn size(found: Option<&Value>) -> Option<usize> {
    match found? {
        Value::Array(elements) => Some(elements.len()),
        other => other
            .as_u64()
            .and_then(|number| usize::try_from(number).ok()),
    }
}

fn contains(found: Option<&Value>, wanted: &Value) -> bool {
    match (found, wanted) {
        (Some(Value::Array(elements)), _) => {
            elements.iter().any(|element| includes(element, wanted))
        }
        (Some(Value::String(found)), Value::String(wanted)) => found.contains(wanted.as_str()),
        _ => false,
    }
}

fn includes(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, wanted)| found.get(name).is_some_and(|found| includes(found, wanted))),
        _ => found == wanted,
    }
}

/// The `value`s of a list; no list at all has none, and an element without one spoils it.
fn values(found: Option<&Value>) -> Option<Vec<String>> {
    let elements = match found {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(found) => found.as_array()?,
    };
    let mut values = elements
        .iter()
        .map(|element| Some(element.get("value")?.as_str()?.to_owned()))
        .collect::<Option<Vec<_>>>()?;
    values.sort_unstable();
    Some(values)
}

fn sorted(texts: &[Text], variables: &Variables) -> Result<Vec<String>, Missing> {
    let mut values = texts
        .iter()
        .map(|text| text.render(variables))
        .collect::<Result<Vec<_>, _>>()?;
    values.sort_unstable();
    Ok(values)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::super::variables::fixed;
    use super::Matcher;

    fn matcher(rule: &str) -> Matcher {
        #[derive(Deserialize)]
        struct Holder {
            rule: Matcher,
        }
        toml::from_str::<Holder>(&format!("rule = {rule}"))
            .unwrap()
            .rule
    }

    fn holds(rule: &str, found: impl Into<Option<Value>>) -> bool {
        matcher(rule)
            .holds(found.into().as_ref(), &fixed())
            .unwrap()
    }

    #[test]
    fn a_plain_value_is_compared_with_its_type() {
        assert!(holds("true", json!(true)));
        assert!(!holds("true", json!("True")));
        assert!(!holds("true", json!(1)));
        assert!(!holds("0", None));
        assert!(holds("'a-{{ run }}'", json!("a-0c0ffee1")));
        assert!(holds("{ not = false }", None));
        assert!(!holds("{ not = false }", json!(false)));
    }

    #[test]
    fn nothing_null_and_empty_are_the_same() {
        for nothing in [None, Some(json!(null)), Some(json!([])), Some(json!({}))] {
            assert!(holds("{ exists = false }", nothing.clone()));
            assert!(!holds("{ exists = true }", nothing));
        }
        assert!(holds("{ exists = true }", json!(false)));
    }

    #[test]
    fn types_and_patterns() {
        assert!(holds("{ type = 'integer' }", json!(7)));
        assert!(!holds("{ type = 'integer' }", json!("7")));
        assert!(!holds("{ type = 'integer' }", json!(7.5)));
        assert!(holds("{ matches = '/Users/[^/]+$' }", json!("x/Users/1")));
        assert!(!holds("{ matches = '.' }", json!(1)));
        assert!(holds("{ same_ignoring_case = 'Abc' }", json!("aBC")));
    }

    #[test]
    fn lists_are_counted_and_searched() {
        let list = json!([{"value": "b", "type": "x"}, {"value": "a"}]);
        assert!(holds("{ length = 2 }", list.clone()));
        assert!(holds("{ at_least = 2 }", list.clone()));
        assert!(!holds("{ at_most = 1 }", list.clone()));
        assert!(holds("{ at_most = 1 }", json!(1)));
        assert!(holds("{ contains = { value = 'b' } }", list.clone()));
        assert!(!holds("{ lacks = { value = 'b' } }", list.clone()));
        assert!(holds("{ lacks = { value = 'b' } }", None));
        assert!(holds("{ values = ['a', 'b'] }", list.clone()));
        assert!(!holds("{ values = ['a'] }", list));
        assert!(!holds(
            "{ values = ['a'] }",
            json!([{"value": "a"}, {"value": "a"}])
        ));
        assert!(holds("{ values = [] }", None));
    }

    #[test]
    fn a_description_can_be_read_after_expected() {
        for (rule, words) in [
            ("0", "0"),
            ("{ exists = false }", "nothing"),
            ("{ length = 1 }", "one element"),
            ("{ type = 'boolean' }", "true or false"),
            ("{ values = ['b', 'a'] }", "the values a, b and no others"),
        ] {
            assert_eq!(matcher(rule).describe(&fixed()).unwrap(), words);
        }
    }
}
