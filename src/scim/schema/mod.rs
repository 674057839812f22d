//! The schemas of RFC 7643, as data: `definitions/*.json` are what `/Schemas` answers and what
//! every part of the protocol looks attributes up in.

mod attribute;
mod locate;

use std::sync::{Arc, LazyLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use attribute::{Attribute, AttributeType, Mutability, Returned, Uniqueness};
pub use locate::Located;

use super::ResourceKind;

/// The URN of the enterprise extension of users (RFC 7643 §4.3).
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// One schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schema {
    /// The URN.
    pub id: String,
    /// The name, for people.
    pub name: String,
    /// What it describes, for people.
    pub description: String,
    /// The attributes.
    #[serde(
        deserialize_with = "attribute::into_shared",
        serialize_with = "attribute::from_shared"
    )]
    pub attributes: Vec<Arc<Attribute>>,
}

/// A resource type (RFC 7643 §6): a core schema and what extends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceType {
    /// The kind of resources.
    pub kind: ResourceKind,
    /// What they are, for people.
    pub description: &'static str,
    /// The URNs of the extensions; none is required.
    pub extensions: Vec<String>,
}

/// A schema that a deployment adds to a resource type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The kind of resources that it extends.
    pub kind: ResourceKind,
    /// Its definition.
    pub schema: Schema,
}

/// All schemas and resource types of the service.
#[derive(Debug, Clone)]
pub struct SchemaSet {
    /// Attributes that every resource has (RFC 7643 §3.1); no schema lists them.
    common: Vec<Arc<Attribute>>,
    schemas: Vec<Schema>,
    resource_types: Vec<ResourceType>,
    /// The URNs of the schemas that the deployment has declared.
    declared: Vec<String>,
    /// The kinds of resources that store something which answers do not hold by default.
    concealing: Vec<ResourceKind>,
}

impl SchemaSet {
    /// The schemas of RFC 7643; parsed once.
    pub fn core() -> Arc<SchemaSet> {
        static CORE: LazyLock<Arc<SchemaSet>> = LazyLock::new(|| Arc::new(SchemaSet::load()));
        Arc::clone(&CORE)
    }

    fn load() -> Self {
        let common: Vec<Attribute> = parse(include_str!("definitions/common.json"));
        Self {
            common: common.into_iter().map(Arc::new).collect(),
            schemas: vec![
                parse(include_str!("definitions/user.json")),
                parse(include_str!("definitions/enterprise_user.json")),
                parse(include_str!("definitions/group.json")),
                parse(include_str!("definitions/service_provider_config.json")),
                parse(include_str!("definitions/resource_type.json")),
                parse(include_str!("definitions/schema.json")),
            ],
            resource_types: vec![
                ResourceType {
                    kind: ResourceKind::User,
                    description: "People who have accounts.",
                    extensions: vec![ENTERPRISE_USER.to_owned()],
                },
                ResourceType {
                    kind: ResourceKind::Group,
                    description: "Sets of users and groups.",
                    extensions: Vec::new(),
                },
            ],
            declared: Vec::new(),
            concealing: Vec::new(),
        }
    }

    /// The schemas of RFC 7643, and those that a deployment declares beside them. Their URNs have
    /// to differ from each other and from the core ones.
    pub fn with_extensions(extensions: Vec<Extension>) -> Arc<SchemaSet> {
        if extensions.is_empty() {
            return Self::core();
        }
        let mut set = Self::core().as_ref().clone();
        for Extension { kind, schema } in extensions {
            let conceals = schema
                .attributes
                .iter()
                .any(|attribute| matches!(attribute.returned, Returned::Never | Returned::Request));
            if conceals && !set.concealing.contains(&kind) {
                set.concealing.push(kind);
            }
            let extended = set.resource_types.iter_mut();
            for resource_type in extended.filter(|resource_type| resource_type.kind == kind) {
                resource_type.extensions.push(schema.id.clone());
            }
            set.declared.push(schema.id.clone());
            set.schemas.push(schema);
        }
        Arc::new(set)
    }

    /// The same without one attribute of a core schema, for a service that does not take it.
    pub fn without(&self, kind: ResourceKind, attribute: &str) -> Arc<SchemaSet> {
        let mut set = self.clone();
        for schema in &mut set.schemas {
            if schema.id == kind.schema_urn() {
                schema.attributes.retain(|known| known.name != attribute);
            }
        }
        Arc::new(set)
    }

    /// The same with further schemas to be shown, which extend neither users nor groups.
    pub fn and_showing(&self, further: impl IntoIterator<Item = Schema>) -> Arc<SchemaSet> {
        let mut set = self.clone();
        set.schemas.extend(further);
        Arc::new(set)
    }

    /// The schemas that the deployment has declared.
    pub fn declared(&self) -> impl Iterator<Item = &Schema> {
        self.declared.iter().filter_map(|urn| self.schema(urn))
    }

    /// Whether resources of a kind store something that answers do not hold by default.
    pub fn conceals(&self, kind: ResourceKind) -> bool {
        self.concealing.contains(&kind)
    }

    /// Every schema, those of the discovery endpoints too.
    pub fn schemas(&self) -> &[Schema] {
        &self.schemas
    }

    /// The schema of this URN, without regard to case.
    pub fn schema(&self, urn: &str) -> Option<&Schema> {
        self.schemas
            .iter()
            .find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }

    /// Every resource type.
    pub fn resource_types(&self) -> &[ResourceType] {
        &self.resource_types
    }

    /// The attributes that every resource has: `schemas`, `id`, `externalId`, `meta`.
    pub fn common_attributes(&self) -> &[Arc<Attribute>] {
        &self.common
    }

    /// The core schema of a kind of resources.
    pub fn core_schema(&self, kind: ResourceKind) -> Option<&Schema> {
        self.schema(kind.schema_urn())
    }

    /// The schemas that extend a kind of resources.
    pub fn extensions(&self, kind: ResourceKind) -> impl Iterator<Item = &Schema> {
        self.resource_types
            .iter()
            .filter(move |resource_type| resource_type.kind == kind)
            .flat_map(|resource_type| &resource_type.extensions)
            .filter_map(|urn| self.schema(urn))
    }
}

#[expect(
    clippy::expect_used,
    reason = "the text is compiled in, and the tests below parse it"
)]
pub(in crate::scim) fn parse<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a built-in schema definition is of the right form")
}

#[cfg(test)]
mod tests {
    use super::{AttributeType, Returned, SchemaSet};
    use crate::scim::ResourceKind;

    #[test]
    fn every_kind_has_its_schemas() {
        let schemas = SchemaSet::core();
        assert_eq!(schemas.schemas().len(), 6);
        for kind in [ResourceKind::User, ResourceKind::Group] {
            assert_eq!(
                schemas.core_schema(kind).map(|schema| schema.id.as_str()),
                Some(kind.schema_urn())
            );
        }
        assert_eq!(schemas.extensions(ResourceKind::User).count(), 1);
        assert_eq!(schemas.extensions(ResourceKind::Group).count(), 0);
    }

    #[test]
    fn definitions_are_consistent() {
        for schema in SchemaSet::core().schemas() {
            for attribute in &schema.attributes {
                let place = format!("{}:{}", schema.id, attribute.name);
                assert_eq!(
                    attribute.kind == AttributeType::Complex,
                    !attribute.sub_attributes.is_empty(),
                    "{place}: complex attributes, and only they, have parts"
                );
                if attribute.kind == AttributeType::Reference {
                    assert!(!attribute.reference_types.is_empty(), "{place}");
                }
                if attribute.returned == Returned::Never {
                    assert_eq!(attribute.name, "password", "{place}");
                }
            }
        }
    }
}
