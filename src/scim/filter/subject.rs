//! What a filter looks at: a whole resource, or one element of a multi-valued attribute.

use scim_filter_parser::AttributePath;
use serde_json::{Map, Value};

use crate::scim::ResourceKind;
use crate::scim::schema::{Attribute, Located, SchemaSet};

pub(super) enum Subject<'a> {
    Resource {
        resource: &'a Map<String, Value>,
        kind: ResourceKind,
        schemas: &'a SchemaSet,
    },
    Element {
        attribute: &'a Attribute,
        element: &'a Value,
    },
}

impl<'a> Subject<'a> {
    /// What stands at a path; nothing where the path names nothing.
    pub(super) fn values(&self, path: &AttributePath) -> Vec<&'a Value> {
        match self {
            Self::Resource {
                resource,
                kind,
                schemas,
            } => schemas
                .locate(*kind, path)
                .map(|located| located.values(resource))
                .unwrap_or_default(),
            Self::Element { .. } => self
                .comparable(path)
                .map(|(_, values)| values)
                .unwrap_or_default(),
        }
    }

    /// The definition that a comparison with a path goes by, and the values to compare: for a
    /// complex attribute its `value`. `None` for a path that names nothing comparable.
    pub(super) fn comparable(
        &self,
        path: &AttributePath,
    ) -> Option<(&'a Attribute, Vec<&'a Value>)> {
        match *self {
            Self::Resource {
                resource,
                kind,
                schemas,
            } => {
                let located = schemas.locate(kind, path)?;
                let Located::Attribute {
                    attribute,
                    sub_attribute,
                    ..
                } = located
                else {
                    return None;
                };
                let named: &Attribute = sub_attribute.unwrap_or(attribute);
                let definition = named.comparable()?;
                let mut values = located.values(resource);
                if named.is_complex() {
                    values = values
                        .into_iter()
                        .filter_map(|value| value.get(&definition.name))
                        .collect();
                }
                Some((definition, values))
            }
            Self::Element { attribute, element } => {
                if attribute.is_complex() {
                    let definition = attribute.sub_attribute(&path.name)?;
                    let value = element.get(&definition.name);
                    Some((definition, value.into_iter().collect()))
                } else {
                    // RFC 7643 §2.4: the implied sub-attribute of a simple list is `value`.
                    let is_value = path.name.eq_ignore_ascii_case("value");
                    is_value.then(|| (attribute, vec![element]))
                }
            }
        }
    }

    /// The elements of the attribute before a bracket, and its definition.
    pub(super) fn elements(&self, path: &AttributePath) -> Option<(&'a Attribute, Vec<&'a Value>)> {
        match *self {
            Self::Resource {
                resource,
                kind,
                schemas,
            } => match schemas.locate(kind, path)? {
                located @ Located::Attribute {
                    attribute,
                    sub_attribute: None,
                    ..
                } => Some((attribute, located.values(resource))),
                _ => None,
            },
            Self::Element { .. } => None,
        }
    }
}

/// RFC 7644 §3.4.2.2: `pr` wants a value that is not empty; RFC 7643 §2.5: null and the empty
/// list are no value.
pub(super) fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => elements.iter().any(is_present),
        Value::Object(fields) => fields.values().any(is_present),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
