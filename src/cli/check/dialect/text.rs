//! Texts of a dialect with placeholders: `nadia.{{ run }}@{{ domain }}`.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::variables::{Missing, Variables};

/// A text whose placeholders have been found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Text {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Placeholder { name: String, filters: Vec<Filter> },
}

/// What is done to a value before it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    Upper,
    Lower,
    /// In a path: a blank becomes `+`, as forms are encoded, and not `%20`.
    Form,
}

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = source.as_str();
        while let Some((before, after)) = rest.split_once("{{") {
            push_literal(&mut pieces, before);
            let Some((inside, behind)) = after.split_once("}}") else {
                return Err(format!("\"{source}\" has a {{{{ without }}}}"));
            };
            pieces.push(placeholder(inside)?);
            rest = behind;
        }
        push_literal(&mut pieces, rest);
        Ok(Self { source, pieces })
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

impl Text {
    /// The text with its values, as they are.
    pub(super) fn render(&self, variables: &Variables) -> Result<String, Missing> {
        self.render_with(variables, |value, _| value)
    }

    /// The text as a path with its query: every value is percent-encoded, so that none can lead
    /// elsewhere.
    pub(super) fn render_path(&self, variables: &Variables) -> Result<String, Missing> {
        self.render_with(variables, |value, filters| {
            let form = form(&value);
            if filters.contains(&Filter::Form) {
                form
            } else {
                percent(&form)
            }
        })
    }

    /// The text as JSON: a placeholder that stands alone keeps its value's type.
    pub(super) fn render_json(&self, variables: &Variables) -> Result<Value, Missing> {
        match self.pieces.as_slice() {
            [Piece::Placeholder { name, filters }] if filters.is_empty() => variables.get(name),
            _ => self.render(variables).map(Value::String),
        }
    }

    /// The variables that it needs.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Placeholder { name, .. } => Some(name.as_str()),
        })
    }

    fn render_with(
        &self,
        variables: &Variables,
        encode: impl Fn(String, &[Filter]) -> String,
    ) -> Result<String, Missing> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Placeholder { name, filters } => {
                    let value = filtered(plain(variables.get(name)?), filters);
                    text.push_str(&encode(value, filters));
                }
            }
        }
        Ok(text)
    }
}

/// One segment of a path.
pub(super) fn segment(value: &str) -> String {
    percent(&form(value))
}

fn form(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// A form's `+` is a blank; a plus sign itself is `%2B` already.
fn percent(form: &str) -> String {
    form.replace('+', "%20")
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &str) {
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal.to_owned()));
    }
}

fn placeholder(inside: &str) -> Result<Piece, String> {
    let mut words = inside.split('|').map(str::trim);
    let name = words.next().unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err("a placeholder names no variable; write {{ name }}".to_owned());
    }
    let filters = words
        .map(|word| match word {
            "upper" => Ok(Filter::Upper),
            "lower" => Ok(Filter::Lower),
            "form" => Ok(Filter::Form),
            _ => Err(format!(
                "\"{word}\" is no filter; there are upper, lower and form"
            )),
        })
        .collect::<Result<_, _>>()?;
    Ok(Piece::Placeholder { name, filters })
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn filtered(value: String, filters: &[Filter]) -> String {
    filters.iter().fold(value, |value, filter| match filter {
        Filter::Upper => value.to_uppercase(),
        Filter::Lower => value.to_lowercase(),
        Filter::Form => value,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::variables::fixed;
    use super::Text;

    fn text(source: &str) -> Text {
        Text::try_from(source.to_owned()).unwrap()
    }

    #[test]
    fn a_value_cannot_leave_its_place_in_a_path() {
        let mut variables = fixed();
        variables.set("id", json!("../Groups/1?x=\"+ä"));
        let path = text("/Users/{{ id }}").render_path(&variables).unwrap();
        assert_eq!(path, "/Users/..%2FGroups%2F1%3Fx%3D%22%2B%C3%A4");
        variables.set("name", json!("Grid Ops"));
        let query = text("q={{ name }}&r={{ name | upper | form }}");
        assert_eq!(
            query.render_path(&variables).unwrap(),
            "q=Grid%20Ops&r=GRID+OPS"
        );
    }

    #[test]
    fn a_lone_placeholder_keeps_its_type() {
        let mut variables = fixed();
        variables.set("count", json!(3));
        assert_eq!(text("{{count}}").render_json(&variables), Ok(json!(3)));
        assert_eq!(text("n{{count}}").render_json(&variables), Ok(json!("n3")));
    }

    #[test]
    fn what_is_not_there_is_named() {
        let missing = text("/Users/{{ id }}").render(&fixed()).unwrap_err();
        assert_eq!(missing.0, "id");
        let error = Text::try_from("{{ id | shout }}".to_owned()).unwrap_err();
        assert!(error.contains("upper, lower and form"), "{error}");
        assert!(Text::try_from("{{ id".to_owned()).is_err());
    }
}
