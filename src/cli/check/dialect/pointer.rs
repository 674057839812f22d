//! Places in an answer: `/emails[type=work]/value`.

use serde::Deserialize;
use serde_json::Value;

/// A JSON pointer (RFC 6901) that can also choose the first element of a list by one of its
/// members, because servers may order lists as they like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Pointer {
    source: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Member(String),
    Element { member: String, value: String },
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        let Some(rest) = source.strip_prefix('/') else {
            return Err(format!(
                "\"{source}\" is no place in an answer; write \"/name/familyName\" or \
                 \"/emails[type=work]/value\""
            ));
        };
        let mut steps = Vec::new();
        for part in rest.split('/') {
            let (name, choice) = match part.strip_suffix(']').and_then(|p| p.split_once('[')) {
                Some((name, choice)) => (name, Some(choice)),
                None => (part, None),
            };
            steps.push(Step::Member(name.replace("~1", "/").replace("~0", "~")));
            if let Some(choice) = choice {
                let (member, value) = choice.split_once('=').ok_or_else(|| {
                    format!("\"[{choice}]\" in \"{source}\" is no choice; write [type=work]")
                })?;
                steps.push(Step::Element {
                    member: member.to_owned(),
                    value: value.to_owned(),
                });
            }
        }
        Ok(Self { source, steps })
    }
}

impl Pointer {
    /// As it was written.
    pub(super) fn as_str(&self) -> &str {
        &self.source
    }

    /// What is there.
    pub(super) fn find<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(value, |value, step| match step {
            Step::Member(name) => match value {
                Value::Array(elements) => elements.get(name.parse::<usize>().ok()?),
                other => other.get(name),
            },
            Step::Element {
                member,
                value: wanted,
            } => value
                .as_array()?
                .iter()
                .find(|element| element.get(member).and_then(Value::as_str) == Some(wanted)),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Pointer;

    #[test]
    fn members_elements_and_choices_are_found() {
        let value = json!({"emails": [
            {"type": "home", "value": "h"}, {"type": "work", "value": "w"},
        ], "urn:x:2.0:User": {"department": "D"}});
        let find = |source: &str| {
            Pointer::try_from(source.to_owned())
                .unwrap()
                .find(&value)
                .cloned()
        };
        assert_eq!(find("/emails[type=work]/value"), Some(json!("w")));
        assert_eq!(find("/emails/0/value"), Some(json!("h")));
        assert_eq!(find("/urn:x:2.0:User/department"), Some(json!("D")));
        assert_eq!(find("/emails[type=other]/value"), None);
        assert_eq!(find("/emails/7"), None);
        assert!(Pointer::try_from("emails".to_owned()).is_err());
        assert!(Pointer::try_from("/emails[work]".to_owned()).is_err());
    }
}
