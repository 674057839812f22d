//! Texts with placeholders: `login ~ {{ key | quoted }}`.
//!
//! These are no Jinja templates on purpose: a placeholder names one declared variable and at most
//! one encoding, so that what a value can do to a request is known at load.

use serde_json::Value;

use super::super::suggest::closest;

/// A text whose placeholders have been found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(super) pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Literal(String),
    Placeholder {
        name: String,
        encoding: Option<Encoding>,
    },
}

/// How a placeholder's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As a string literal of a search language.
    Quoted,
    /// As one path segment, for URIs inside a body.
    Segment,
    /// As a JSON number.
    Number,
    /// As a list of JSON numbers.
    Numbers,
    /// As an object that has them for names, each with an empty object.
    Map,
}

const ENCODINGS: [(&str, Encoding); 5] = [
    ("quoted", Encoding::Quoted),
    ("segment", Encoding::Segment),
    ("number", Encoding::Number),
    ("numbers", Encoding::Numbers),
    ("map", Encoding::Map),
];

/// Where a text stands; decides which encodings it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The path: every value is one segment, always.
    Path,
    /// A query parameter or a header.
    Parameter,
    /// A string of the JSON body.
    Body,
}

/// A JSON body with placeholders in its strings.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    Text(Text),
    Literal(Value),
    List(Vec<Body>),
    Object(Vec<(String, Body)>),
}

impl Text {
    /// Finds the placeholders and checks them against the declared variables and the place.
    pub(crate) fn parse(source: &str, place: Place, declared: &[&str]) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = source;
        while let Some((before, after)) = rest.split_once("{{") {
            if !before.is_empty() {
                pieces.push(Piece::Literal(before.to_owned()));
            }
            let Some((inside, behind)) = after.split_once("}}") else {
                return Err(format!("\"{source}\" has a {{{{ without }}}}"));
            };
            pieces.push(placeholder(inside, declared)?);
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        let text = Self { pieces };
        text.check(source, place)?;
        Ok(text)
    }

    /// The names of its placeholders.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Placeholder { name, .. } => Some(name.as_str()),
        })
    }

    /// Whether the last segment of a path is a placeholder, so that it addresses one object.
    pub(super) fn ends_in_placeholder(&self) -> bool {
        match self.pieces.as_slice() {
            [.., Piece::Placeholder { .. }] => true,
            [.., Piece::Placeholder { .. }, Piece::Literal(slash)] => slash == "/",
            _ => false,
        }
    }

    /// The placeholder, if the text is nothing else.
    pub(super) fn sole_placeholder(&self) -> Option<(&str, Option<Encoding>)> {
        match self.pieces.as_slice() {
            [Piece::Placeholder { name, encoding }] => Some((name, *encoding)),
            _ => None,
        }
    }

    fn check(&self, source: &str, place: Place) -> Result<(), String> {
        let alone = self.sole_placeholder().is_some();
        for piece in &self.pieces {
            let Piece::Placeholder { name, encoding } = piece else {
                continue;
            };
            match (place, encoding) {
                (Place::Path, Some(_)) => {
                    return Err(format!(
                        "\"{{{{ {name} }}}}\" takes no encoding in a path; it is always one segment"
                    ));
                }
                (Place::Path, None) | (_, Some(Encoding::Quoted | Encoding::Segment)) => {}
                (Place::Body, _) if alone => {}
                (Place::Parameter, None) if alone => {}
                (_, Some(Encoding::Number | Encoding::Numbers | Encoding::Map)) => {
                    return Err(format!(
                        "\"{source}\": number, numbers and map stand only alone, in a body"
                    ));
                }
                // A value that stands inside a longer string could end the literal it is in and
                // say more than it should.
                (_, None) => {
                    return Err(format!(
                        "\"{source}\" holds {{{{ {name} }}}} unquoted inside a longer string; write {{{{ {name} | quoted }}}}, or | segment inside a URI"
                    ));
                }
            }
        }
        Ok(())
    }
}

fn placeholder(inside: &str, declared: &[&str]) -> Result<Piece, String> {
    let (name, encoding) = match inside.split_once('|') {
        Some((name, encoding)) => (name.trim(), Some(encoding.trim())),
        None => (inside.trim(), None),
    };
    if !declared.contains(&name) {
        let known = match declared {
            [] => "there are none".to_owned(),
            names => format!("declared are: {}", names.join(", ")),
        };
        return Err(format!(
            "\"{name}\" is no variable here; {known}{}",
            closest(name, declared)
        ));
    }
    let encoding = match encoding {
        None => None,
        Some(text) => Some(
            ENCODINGS
                .iter()
                .find(|(known, _)| *known == text)
                .map(|(_, encoding)| *encoding)
                .ok_or_else(|| {
                    let known: Vec<_> = ENCODINGS.iter().map(|(known, _)| *known).collect();
                    format!(
                        "\"{text}\" is no encoding; there are: {}{}",
                        known.join(", "),
                        closest(text, &known)
                    )
                })?,
        ),
    };
    Ok(Piece::Placeholder {
        name: name.to_owned(),
        encoding,
    })
}

impl Body {
    /// Finds the placeholders in a body.
    pub(super) fn parse(value: &Value, declared: &[&str]) -> Result<Self, String> {
        Ok(match value {
            Value::String(text) => Self::Text(Text::parse(text, Place::Body, declared)?),
            Value::Array(list) => Self::List(
                list.iter()
                    .map(|inner| Self::parse(inner, declared))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(object) => Self::Object(
                object
                    .iter()
                    .map(|(name, inner)| Ok((name.clone(), Self::parse(inner, declared)?)))
                    .collect::<Result<_, String>>()?,
            ),
            other => Self::Literal(other.clone()),
        })
    }

    /// Whether a placeholder of that name stands anywhere in it.
    pub(super) fn names(&self, variable: &str) -> bool {
        match self {
            Self::Text(text) => text.names().any(|name| name == variable),
            Self::Literal(_) => false,
            Self::List(list) => list.iter().any(|inner| inner.names(variable)),
            Self::Object(object) => object.iter().any(|(_, inner)| inner.names(variable)),
        }
    }

    /// The fields that carry one of these variables.
    pub(super) fn fields_with(&self, variables: &[&str], found: &mut Vec<String>) {
        match self {
            Self::Text(_) | Self::Literal(_) => {}
            Self::List(list) => list
                .iter()
                .for_each(|inner| inner.fields_with(variables, found)),
            Self::Object(object) => {
                for (name, inner) in object {
                    if let Self::Text(text) = inner
                        && text.names().any(|name| variables.contains(&name))
                    {
                        found.push(name.clone());
                    }
                    inner.fields_with(variables, found);
                }
            }
        }
    }
}
