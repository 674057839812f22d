//! JSON of a dialect with placeholders in its strings.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::text::Text;
use super::variables::{Missing, Variables};

/// JSON whose strings may have placeholders; in a file it is written as JSON, in a string.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Body {
    Text(Text),
    Literal(Value),
    List(Vec<Body>),
    Object(Vec<(String, Body)>),
}

impl TryFrom<String> for Body {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        let value = serde_json::from_str(&source).map_err(|error| format!("no JSON: {error}"))?;
        Self::compile(value)
    }
}

impl Body {
    /// Finds the placeholders.
    pub(super) fn compile(value: Value) -> Result<Self, String> {
        Ok(match value {
            Value::String(text) => Self::Text(Text::try_from(text)?),
            Value::Array(elements) => Self::List(
                elements
                    .into_iter()
                    .map(Self::compile)
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(name, value)| Ok((name, Self::compile(value)?)))
                    .collect::<Result<_, String>>()?,
            ),
            literal => Self::Literal(literal),
        })
    }

    /// The JSON with its values.
    pub(super) fn render(&self, variables: &Variables) -> Result<Value, Missing> {
        match self {
            Self::Text(text) => text.render_json(variables),
            Self::Literal(value) => Ok(value.clone()),
            Self::List(elements) => elements
                .iter()
                .map(|element| element.render(variables))
                .collect(),
            Self::Object(members) => members
                .iter()
                .map(|(name, body)| Ok((name.clone(), body.render(variables)?)))
                .collect::<Result<Map<_, _>, _>>()
                .map(Value::Object),
        }
    }

    /// The variables that it needs.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => text.names().collect(),
            Self::Literal(_) => Vec::new(),
            Self::List(elements) => elements.iter().flat_map(Self::names).collect(),
            Self::Object(members) => members.iter().flat_map(|(_, body)| body.names()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::variables::fixed;
    use super::Body;

    #[test]
    fn values_stay_inside_their_strings() {
        let mut variables = fixed();
        variables.set("id", json!("a\"b"));
        let source = r#"{"path": "members[value eq \"{{ id }}\"]", "n": null}"#;
        let body = Body::try_from(source.to_owned()).unwrap();
        assert_eq!(body.names(), ["id"]);
        assert_eq!(
            body.render(&variables),
            Ok(json!({"path": "members[value eq \"a\"b\"]", "n": null}))
        );
        assert!(Body::try_from("{".to_owned()).is_err());
    }
}
