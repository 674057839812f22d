//! A template and its variables become a request.

use serde_json::{Map, Value};

use super::super::exchange::{Operation, RenderedRequest};
use super::encode;
use super::template::{Body, Encoding, Piece, Text};
use super::{Form, RequestTemplate, Variables};

/// Why a request is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A variable has no value.
    #[error("the {operation} request needs \"{variable}\", which has no value here")]
    Missing {
        /// Which request.
        operation: Operation,
        /// Which variable.
        variable: String,
    },
    /// A value would leave the path addressing something else: the collection, the parent.
    #[error(
        "the {operation} request would carry an empty or dotted \"{variable}\" in its path, which would address something else"
    )]
    UnsafeSegment {
        /// Which request.
        operation: Operation,
        /// Which variable.
        variable: String,
    },
    /// A list or an object stands where one value belongs.
    #[error("the {operation} request needs one value for \"{variable}\", not a list or an object")]
    NotScalar {
        /// Which request.
        operation: Operation,
        /// Which variable.
        variable: String,
    },
    /// The vendor wants a number.
    #[error("the {operation} request needs a whole number for \"{variable}\"")]
    NotNumber {
        /// Which request.
        operation: Operation,
        /// Which variable.
        variable: String,
    },
    /// A header value with a line break or another control character.
    #[error("the {operation} request would carry a control character in the header \"{header}\"")]
    ControlCharacter {
        /// Which request.
        operation: Operation,
        /// Which header.
        header: String,
    },
}

/// Renders for one operation.
struct Renderer<'a> {
    operation: Operation,
    variables: &'a Variables,
}

impl RequestTemplate {
    /// The request with its values in place, each encoded for where it stands.
    ///
    /// # Errors
    ///
    /// A [`RenderError`] if a value is missing or does not fit its place; nothing may be sent then.
    pub fn render(
        &self,
        operation: Operation,
        base_path: &str,
        variables: &Variables,
    ) -> Result<RenderedRequest, RenderError> {
        let renderer = Renderer {
            operation,
            variables,
        };
        let mut request = RenderedRequest {
            operation,
            call: None,
            method: String::new(),
            path: String::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: self
                .body
                .as_ref()
                .map(|body| renderer.body(body))
                .transpose()?,
            secret_fields: self.secret_fields.clone(),
        };
        match &self.form {
            Form::Call(name) => request.call = Some(name.clone()),
            Form::Http {
                method,
                path,
                query,
                headers,
            } => {
                request.method.clone_from(method);
                request.path = format!("{base_path}{}", renderer.path(path)?);
                request.query = renderer.parameters(query)?;
                request.headers = renderer.headers(headers)?;
            }
        }
        Ok(request)
    }
}

impl Renderer<'_> {
    fn path(&self, text: &Text) -> Result<String, RenderError> {
        let mut path = String::new();
        for piece in &text.pieces {
            match piece {
                Piece::Literal(literal) => path.push_str(literal),
                Piece::Placeholder { name, .. } => path.push_str(&self.segment(name)?),
            }
        }
        Ok(path)
    }

    fn segment(&self, name: &str) -> Result<String, RenderError> {
        let value = self.scalar(name)?;
        // An empty segment addresses the collection; dot segments are resolved away by servers.
        if matches!(value.trim(), "" | "." | "..") {
            return Err(RenderError::UnsafeSegment {
                operation: self.operation,
                variable: name.to_owned(),
            });
        }
        Ok(encode::path_segment(&value))
    }

    fn parameters(&self, texts: &[(String, Text)]) -> Result<Vec<(String, String)>, RenderError> {
        texts
            .iter()
            .map(|(name, text)| Ok((name.clone(), self.text(text)?)))
            .collect()
    }

    fn headers(&self, texts: &[(String, Text)]) -> Result<Vec<(String, String)>, RenderError> {
        let headers = self.parameters(texts)?;
        match headers
            .iter()
            .find(|(_, value)| value.chars().any(char::is_control))
        {
            Some((header, _)) => Err(RenderError::ControlCharacter {
                operation: self.operation,
                header: header.clone(),
            }),
            None => Ok(headers),
        }
    }

    fn text(&self, text: &Text) -> Result<String, RenderError> {
        let mut rendered = String::new();
        for piece in &text.pieces {
            match piece {
                Piece::Literal(literal) => rendered.push_str(literal),
                Piece::Placeholder { name, encoding } => match encoding {
                    Some(Encoding::Quoted) => {
                        rendered.push_str(&encode::quoted(&self.scalar(name)?));
                    }
                    Some(Encoding::Segment) => rendered.push_str(&self.segment(name)?),
                    _ => rendered.push_str(&self.scalar(name)?),
                },
            }
        }
        Ok(rendered)
    }

    fn body(&self, body: &Body) -> Result<Value, RenderError> {
        Ok(match body {
            Body::Literal(value) => value.clone(),
            Body::List(list) => Value::Array(
                list.iter()
                    .map(|inner| self.body(inner))
                    .collect::<Result<_, _>>()?,
            ),
            Body::Object(object) => Value::Object(
                object
                    .iter()
                    .map(|(name, inner)| Ok((name.clone(), self.body(inner)?)))
                    .collect::<Result<Map<_, _>, RenderError>>()?,
            ),
            Body::Text(text) => match text.sole_placeholder() {
                // JSON encodes by itself: a string stays one string, whatever it holds.
                Some((name, None)) => self.value(name)?.clone(),
                Some((name, Some(Encoding::Number))) => self.number(name, self.value(name)?)?,
                Some((name, Some(Encoding::Numbers))) => self.numbers(name)?,
                Some((name, Some(Encoding::Map))) => self.map(name)?,
                _ => Value::String(self.text(text)?),
            },
        })
    }

    fn value(&self, name: &str) -> Result<&Value, RenderError> {
        self.variables
            .get(name)
            .ok_or_else(|| RenderError::Missing {
                operation: self.operation,
                variable: name.to_owned(),
            })
    }

    fn scalar(&self, name: &str) -> Result<String, RenderError> {
        self.scalar_of(name, self.value(name)?)
    }

    fn scalar_of(&self, name: &str, value: &Value) -> Result<String, RenderError> {
        match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(boolean) => Ok(boolean.to_string()),
            Value::Null => Err(RenderError::Missing {
                operation: self.operation,
                variable: name.to_owned(),
            }),
            Value::Array(_) | Value::Object(_) => Err(RenderError::NotScalar {
                operation: self.operation,
                variable: name.to_owned(),
            }),
        }
    }

    fn number(&self, name: &str, value: &Value) -> Result<Value, RenderError> {
        let number = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse::<i64>().ok(),
            _ => None,
        };
        number
            .map(Value::from)
            .ok_or_else(|| RenderError::NotNumber {
                operation: self.operation,
                variable: name.to_owned(),
            })
    }

    fn numbers(&self, name: &str) -> Result<Value, RenderError> {
        match self.value(name)? {
            Value::Array(list) => list
                .iter()
                .map(|inner| self.number(name, inner))
                .collect::<Result<_, _>>()
                .map(Value::Array),
            single => Ok(Value::Array(vec![self.number(name, single)?])),
        }
    }

    fn map(&self, name: &str) -> Result<Value, RenderError> {
        let listed = match self.value(name)? {
            Value::Array(list) => list.as_slice(),
            single => std::slice::from_ref(single),
        };
        listed
            .iter()
            .map(|inner| Ok((self.scalar_of(name, inner)?, Value::Object(Map::new()))))
            .collect::<Result<Map<_, _>, RenderError>>()
            .map(Value::Object)
    }
}
