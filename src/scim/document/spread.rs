//! Taking an object of attributes apart: nested extensions, dotted keys, URN keys and filtered
//! paths as keys become targets with values. Bodies of POST and PUT and values of path-less
//! PATCH operations are such objects.

use scim_filter_parser::{AttributePath, Path, parse_path};
use serde_json::{Map, Value};

use super::normalise::json_type;
use super::target::{Resolved, Target, is_qualified, resolve};
use crate::scim::error::{Shown, quoted};
use crate::scim::schema::{Schema, SchemaSet};
use crate::scim::{ResourceKind, ScimError, Tolerance, Tolerated};

/// The targets that an object names, with the values as they were sent.
///
/// # Errors
/// `invalidPath` for a key with brackets that does not parse, `invalidValue` for an extension
/// that is not an object.
pub(crate) fn spread(
    kind: ResourceKind,
    object: Map<String, Value>,
    schemas: &SchemaSet,
    tolerated: &mut Tolerated,
) -> Result<Vec<(Target, Value)>, ScimError> {
    let mut spread = Spread {
        kind,
        schemas,
        tolerated,
        found: Vec::with_capacity(object.len()),
    };
    for (key, value) in object {
        spread.take(&key, value)?;
    }
    Ok(spread.found)
}

struct Spread<'a> {
    kind: ResourceKind,
    schemas: &'a SchemaSet,
    tolerated: &'a mut Tolerated,
    found: Vec<(Target, Value)>,
}

impl Spread<'_> {
    fn take(&mut self, key: &str, value: Value) -> Result<(), ScimError> {
        let Some(path) = self.read_key(None, key)? else {
            return Ok(());
        };
        match resolve(self.kind, &path, self.schemas) {
            Resolved::Target(target) => {
                self.note_dialect(key, &path, &target);
                self.found.push((target, value));
                Ok(())
            }
            Resolved::Schema(schema) => {
                if !key.eq_ignore_ascii_case(&schema.id) {
                    self.tolerated
                        .note(Tolerance::UnqualifiedExtension, Shown(key));
                }
                self.take_schema(schema, value)
            }
            Resolved::Unknown => {
                self.tolerated.note(Tolerance::UnknownAttribute, Shown(key));
                Ok(())
            }
        }
    }

    /// An object of attributes under the URN of their schema.
    fn take_schema(&mut self, schema: &Schema, value: Value) -> Result<(), ScimError> {
        let attributes = match value {
            Value::Object(attributes) => attributes,
            // RFC 7643 §2.5: unassigned as a whole is each of its attributes unassigned.
            Value::Null if schema.id != self.kind.schema_urn() => schema
                .attributes
                .iter()
                .map(|attribute| (attribute.name.clone(), Value::Null))
                .collect(),
            other => {
                return Err(ScimError::invalid_value(format!(
                    "{} must be an object of its attributes, not {}",
                    schema.id,
                    json_type(&other)
                )));
            }
        };
        for (key, value) in attributes {
            let Some(path) = self.read_key(Some(&schema.id), &key)? else {
                continue;
            };
            match resolve(self.kind, &path, self.schemas) {
                Resolved::Target(target) => self.found.push((target, value)),
                Resolved::Schema(_) | Resolved::Unknown => {
                    self.tolerated.note(
                        Tolerance::UnknownAttribute,
                        format_args!("{}:{}", schema.id, Shown(&key)),
                    );
                }
            }
        }
        Ok(())
    }

    /// A key as a path; `None` (counted) where it cannot be the name of anything.
    fn read_key(&mut self, urn: Option<&str>, key: &str) -> Result<Option<Path>, ScimError> {
        if key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        {
            return Ok(Some(Path::Attribute(AttributePath {
                urn: urn.map(str::to_owned),
                name: key.to_owned(),
                sub_attribute: None,
            })));
        }
        let parsed = match urn {
            Some(urn) => parse_path(&format!("{urn}:{key}")),
            None => parse_path(key),
        };
        match parsed {
            Ok(path) => Ok(Some(path)),
            Err(error) if key.contains('[') => Err(ScimError::invalid_path(format!(
                "the attribute name {} does not parse as a path: {error}",
                quoted(key)
            ))),
            Err(_) => {
                self.tolerated.note(Tolerance::UnknownAttribute, Shown(key));
                Ok(None)
            }
        }
    }

    fn note_dialect(&mut self, key: &str, path: &Path, target: &Target) {
        let (attribute, filtered) = match path {
            Path::Attribute(attribute) => (attribute, false),
            Path::Value(value) => (&value.attribute, true),
        };
        if filtered {
            self.tolerated.note(Tolerance::FilteredKey, Shown(key));
        } else if attribute.urn.is_some() {
            self.tolerated.note(Tolerance::UrnKey, Shown(key));
        } else if attribute.sub_attribute.is_some() {
            self.tolerated.note(Tolerance::DottedKey, Shown(key));
        }
        if !is_qualified(path, target.extension.as_deref()) {
            self.tolerated
                .note(Tolerance::UnqualifiedExtension, Shown(key));
        }
    }
}
