//! The values by which the store finds a resource.

use serde_json::{Map, Value};

use crate::scim::{ResourceKind, fold};
use crate::store::IndexKeys;

/// The attribute that is unique among the resources of a kind: `userName` by RFC 7643 §4.1.1,
/// a group's `displayName` because identity providers join groups by it.
pub(super) fn unique_attribute(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "userName",
        ResourceKind::Group => "displayName",
    }
}

/// Reads the look-up values out of a document.
pub(super) fn index_keys(
    kind: ResourceKind,
    document: &Map<String, Value>,
    unique_group_names: bool,
) -> IndexKeys {
    let display = text(document, "displayName");
    let unique = kind == ResourceKind::User || unique_group_names;
    IndexKeys {
        name: text(document, unique_attribute(kind))
            .filter(|_| unique)
            .map(fold),
        display_name: display.map(fold),
        display: display.map(str::to_owned),
        external_id: text(document, "externalId").map(str::to_owned),
        emails: emails(document),
    }
}

/// Whether a user may log in; a user that says nothing may (RFC 7643 §4.1.1 leaves it open).
pub(super) fn is_active(document: &Map<String, Value>) -> bool {
    document.get("active").and_then(Value::as_bool) != Some(false)
}

/// A top-level string attribute.
pub(super) fn text<'a>(document: &'a Map<String, Value>, attribute: &str) -> Option<&'a str> {
    document.get(attribute).and_then(Value::as_str)
}

fn emails(document: &Map<String, Value>) -> Vec<String> {
    let mut folded: Vec<String> = document
        .get("emails")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|email| email.get("value").and_then(Value::as_str))
        .map(fold)
        .collect();
    folded.sort_unstable();
    folded.dedup();
    folded
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::index_keys;
    use crate::scim::ResourceKind;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_user_is_found_by_name_and_addresses_in_any_case() {
        let document = object(json!({
            "userName": "Jane.Doe@Corp.example", "displayName": "Jane Doe", "externalId": "00uA",
            "emails": [{"value": "Jane@Corp.example"}, {"value": "jane@corp.EXAMPLE"}, {"type": "work"}],
        }));
        let keys = index_keys(ResourceKind::User, &document, true);
        assert_eq!(keys.name.as_deref(), Some("jane.doe@corp.example"));
        assert_eq!(keys.display_name.as_deref(), Some("jane doe"));
        assert_eq!(keys.display.as_deref(), Some("Jane Doe"));
        assert_eq!(keys.external_id.as_deref(), Some("00uA"), "case-exact");
        assert_eq!(keys.emails, ["jane@corp.example"]);
    }

    #[test]
    fn group_names_are_unique_only_if_the_directory_says_so() {
        let document = object(json!({"displayName": "Night Shift"}));
        let unique = index_keys(ResourceKind::Group, &document, true);
        assert_eq!(unique.name.as_deref(), Some("night shift"));
        let free = index_keys(ResourceKind::Group, &document, false);
        assert_eq!(free.name, None);
        assert_eq!(free.display_name.as_deref(), Some("night shift"));
    }
}
