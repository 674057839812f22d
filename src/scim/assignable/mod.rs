//! Roles and entitlements that users can be given: `/Roles` and `/Entitlements`, as Okta imports
//! them ("Build a SCIM 2.0 server with entitlements", developer.okta.com).
//!
//! RFC 7643 §4.1.2 has both as attributes of users, but no way to tell which values there are. What
//! is listed here is what an administrator can choose from; it comes back as the `value` of an
//! element of `roles` or `entitlements`.

mod definition;
#[cfg(test)]
mod tests;

use scim_filter_parser::{Filter, Path};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::filter::{matches_element, note_selector, unknown_in_element, validate_within};
use super::fold;
use super::query::{Projection, SortKey};
use super::schema::Schema;
use super::{ScimError, Tolerance, Tolerated};

/// What users can be given besides memberships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssignableKind {
    /// An element of `roles`.
    Role,
    /// An element of `entitlements`.
    Entitlement,
}

impl AssignableKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Role, Self::Entitlement];

    /// `Role` or `Entitlement`: the name of the resource type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "Role",
            Self::Entitlement => "Entitlement",
        }
    }

    /// `Roles` or `Entitlements`: the last segment of the endpoint.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::Role => "Roles",
            Self::Entitlement => "Entitlements",
        }
    }

    /// The attribute of a user that holds what it has been given.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Role => "roles",
            Self::Entitlement => "entitlements",
        }
    }

    /// Okta's URN of the core schema.
    pub fn schema_urn(self) -> &'static str {
        match self {
            Self::Role => "urn:okta:scim:schemas:core:1.0:Role",
            Self::Entitlement => "urn:okta:scim:schemas:core:1.0:Entitlement",
        }
    }

    /// What the resource type holds, for people.
    pub fn description(self) -> &'static str {
        match self {
            Self::Role => "Roles that users can be given.",
            Self::Entitlement => "Entitlements that users can be given.",
        }
    }

    /// The schema, for `/Schemas`.
    pub fn schema(self) -> &'static Schema {
        &definition::of(self).schema
    }
}

/// A role or entitlement on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignable {
    /// Which of the two.
    pub kind: AssignableKind,
    /// What an assignment says of it: its id.
    pub value: String,
    /// Its name, for people.
    pub display: String,
    /// What kind of role or entitlement it is.
    pub category: Option<String>,
    /// What it allows, for people.
    pub description: Option<String>,
}

impl Assignable {
    /// The resource without `meta`.
    fn document(&self) -> Map<String, Value> {
        let mut document = Map::new();
        let mut add = |name: &str, value: Value| document.insert(name.to_owned(), value);
        add("schemas", json!([self.kind.schema_urn()]));
        add("id", Value::from(self.value.as_str()));
        add("displayName", Value::from(self.display.as_str()));
        for (name, value) in [("type", &self.category), ("description", &self.description)] {
            if let Some(value) = value {
                add(name, Value::from(value.as_str()));
            }
        }
        document
    }

    /// The resource as a client wants it. `id` and `schemas` are always in it (RFC 7643 §3.1).
    pub fn render(&self, location: &str, entity_tag: &str, projection: &Projection) -> Value {
        let mut document = self.document();
        document.insert(
            "meta".to_owned(),
            json!({
                "resourceType": self.kind.as_str(),
                "location": location,
                "version": entity_tag,
            }),
        );
        document
            .retain(|name, _| matches!(name.as_str(), "schemas" | "id") || projection.wants(name));
        Value::Object(document)
    }

    /// A number that changes with whatever the resource says.
    pub fn version(&self) -> i64 {
        let digest = Sha256::digest(Value::Object(self.document()).to_string());
        // Six bytes are a number that no JSON parser rounds.
        let bytes = digest.iter().take(6);
        bytes.fold(0, |number, byte| number << 8 | i64::from(*byte))
    }

    /// Whether it satisfies a filter.
    pub fn matches(&self, filter: &Filter) -> bool {
        let element = Value::Object(self.document());
        matches_element(filter, &definition::of(self.kind).element, &element)
    }

    /// What it is sorted by (RFC 7644 §3.4.2.3).
    pub fn sort_key(&self, path: &Path) -> Option<SortKey> {
        let Path::Attribute(path) = path else {
            return None;
        };
        let attribute = definition::of(self.kind)
            .element
            .sub_attribute(&path.name)?;
        let value = self.document();
        let text = value.get(&attribute.name)?.as_str()?;
        Some(SortKey::Text(match attribute.case_exact() {
            true => text.to_owned(),
            false => fold(text),
        }))
    }
}

/// Judges a filter on a list of these.
///
/// # Errors
/// `InvalidFilter` where it compares what cannot be compared.
pub fn judge_filter(
    filter: &Filter,
    kind: AssignableKind,
    tolerated: &mut Tolerated,
) -> Result<(), ScimError> {
    let element = &definition::of(kind).element;
    validate_within(filter, element)?;
    for name in unknown_in_element(filter, element) {
        tolerated.note(Tolerance::UnknownFilterAttribute, name);
    }
    note_selector(filter, element, tolerated);
    Ok(())
}
