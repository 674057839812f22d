//! `choose`: the first group, role or entitlement that a resource has decides the value.

use serde_json::{Map, Value};

use super::super::profile::Section;
use super::super::translated::SubjectGroup;
use crate::scim::assignable::AssignableKind;
use crate::scim::{fold, folds_alike};

/// One line of a `choose`.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    condition: Condition,
    value: Value,
}

#[derive(Debug, Clone)]
enum Condition {
    /// A group by its name, in any case, or by its external id.
    Group(String),
    /// A value of `roles` or `entitlements`.
    Assigned(AssignableKind, String),
}

impl Choice {
    /// Reads `{ group = "...", value = ... }`; `role` or `entitlement` may stand for `group`.
    pub(super) fn compile(section: &Section<'_>) -> Option<Self> {
        let group = section.text("group");
        let role = section.text("role");
        let entitlement = section.text("entitlement");
        let value = section.json("value");
        let condition = match (group, role, entitlement) {
            (Some(group), None, None) => Condition::Group(group),
            (None, Some(role), None) => Condition::Assigned(AssignableKind::Role, role),
            (None, None, Some(name)) => Condition::Assigned(AssignableKind::Entitlement, name),
            _ => {
                section.problem(
                    "group",
                    "a choice has one condition",
                    "give one of group, role and entitlement",
                );
                return None;
            }
        };
        if value.is_none() {
            section.problem("value", "the choice has no value", "add value");
        }
        Some(Self {
            condition,
            value: value?,
        })
    }

    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    pub(super) fn reads_groups(&self) -> bool {
        matches!(self.condition, Condition::Group(_))
    }

    /// Whether it asks for this role or entitlement.
    pub(super) fn asks_for(&self, kind: AssignableKind, value: &str) -> bool {
        match &self.condition {
            Condition::Assigned(of, name) => *of == kind && folds_alike(name, value),
            Condition::Group(_) => false,
        }
    }

    fn applies(&self, document: &Map<String, Value>, groups: &[SubjectGroup]) -> bool {
        match &self.condition {
            Condition::Group(name) => groups.iter().any(|group| {
                fold(&group.display) == fold(name)
                    || group.external_id.as_deref() == Some(name.as_str())
            }),
            Condition::Assigned(kind, name) => document
                .get(kind.attribute())
                .and_then(Value::as_array)
                .is_some_and(|assigned| {
                    assigned
                        .iter()
                        .filter_map(|one| one.get("value").and_then(Value::as_str))
                        .any(|value| folds_alike(value, name))
                }),
        }
    }
}

/// The value of the first choice that applies.
pub(super) fn choose<'a>(
    choices: &'a [Choice],
    document: &Map<String, Value>,
    groups: &[SubjectGroup],
) -> Option<&'a Value> {
    choices
        .iter()
        .find(|choice| choice.applies(document, groups))
        .map(|choice| &choice.value)
}
