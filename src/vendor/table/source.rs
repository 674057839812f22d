//! `from`: paths into the resource, in the grammar of SCIM PATCH and filters.

use scim_filter_parser::{AttributePath, Path, parse_path};
use serde_json::{Map, Value};

use super::transform::scalar_text;
use crate::scim::ResourceKind;
use crate::scim::path::select;
use crate::scim::schema::SchemaSet;

/// A path and its spelling in the profile, for messages. `a + b` are several: their values are
/// joined by a blank, and one of them is enough.
#[derive(Debug, Clone)]
pub(super) struct SourcePath {
    pub(super) text: String,
    paths: Vec<Path>,
}

/// Stands between the paths of a sum.
const PLUS: &str = " + ";

impl SourcePath {
    /// Parses a path and checks that the schemas know what it names.
    pub(super) fn parse(
        text: &str,
        kind: ResourceKind,
        schemas: &SchemaSet,
    ) -> Result<Self, String> {
        let paths = text
            .split(PLUS)
            .map(|part| {
                let path = parse_path(part).map_err(|error| format!("\"{part}\": {error}"))?;
                match schemas.locate(kind, attribute_of(&path)) {
                    Some(_) => Ok(path),
                    None => Err(format!("\"{part}\" names no attribute of a {kind}")),
                }
            })
            .collect::<Result<_, String>>()?;
        Ok(Self {
            text: text.to_owned(),
            paths,
        })
    }

    /// Where the grammar of a text is at fault, in bytes; 0 if it is not.
    pub(super) fn fault(text: &str) -> usize {
        let mut start = 0;
        for part in text.split(PLUS) {
            if let Err(error) = parse_path(part) {
                return start + error.offset;
            }
            start += part.len() + PLUS.len();
        }
        0
    }

    pub(super) fn reads_groups(&self) -> bool {
        self.paths
            .iter()
            .any(|path| attribute_of(path).name.eq_ignore_ascii_case("groups"))
    }

    /// The first value, or the first of each path, joined.
    pub(super) fn first(
        &self,
        document: &Map<String, Value>,
        schemas: &SchemaSet,
    ) -> Option<Value> {
        let mut values: Vec<Value> = self
            .paths
            .iter()
            .filter_map(|path| values(path, document, schemas).first().copied().cloned())
            .collect();
        if self.paths.len() == 1 || values.is_empty() {
            return values.pop();
        }
        let texts: Vec<String> = values.iter().filter_map(scalar_text).collect();
        Some(Value::from(texts.join(" ")))
    }

    /// Every value, as a list.
    pub(super) fn all(&self, document: &Map<String, Value>, schemas: &SchemaSet) -> Option<Value> {
        let values: Vec<Value> = self
            .paths
            .iter()
            .flat_map(|path| values(path, document, schemas))
            .cloned()
            .collect();
        (!values.is_empty()).then_some(Value::Array(values))
    }
}

/// The values that are there; empty texts and lists are not (RFC 7643 §2.5).
fn values<'a>(
    path: &Path,
    document: &'a Map<String, Value>,
    schemas: &SchemaSet,
) -> Vec<&'a Value> {
    select(document, path, schemas)
        .into_iter()
        .filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => !list.is_empty(),
            _ => true,
        })
        .collect()
}

fn attribute_of(path: &Path) -> &AttributePath {
    match path {
        Path::Attribute(attribute) => attribute,
        Path::Value(value) => &value.attribute,
    }
}
