//! A resource in a vendor's terms.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What a translation table reads.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The SCIM id; the ownership marker is made of it.
    pub id: &'a str,
    /// The resource's document.
    pub document: &'a Map<String, Value>,
    /// Its groups, nested ones too; empty for groups.
    pub groups: &'a [SubjectGroup],
    /// The appliance's name.
    pub appliance: &'a str,
}

/// A group that the subject is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectGroup {
    /// Its SCIM id.
    pub id: String,
    /// Its `displayName`.
    pub display: String,
    /// Its `externalId`.
    pub external_id: Option<String>,
}

/// The desired state of an object, in the vendor's fields.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Translated {
    /// The value of the key field; `None` if it could not be derived (then there is a violation).
    pub key: Option<String>,
    /// Every field with a value, the key included, secrets and the state field not.
    pub fields: Map<String, Value>,
    /// The items of each collection, by its name; a collection without a source has none.
    pub collections: BTreeMap<String, Vec<Map<String, Value>>>,
    /// Secret fields of the table.
    pub secrets: Vec<SecretField>,
    /// Whether the account is to be usable (`active`; absent means yes).
    pub active: bool,
    /// What was left out or shortened, for the operator.
    pub notes: Vec<String>,
    /// Rules that the resource breaks: it cannot be represented here.
    pub violations: Vec<Violation>,
}

/// A secret field, whose value never passes through the translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretField {
    /// The vendor's field.
    pub name: String,
    /// The length of a generated value, and the characters it is made of (every class of
    /// characters that occurs in the alphabet occurs in the value).
    pub generate: Option<(usize, String)>,
    /// The longest value that the vendor takes, in characters.
    pub max_length: Option<usize>,
    /// Characters that the vendor refuses.
    pub forbidden: String,
    /// Whether it may be sent after the creation.
    pub changeable: bool,
}

/// A rule that a resource breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The vendor's field.
    pub field: String,
    /// A whole sentence: attribute, value, rule, remedy.
    pub message: String,
}
