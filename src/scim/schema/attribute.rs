//! Attribute definitions as RFC 7643 §7 has them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The definition of one attribute or sub-attribute.
///
/// Definitions are shared (`Arc`), so that a compiled PATCH can keep those that it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attribute {
    /// The name, in the spelling that answers use.
    pub name: String,
    /// The data type; `type` in JSON.
    #[serde(rename = "type")]
    pub kind: AttributeType,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// What the attribute means, for people.
    pub description: String,
    /// Whether a resource must have it.
    pub required: bool,
    /// Values that are usual; a directory decides whether it takes others too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub canonical_values: Vec<String>,
    /// Whether upper and lower case differ; without meaning for complex and boolean attributes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) case_exact: Option<bool>,
    /// When it can be written.
    pub mutability: Mutability,
    /// When answers hold it.
    pub returned: Returned,
    /// Among which resources a value is unique; without meaning for complex attributes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) uniqueness: Option<Uniqueness>,
    /// What a reference may point to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "into_shared",
        serialize_with = "from_shared"
    )]
    pub sub_attributes: Vec<Arc<Attribute>>,
}

/// The data types of RFC 7643 §2.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttributeType {
    /// §2.3.1
    String,
    /// §2.3.2
    Boolean,
    /// §2.3.3
    Decimal,
    /// §2.3.4
    Integer,
    /// §2.3.5: text in the form of `xsd:dateTime`
    DateTime,
    /// §2.3.6: Base64 text
    Binary,
    /// §2.3.7: a URI as text
    Reference,
    /// §2.3.8
    Complex,
}

/// When an attribute can be written (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    /// Only by the service.
    ReadOnly,
    /// At any time.
    ReadWrite,
    /// Once.
    Immutable,
    /// At any time, but it cannot be read.
    WriteOnly,
}

/// When answers hold an attribute (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    /// Whatever `attributes` and `excludedAttributes` say.
    Always,
    /// Never.
    Never,
    /// Unless the client asks otherwise.
    Default,
    /// Only when the client names it.
    Request,
}

/// Among which resources a value is unique (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    /// None.
    None,
    /// Those of one endpoint.
    Server,
    /// All.
    Global,
}

impl Attribute {
    /// The sub-attribute of this name, without regard to case (RFC 7643 §2.1).
    pub fn sub_attribute(&self, name: &str) -> Option<&Arc<Attribute>> {
        find(&self.sub_attributes, name)
    }

    /// Whether upper and lower case differ in values (RFC 7643 §2.2).
    pub fn case_exact(&self) -> bool {
        self.case_exact.unwrap_or(false)
    }

    /// Among which resources a value is unique.
    pub fn uniqueness(&self) -> Uniqueness {
        self.uniqueness.unwrap_or(Uniqueness::None)
    }

    /// Whether a client's value for it is left out.
    pub fn is_read_only(&self) -> bool {
        self.mutability == Mutability::ReadOnly
    }

    /// Whether it has sub-attributes.
    pub fn is_complex(&self) -> bool {
        self.kind == AttributeType::Complex
    }

    /// What a comparison with the attribute itself means: for a complex attribute its `value`
    /// (RFC 7643 §2.4), for a simple one itself. `None` for a complex attribute without `value`.
    pub fn comparable(&self) -> Option<&Attribute> {
        if self.is_complex() {
            self.sub_attribute("value").map(Arc::as_ref)
        } else {
            Some(self)
        }
    }
}

impl AttributeType {
    /// The name as schemas have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }
}

impl fmt::Display for AttributeType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The attribute of this name, without regard to case.
pub(super) fn find<'a>(attributes: &'a [Arc<Attribute>], name: &str) -> Option<&'a Arc<Attribute>> {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

pub(super) fn into_shared<'de, D>(deserializer: D) -> Result<Vec<Arc<Attribute>>, D::Error>
where
    D: Deserializer<'de>,
{
    let attributes = Vec::<Attribute>::deserialize(deserializer)?;
    Ok(attributes.into_iter().map(Arc::new).collect())
}

pub(super) fn from_shared<S>(
    attributes: &[Arc<Attribute>],
    serializer: S,
) -> Result<S::Ok, S::Error>
where
    S: Serializer,
{
    serializer.collect_seq(attributes.iter().map(Arc::as_ref))
}
