//! From a name to its definition.

use std::sync::Arc;

use scim_filter_parser::AttributePath;
use serde_json::{Map, Value};

use super::attribute::find;
use super::{Attribute, ENTERPRISE_USER, Schema, SchemaSet};
use crate::scim::ResourceKind;

/// A short form of the enterprise extension's URN, for people who write translation tables and
/// scopes: `enterprise.department`.
const ENTERPRISE_ALIAS: &str = "enterprise";

/// What a path names.
#[derive(Debug, Clone, Copy)]
pub enum Located<'a> {
    /// All attributes of a core schema or an extension: the path is a schema URN.
    Schema(&'a Schema),
    /// An attribute, or a sub-attribute of it.
    Attribute {
        /// The extension that it belongs to; `None` for core and common attributes.
        extension: Option<&'a Schema>,
        /// The attribute.
        attribute: &'a Arc<Attribute>,
        /// The sub-attribute, where the path goes on to one.
        sub_attribute: Option<&'a Arc<Attribute>>,
    },
}

impl<'a> Located<'a> {
    /// What a resource holds here, lists taken apart: the values of all elements.
    pub fn values<'r>(&self, resource: &'r Map<String, Value>) -> Vec<&'r Value> {
        let (extension, attribute, sub_attribute) = match self {
            Self::Schema(schema) => return resource.get(&schema.id).into_iter().collect(),
            Self::Attribute {
                extension,
                attribute,
                sub_attribute,
            } => (extension, attribute, sub_attribute),
        };
        let container = match extension {
            Some(extension) => resource.get(&extension.id).and_then(Value::as_object),
            None => Some(resource),
        };
        let value = container.and_then(|container| container.get(&attribute.name));
        let elements = match value {
            Some(Value::Array(elements)) => elements.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        match sub_attribute {
            Some(sub_attribute) => elements
                .into_iter()
                .filter_map(|element| element.get(&sub_attribute.name))
                .collect(),
            None => elements,
        }
    }
}

impl SchemaSet {
    /// The definition of an attribute or sub-attribute; `None` when the resources of this kind
    /// do not have it.
    pub fn attribute(&self, kind: ResourceKind, path: &AttributePath) -> Option<&Attribute> {
        match self.locate(kind, path)? {
            Located::Schema(_) => None,
            Located::Attribute {
                attribute,
                sub_attribute,
                ..
            } => Some(sub_attribute.unwrap_or(attribute)),
        }
    }

    /// What a path names, in any of the spellings that clients use: attribute names and URNs in
    /// any case (RFC 7643 §2.1), an extension's URN joined by a colon or, as old Entra jobs do,
    /// by a dot, and attributes of an extension without any URN.
    pub fn locate(&self, kind: ResourceKind, path: &AttributePath) -> Option<Located<'_>> {
        match &path.urn {
            Some(urn) => self.locate_qualified(kind, urn, path),
            None => self.locate_plain(kind, path),
        }
    }

    fn locate_qualified(
        &self,
        kind: ResourceKind,
        urn: &str,
        path: &AttributePath,
    ) -> Option<Located<'_>> {
        if let Some(schema) = self.schema_of(kind, urn) {
            return self.within(kind, schema, &path.name, path.sub_attribute.as_deref());
        }
        // The last segment may belong to the URN: `urn:...:2.0:User` and `urn:...:2.0:User.title`.
        let schema = self.schema_of(kind, &path.full())?;
        match &path.sub_attribute {
            None => Some(Located::Schema(schema)),
            Some(name) => self.within(kind, schema, name, None),
        }
    }

    fn locate_plain(&self, kind: ResourceKind, path: &AttributePath) -> Option<Located<'_>> {
        let sub_attribute = path.sub_attribute.as_deref();
        let attribute = find(&self.common, &path.name).or_else(|| {
            let core = self.core_schema(kind)?;
            find(&core.attributes, &path.name)
        });
        if let Some(attribute) = attribute {
            return located(None, attribute, sub_attribute);
        }
        if path.name.eq_ignore_ascii_case(ENTERPRISE_ALIAS) {
            let extension = self.schema_of(kind, ENTERPRISE_USER)?;
            return match sub_attribute {
                None => Some(Located::Schema(extension)),
                Some(name) => self.within(kind, extension, name, None),
            };
        }
        self.extensions(kind).find_map(|extension| {
            let attribute = find(&extension.attributes, &path.name)?;
            located(Some(extension), attribute, sub_attribute)
        })
    }

    fn within<'a>(
        &'a self,
        kind: ResourceKind,
        schema: &'a Schema,
        name: &str,
        sub_attribute: Option<&str>,
    ) -> Option<Located<'a>> {
        let is_core = schema.id == kind.schema_urn();
        let attribute = find(&schema.attributes, name).or_else(|| {
            // `urn:...:core:2.0:User:externalId`: common attributes belong to every core schema.
            is_core.then(|| find(&self.common, name)).flatten()
        })?;
        located((!is_core).then_some(schema), attribute, sub_attribute)
    }

    /// The schema of this URN, if it is the kind's core schema or extends it.
    fn schema_of(&self, kind: ResourceKind, urn: &str) -> Option<&Schema> {
        self.core_schema(kind)
            .into_iter()
            .chain(self.extensions(kind))
            .find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }
}

fn located<'a>(
    extension: Option<&'a Schema>,
    attribute: &'a Arc<Attribute>,
    sub_attribute: Option<&str>,
) -> Option<Located<'a>> {
    let sub_attribute = match sub_attribute {
        Some(name) => Some(attribute.sub_attribute(name)?),
        None => None,
    };
    Some(Located::Attribute {
        extension,
        attribute,
        sub_attribute,
    })
}

#[cfg(test)]
mod tests {
    use scim_filter_parser::AttributePath;

    use super::{Located, SchemaSet};
    use crate::scim::ResourceKind;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn path(urn: Option<&str>, name: &str, sub_attribute: Option<&str>) -> AttributePath {
        AttributePath {
            urn: urn.map(str::to_owned),
            name: name.to_owned(),
            sub_attribute: sub_attribute.map(str::to_owned),
        }
    }

    #[test]
    fn every_spelling_finds_the_definition() {
        let core = "urn:ietf:params:scim:schemas:core:2.0:User";
        let parent = "urn:ietf:params:scim:schemas:extension:enterprise:2.0";
        let cases = [
            (path(None, "username", None), Some("userName")),
            (path(None, "NAME", Some("GIVENname")), Some("givenName")),
            (path(None, "externalId", None), Some("externalId")),
            (path(Some(core), "externalId", None), Some("externalId")),
            (path(Some(core), "title", None), Some("title")),
            (
                path(Some(ENTERPRISE), "department", None),
                Some("department"),
            ),
            (
                path(Some(ENTERPRISE), "manager", Some("value")),
                Some("value"),
            ),
            (path(Some(parent), "User", Some("manager")), Some("manager")),
            (
                path(None, "enterprise", Some("costCenter")),
                Some("costCenter"),
            ),
            (path(None, "manager", None), Some("manager")),
            (path(None, "emails", Some("$ref")), None),
            (path(None, "userName", Some("value")), None),
            (path(Some("urn:example:User"), "title", None), None),
            (path(Some(ENTERPRISE), "title", None), None),
        ];
        let schemas = SchemaSet::core();
        for (path, expected) in cases {
            let found = schemas.attribute(ResourceKind::User, &path);
            assert_eq!(found.map(|found| found.name.as_str()), expected, "{path:?}");
        }
    }

    #[test]
    fn a_schema_urn_names_the_schema() {
        let schemas = SchemaSet::core();
        let path = path(
            Some("urn:ietf:params:scim:schemas:extension:Enterprise:2.0"),
            "user",
            None,
        );
        let located = schemas.locate(ResourceKind::User, &path);
        assert!(matches!(located, Some(Located::Schema(schema)) if schema.id == ENTERPRISE));
        assert!(schemas.locate(ResourceKind::Group, &path).is_none());
    }
}
