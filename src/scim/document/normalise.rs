//! From a value as a client sends it to the value that its attribute's definition asks for.

use serde_json::{Map, Value};

use super::elements::{MAXIMUM_VALUES, is_hollow, settle_primary};
use crate::scim::filter::is_instant;
use crate::scim::schema::{Attribute, AttributeType};
use crate::scim::{ScimError, Tolerance, Tolerated};

/// Reads values, counting what it tolerates. `None` stands for "no value" throughout: null, the
/// empty list and, as clients mean it, the empty string (RFC 7643 §2.5).
pub(crate) struct Normaliser<'t> {
    pub(crate) tolerated: &'t mut Tolerated,
}

/// Where a value stands, for messages.
#[derive(Clone, Copy)]
struct Place<'a> {
    parent: Option<&'a str>,
    name: &'a str,
}

impl Normaliser<'_> {
    /// The value of an attribute as a whole: a list for a multi-valued one.
    ///
    /// # Errors
    /// `invalidValue` where the type is wrong.
    pub(crate) fn attribute(
        &mut self,
        attribute: &Attribute,
        value: Value,
    ) -> Result<Option<Value>, ScimError> {
        if !attribute.multi_valued {
            return self.single(None, attribute, value);
        }
        let elements = self.elements(attribute, value)?;
        Ok((!elements.is_empty()).then_some(Value::Array(elements)))
    }

    /// The elements of a multi-valued attribute; at most one of them is primary, and none says
    /// nothing.
    pub(crate) fn elements(
        &mut self,
        attribute: &Attribute,
        value: Value,
    ) -> Result<Vec<Value>, ScimError> {
        let values = match value {
            Value::Array(values) => values,
            Value::Null => return Ok(Vec::new()),
            other => {
                self.tolerated.note(Tolerance::UnwrappedList);
                vec![other]
            }
        };
        if values.len() > MAXIMUM_VALUES {
            return Err(ScimError::invalid_value(format!(
                "{} has {} values; at most {MAXIMUM_VALUES} are accepted",
                attribute.name,
                values.len()
            )));
        }
        let mut elements = Vec::with_capacity(values.len());
        for value in values {
            if let Some(element) = self.single(None, attribute, value)?
                && !is_hollow(attribute, &element)
            {
                elements.push(element);
            }
        }
        if settle_primary(&mut elements, None) {
            self.tolerated.note(Tolerance::SecondPrimary);
        }
        Ok(elements)
    }

    /// One value: of a single-valued attribute, of a sub-attribute of `parent`, or one element
    /// of a multi-valued attribute.
    pub(crate) fn single(
        &mut self,
        parent: Option<&Attribute>,
        attribute: &Attribute,
        value: Value,
    ) -> Result<Option<Value>, ScimError> {
        let place = Place {
            parent: parent.map(|parent| parent.name.as_str()),
            name: &attribute.name,
        };
        let value = self.unwrap(value);
        if attribute.is_complex() {
            return self.complex(attribute, place, value);
        }
        let value = match parent {
            Some(_) if attribute.name == "value" => self.unpack_value(value),
            _ => value,
        };
        self.scalar(attribute, place, value)
    }

    /// The only element of a list of one; lists of other lengths stay as they are, except that
    /// the empty one is no value.
    pub(crate) fn unwrap(&mut self, value: Value) -> Value {
        match value {
            Value::Array(mut values) if values.len() <= 1 => {
                self.tolerated.note(Tolerance::WrappedSingle);
                values.pop().unwrap_or(Value::Null)
            }
            other => other,
        }
    }

    /// An object, also where it comes as JSON text; anything else is given back.
    pub(crate) fn object(&mut self, value: Value) -> Result<Map<String, Value>, Value> {
        match value {
            Value::Object(object) => Ok(object),
            Value::String(text) => match object_in_text(&text) {
                Some(object) => {
                    self.tolerated.note(Tolerance::JsonText);
                    Ok(object)
                }
                None => Err(Value::String(text)),
            },
            other => Err(other),
        }
    }

    fn complex(
        &mut self,
        attribute: &Attribute,
        place: Place<'_>,
        value: Value,
    ) -> Result<Option<Value>, ScimError> {
        let fields = match self.object(value) {
            Ok(object) => self.unpack(object),
            Err(Value::Null) => return Ok(None),
            Err(Value::String(text)) if text.is_empty() => {
                self.tolerated.note(Tolerance::EmptyString);
                return Ok(None);
            }
            // A manager's id, an e-mail address or a role on its own.
            Err(bare @ Value::String(_)) if attribute.sub_attribute("value").is_some() => {
                self.tolerated.note(Tolerance::BareValue);
                Map::from_iter([("value".to_owned(), bare)])
            }
            Err(other) => return Err(wrong_type(place, attribute.kind, &other)),
        };
        let mut complex = Map::with_capacity(fields.len());
        for (key, value) in fields {
            let Some(sub_attribute) = self.part(attribute, &key) else {
                self.tolerated.note(Tolerance::UnknownAttribute);
                continue;
            };
            if sub_attribute.is_read_only() {
                continue;
            }
            if let Some(value) = self.single(Some(attribute), sub_attribute, value)? {
                complex.insert(sub_attribute.name.clone(), value);
            }
        }
        Ok((!complex.is_empty()).then_some(Value::Object(complex)))
    }

    /// The sub-attribute that a key means; `displayName` is taken for `display`.
    pub(crate) fn part<'a>(
        &mut self,
        attribute: &'a Attribute,
        key: &str,
    ) -> Option<&'a Attribute> {
        let sub_attribute = attribute.sub_attribute(key).or_else(|| {
            let alias = attribute.sub_attribute("display")?;
            key.eq_ignore_ascii_case("displayName").then(|| {
                self.tolerated.note(Tolerance::DisplayAlias);
                alias
            })
        });
        sub_attribute.map(AsRef::as_ref)
    }

    /// Entra packs an app role into the `value` of a role, as JSON text with a `value` and a
    /// `displayName` of its own.
    fn unpack(&mut self, mut object: Map<String, Value>) -> Map<String, Value> {
        let packed = object
            .get("value")
            .and_then(Value::as_str)
            .and_then(object_in_text)
            .filter(|inner| inner.contains_key("value"));
        if let Some(inner) = packed {
            self.tolerated.note(Tolerance::JsonText);
            // Its id is Entra's own and no attribute of ours.
            object.extend(inner.into_iter().filter(|(key, _)| key != "id"));
        }
        object
    }

    /// The same where only the `value` of a role is written.
    fn unpack_value(&mut self, mut value: Value) -> Value {
        while let Some(inner) = value
            .as_str()
            .and_then(object_in_text)
            .and_then(|mut object| object.shift_remove("value"))
        {
            self.tolerated.note(Tolerance::JsonText);
            value = inner;
        }
        value
    }

    fn scalar(
        &mut self,
        attribute: &Attribute,
        place: Place<'_>,
        value: Value,
    ) -> Result<Option<Value>, ScimError> {
        match (attribute.kind, value) {
            (_, Value::Null) => Ok(None),
            (_, Value::String(text)) if text.is_empty() => {
                self.tolerated.note(Tolerance::EmptyString);
                Ok(None)
            }
            (AttributeType::Boolean, value @ Value::Bool(_)) => Ok(Some(value)),
            (AttributeType::Boolean, Value::String(text)) => self.boolean(place, &text).map(Some),
            (AttributeType::Integer, Value::Number(number)) if !number.is_f64() => {
                Ok(Some(Value::Number(number)))
            }
            (AttributeType::Decimal, value @ Value::Number(_)) => Ok(Some(value)),
            (AttributeType::DateTime, Value::String(text)) if !is_instant(&text) => {
                Err(ScimError::invalid_value(format!(
                    "{place} must be a date and time such as 2026-01-31T12:00:00Z"
                )))
            }
            (
                AttributeType::String
                | AttributeType::Reference
                | AttributeType::Binary
                | AttributeType::DateTime,
                value @ Value::String(_),
            ) => Ok(Some(value)),
            (kind, Value::Object(mut fields)) => match packed_scalar(&mut fields) {
                Some(value) => {
                    self.tolerated.note(Tolerance::WrappedSingle);
                    self.scalar(attribute, place, value)
                }
                None => Err(wrong_type(place, kind, &Value::Object(fields))),
            },
            (kind, other) => Err(wrong_type(place, kind, &other)),
        }
    }

    fn boolean(&mut self, place: Place<'_>, text: &str) -> Result<Value, ScimError> {
        let value = if text.eq_ignore_ascii_case("true") {
            true
        } else if text.eq_ignore_ascii_case("false") {
            false
        } else {
            return Err(ScimError::invalid_value(format!(
                "{place} must be true or false, not another text"
            )));
        };
        self.tolerated.note(Tolerance::StringBoolean);
        Ok(Value::Bool(value))
    }
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.parent {
            Some(parent) => write!(formatter, "{parent}.{}", self.name),
            None => formatter.write_str(self.name),
        }
    }
}

/// Old Entra jobs write even simple values as `[{"$ref": null, "value": "..."}]`.
fn packed_scalar(fields: &mut Map<String, Value>) -> Option<Value> {
    let nothing_else = fields.keys().all(|name| name == "value" || name == "$ref");
    let value = fields.get_mut("value").filter(|_| nothing_else)?;
    (!value.is_object() && !value.is_array()).then(|| value.take())
}

fn object_in_text(text: &str) -> Option<Map<String, Value>> {
    text.trim_start()
        .starts_with('{')
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

fn wrong_type(place: Place<'_>, kind: AttributeType, actual: &Value) -> ScimError {
    ScimError::invalid_value(format!(
        "{place} must be of type {kind}, not {}",
        json_type(actual)
    ))
}

/// The JSON type of a value, with its article.
pub(crate) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
