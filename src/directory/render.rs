//! Resources as clients see them.
//!
//! The store keeps a resource ready to be sent, less what other rows decide. Those parts are
//! spliced in as text; nothing is parsed unless a projection asks for less than everything.

use serde::Serialize;
use serde_json::{Map, Value};

use super::additions::{Additions, Reference};
use super::error::DirectoryError;
use crate::scim::ResourceKind;
use crate::scim::query::Projection;
use crate::scim::schema::SchemaSet;
use crate::store::{MemberReference, StoredResource};

/// What a rendering depends on besides the resource.
#[derive(Clone, Copy)]
pub(super) struct Rendering<'a> {
    /// The URL of the endpoint as the client sees it, such as `https://host/scim/v2`.
    pub base: &'a str,
    /// Which attributes.
    pub projection: &'a Projection,
    /// The schemas.
    pub schemas: &'a SchemaSet,
    /// Whether an empty `members` is shown as `[]`: only after the last member was taken out
    /// (RFC 7643 §2.5 makes both the same state, but clients check what they did).
    pub empty_members: bool,
}

/// The attribute that other rows decide.
pub(super) fn relation_attribute(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "groups",
        ResourceKind::Group => "members",
    }
}

/// Whether the relations (`groups` of a user, `members` of a group) have to be read.
pub(super) fn wants_relations(kind: ResourceKind, projection: &Projection) -> bool {
    projection.wants(relation_attribute(kind))
}

/// The resource as JSON text.
pub(super) fn render(
    resource: &StoredResource,
    rendering: Rendering<'_>,
) -> Result<String, DirectoryError> {
    let additions = Additions::of(resource, rendering.base, rendering.empty_members);
    if rendering.projection.is_everything() && !rendering.schemas.conceals(resource.kind) {
        return splice(resource, &additions);
    }
    let mut whole = merge(resource, &additions)?;
    rendering
        .projection
        .apply(&mut whole, resource.kind, rendering.schemas);
    text_of(&resource.id, &whole)
}

/// The resource as an object, with `groups` or `members` (as far as they were read) and `meta`.
pub(super) fn complete(
    resource: &StoredResource,
    base: &str,
) -> Result<Map<String, Value>, DirectoryError> {
    merge(resource, &Additions::of(resource, base, false))
}

/// The stored document as an object.
pub(super) fn parse_document(
    resource: &StoredResource,
) -> Result<Map<String, Value>, DirectoryError> {
    serde_json::from_str(&resource.document).map_err(|error| corrupt(&resource.id, &error))
}

/// A document as the store keeps it.
pub(super) fn text_of(id: &str, document: &impl Serialize) -> Result<String, DirectoryError> {
    serde_json::to_string(document).map_err(|error| corrupt(id, &error))
}

/// A member as its group shows it, for the filter of a PATCH.
pub(super) fn member_value(member: &MemberReference, base: &str) -> Value {
    serde_json::to_value(Reference::to_member(member, base)).unwrap_or_default()
}

fn merge(
    resource: &StoredResource,
    additions: &Additions<'_>,
) -> Result<Map<String, Value>, DirectoryError> {
    let mut whole = parse_document(resource)?;
    let added = serde_json::to_value(additions).map_err(|error| corrupt(&resource.id, &error))?;
    if let Value::Object(added) = added {
        whole.extend(added);
    }
    Ok(whole)
}

/// `{"schemas":…,"id":…}` and `{"meta":…}` become one object. A document holds at least `schemas`
/// and `id`, so that the comma is always right.
fn splice(resource: &StoredResource, additions: &Additions<'_>) -> Result<String, DirectoryError> {
    let added = text_of(&resource.id, additions)?;
    let open = resource.document.trim_end().strip_suffix('}');
    let (Some(open), Some(added)) = (open, added.strip_prefix('{')) else {
        return Err(corrupt(&resource.id, &"it is no JSON object"));
    };
    Ok([open, ",", added].concat())
}

fn corrupt(id: &str, reason: &impl ToString) -> DirectoryError {
    DirectoryError::Corrupt {
        id: id.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Rendering, complete, render};
    use crate::scim::ResourceKind;
    use crate::scim::query::Projection;
    use crate::scim::schema::SchemaSet;
    use crate::store::{MemberReference, Relations, StoredResource};

    fn group() -> StoredResource {
        let member = MemberReference {
            id: "u-1".to_owned(),
            kind: ResourceKind::User,
            display: Some("Jane \"JD\" Doe".to_owned()),
        };
        StoredResource {
            sequence: 1,
            directory: "default".to_owned(),
            kind: ResourceKind::Group,
            id: "g-1".to_owned(),
            version: 7,
            created_ms: 0,
            modified_ms: 1_500,
            activations: 0,
            document: r#"{"schemas":["urn:g"],"id":"g-1","displayName":"Ops"}"#.to_owned(),
            relations: Relations {
                groups: Vec::new(),
                members: vec![member],
            },
        }
    }

    #[test]
    fn splicing_and_merging_say_the_same() {
        let (group, schemas) = (group(), SchemaSet::core());
        let rendering = Rendering {
            base: "https://host/scim/v2",
            projection: &Projection::everything(),
            schemas: &schemas,
            empty_members: false,
        };
        let text = render(&group, rendering).unwrap();
        let spliced: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            spliced,
            Value::Object(complete(&group, rendering.base).unwrap())
        );
        assert_eq!(
            spliced,
            json!({
                "schemas": ["urn:g"], "id": "g-1", "displayName": "Ops",
                "members": [{
                    "value": "u-1", "$ref": "https://host/scim/v2/Users/u-1", "type": "User",
                    "display": "Jane \"JD\" Doe",
                }],
                "meta": {
                    "resourceType": "Group", "location": "https://host/scim/v2/Groups/g-1",
                    "created": "1970-01-01T00:00:00.000Z",
                    "lastModified": "1970-01-01T00:00:01.500Z", "version": "W/\"7\"",
                },
            })
        );
    }
}
