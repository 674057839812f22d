//! Members of groups, in every form in which clients name them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::scim::document::json_type;
use crate::scim::error::Shown;
use crate::scim::{ResourceKind, ScimError, Tolerance, Tolerated};

/// One member of a group, as a client names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The id of the member.
    pub value: String,
    /// The name that the client gave along.
    pub display: Option<String>,
    /// Whether the member is a user or a group, where the client said so.
    pub kind: Option<ResourceKind>,
}

/// Reads a list of members, one member, or nothing (null). Nobody is in it twice; an entry
/// without an id, as Entra sends with `"$ref": null`, is left out and counted.
///
/// # Errors
/// `invalidValue` where an entry is neither an object nor an id.
pub(crate) fn read_members(
    value: Value,
    tolerated: &mut Tolerated,
) -> Result<Vec<Member>, ScimError> {
    let entries = match value {
        Value::Array(entries) => entries,
        Value::Null => return Ok(Vec::new()),
        single => {
            tolerated.note(Tolerance::UnwrappedList, "members");
            vec![single]
        }
    };
    let mut seen = HashSet::with_capacity(entries.len());
    let mut members = Vec::with_capacity(entries.len());
    for entry in entries {
        match read_member(entry, tolerated)? {
            Some(member) if seen.insert(member.value.clone()) => members.push(member),
            Some(_) => {}
            None => tolerated.note(Tolerance::MemberWithoutValue, "members"),
        }
    }
    Ok(members)
}

fn read_member(entry: Value, tolerated: &mut Tolerated) -> Result<Option<Member>, ScimError> {
    match entry {
        Value::Object(fields) => read_fields(fields, tolerated),
        Value::String(value) => {
            tolerated.note(Tolerance::BareValue, "members");
            Ok((!value.is_empty()).then_some(Member {
                value,
                display: None,
                kind: None,
            }))
        }
        Value::Null => Ok(None),
        other => Err(wrong_type(
            "a member",
            "an object with the member's id in value",
            &other,
        )),
    }
}

fn read_fields(
    fields: Map<String, Value>,
    tolerated: &mut Tolerated,
) -> Result<Option<Member>, ScimError> {
    let (mut value, mut display, mut kind, mut reference) = (None, None, None, None);
    for (key, field) in fields {
        match key.to_ascii_lowercase().as_str() {
            "value" => value = read_text("members.value", field)?,
            "display" => display = read_text("members.display", field)?.or(display),
            "displayname" => {
                tolerated.note(Tolerance::DisplayAlias, "members.displayName");
                display = display.or(read_text("members.displayName", field)?);
            }
            "type" => kind = read_text("members.type", field)?,
            "$ref" => reference = read_text("members.$ref", field)?,
            _ => tolerated.note(
                Tolerance::UnknownAttribute,
                format_args!("members.{}", Shown(&key)),
            ),
        }
    }
    let kind = kind
        .as_deref()
        .and_then(kind_by_name)
        .or_else(|| reference.as_deref().and_then(kind_by_reference));
    Ok(value.map(|value| Member {
        value,
        display,
        kind,
    }))
}

fn read_text(place: &str, value: Value) -> Result<Option<String>, ScimError> {
    match value {
        Value::String(text) => Ok((!text.is_empty()).then_some(text)),
        Value::Null => Ok(None),
        other => Err(wrong_type(place, "a string", &other)),
    }
}

fn kind_by_name(name: &str) -> Option<ResourceKind> {
    [ResourceKind::User, ResourceKind::Group]
        .into_iter()
        .find(|kind| kind.as_str().eq_ignore_ascii_case(name))
}

/// RFC 7643 §4.2: `$ref` is the URL of the member, and so goes by its endpoint.
fn kind_by_reference(reference: &str) -> Option<ResourceKind> {
    [ResourceKind::User, ResourceKind::Group]
        .into_iter()
        .find(|kind| {
            reference
                .split('/')
                .any(|segment| segment.eq_ignore_ascii_case(kind.endpoint()))
        })
}

fn wrong_type(place: &str, expected: &str, actual: &Value) -> ScimError {
    ScimError::invalid_value(format!(
        "{place} must be {expected}, not {}",
        json_type(actual)
    ))
}
