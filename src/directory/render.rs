//! Resources as clients see them.
//!
//! The store keeps a resource ready to be sent, less what other rows decide. Those parts are
//! spliced in as text; nothing is parsed unless a projection asks for less than everything.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::error::DirectoryError;
use crate::scim::ResourceKind;
use crate::scim::query::Projection;
use crate::scim::schema::SchemaSet;
use crate::store::{GroupReference, MemberReference, StoredResource};

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

/// `https://host/scim/v2/Users/<id>`
pub(super) fn location(base: &str, kind: ResourceKind, id: &str) -> String {
    format!("{base}/{}/{id}", kind.endpoint())
}

/// The weak entity tag of RFC 7644 §3.14.
pub(super) fn entity_tag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// Whether the relations (`groups` of a user, `members` of a group) have to be read.
pub(super) fn wants_relations(kind: ResourceKind, projection: &Projection) -> bool {
    projection.wants(relation_attribute(kind))
}

/// The attribute that other rows decide.
pub(super) fn relation_attribute(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "groups",
        ResourceKind::Group => "members",
    }
}

/// The resource as JSON text.
pub(super) fn render(
    resource: &StoredResource,
    rendering: Rendering<'_>,
) -> Result<String, DirectoryError> {
    if rendering.projection.is_everything() {
        return splice(resource, rendering);
    }
    let mut whole = complete(resource, rendering.base)?;
    if rendering.empty_members && !whole.contains_key("members") {
        whole.insert("members".to_owned(), json!([]));
    }
    rendering
        .projection
        .apply(&mut whole, resource.kind, rendering.schemas);
    Ok(Value::Object(whole).to_string())
}

/// The resource as an object, with `groups` or `members` (as far as they were read) and `meta`.
pub(super) fn complete(
    resource: &StoredResource,
    base: &str,
) -> Result<Map<String, Value>, DirectoryError> {
    let mut whole = parse_document(resource)?;
    let relations: Vec<Value> = match resource.kind {
        ResourceKind::User => resource
            .relations
            .groups
            .iter()
            .map(|group| group_value(group, base))
            .collect(),
        ResourceKind::Group => resource
            .relations
            .members
            .iter()
            .map(|member| member_value(member, base))
            .collect(),
    };
    if !relations.is_empty() {
        whole.insert(
            relation_attribute(resource.kind).to_owned(),
            Value::Array(relations),
        );
    }
    whole.insert("meta".to_owned(), meta(resource, base));
    Ok(whole)
}

/// The stored document as an object.
pub(super) fn parse_document(
    resource: &StoredResource,
) -> Result<Map<String, Value>, DirectoryError> {
    serde_json::from_str(&resource.document).map_err(|error| DirectoryError::Corrupt {
        id: resource.id.clone(),
        reason: error.to_string(),
    })
}

/// A member as its group shows it.
pub(super) fn member_value(member: &MemberReference, base: &str) -> Value {
    let mut value = json!({
        "value": member.id,
        "$ref": location(base, member.kind, &member.id),
        "type": member.kind.as_str(),
    });
    add_display(&mut value, member.display.as_deref());
    value
}

fn group_value(group: &GroupReference, base: &str) -> Value {
    json!({
        "value": group.id,
        "$ref": location(base, ResourceKind::Group, &group.id),
        "display": group.display,
        "type": if group.direct { "direct" } else { "indirect" },
    })
}

fn add_display(value: &mut Value, display: Option<&str>) {
    if let (Value::Object(object), Some(display)) = (value, display) {
        object.insert("display".to_owned(), Value::String(display.to_owned()));
    }
}

fn meta(resource: &StoredResource, base: &str) -> Value {
    json!({
        "resourceType": resource.kind.as_str(),
        "created": timestamp(resource.created_ms),
        "lastModified": timestamp(resource.modified_ms),
        "location": location(base, resource.kind, &resource.id),
        "version": entity_tag(resource.version),
    })
}

/// Always with three digits after the second, so that equal lengths sort as text too.
fn timestamp(milliseconds: i64) -> String {
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}

fn splice(resource: &StoredResource, rendering: Rendering<'_>) -> Result<String, DirectoryError> {
    let open = resource
        .document
        .trim_end()
        .strip_suffix('}')
        .ok_or_else(|| DirectoryError::Corrupt {
            id: resource.id.clone(),
            reason: "it is no JSON object".to_owned(),
        })?;
    let relations = match resource.kind {
        ResourceKind::User => resource.relations.groups.len(),
        ResourceKind::Group => resource.relations.members.len(),
    };
    let mut text = String::with_capacity(open.len() + 320 + relations * 200);
    text.push_str(open);
    // A document holds at least `schemas` and `id`, so a comma is always right here.
    match resource.kind {
        ResourceKind::User => {
            let groups = resource
                .relations
                .groups
                .iter()
                .map(|group| group_value(group, rendering.base));
            push_list(&mut text, "groups", groups, false);
        }
        ResourceKind::Group => {
            let members = resource
                .relations
                .members
                .iter()
                .map(|member| member_value(member, rendering.base));
            push_list(&mut text, "members", members, rendering.empty_members);
        }
    }
    push_part(&mut text, ",\"meta\":", &meta(resource, rendering.base));
    text.push('}');
    Ok(text)
}

fn push_list(
    text: &mut String,
    attribute: &str,
    values: impl Iterator<Item = Value>,
    show_empty: bool,
) {
    let mut values = values.peekable();
    if values.peek().is_none() && !show_empty {
        return;
    }
    text.push_str(",\"");
    text.push_str(attribute);
    text.push_str("\":[");
    let mut separator = "";
    for value in values {
        push_part(text, separator, &value);
        separator = ",";
    }
    text.push(']');
}

fn push_part(text: &mut String, before: &str, value: &Value) {
    // Writing to a String cannot fail.
    let _infallible = write!(text, "{before}{value}");
}
