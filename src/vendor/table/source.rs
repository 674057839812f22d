//! `from`: paths into the resource, in the grammar of SCIM PATCH and filters.

use scim_filter_parser::{AttributePath, Path, parse_path};
use serde_json::{Map, Value};

use crate::scim::ResourceKind;
use crate::scim::path::select;
use crate::scim::schema::SchemaSet;

/// A path and its spelling in the profile, for messages.
#[derive(Debug, Clone)]
pub(super) struct SourcePath {
    pub(super) text: String,
    path: Path,
}

impl SourcePath {
    /// Parses a path and checks that the schemas know what it names.
    pub(super) fn parse(
        text: &str,
        kind: ResourceKind,
        schemas: &SchemaSet,
    ) -> Result<Self, String> {
        let path = parse_path(text).map_err(|error| format!("\"{text}\": {error}"))?;
        if schemas.locate(kind, attribute_of(&path)).is_none() {
            return Err(format!("\"{text}\" names no attribute of a {kind}"));
        }
        Ok(Self {
            text: text.to_owned(),
            path,
        })
    }

    pub(super) fn reads_groups(&self) -> bool {
        attribute_of(&self.path).name.eq_ignore_ascii_case("groups")
    }

    /// The values that are there; empty texts and lists are not (RFC 7643 §2.5).
    pub(super) fn values<'a>(
        &self,
        document: &'a Map<String, Value>,
        schemas: &SchemaSet,
    ) -> Vec<&'a Value> {
        select(document, &self.path, schemas)
            .into_iter()
            .filter(|value| match value {
                Value::Null => false,
                Value::String(text) => !text.is_empty(),
                Value::Array(list) => !list.is_empty(),
                _ => true,
            })
            .collect()
    }
}

fn attribute_of(path: &Path) -> &AttributePath {
    match path {
        Path::Attribute(attribute) => attribute,
        Path::Value(value) => &value.attribute,
    }
}
