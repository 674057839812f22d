//! `choose`: the first group or role that a resource has decides the value.

use serde_json::{Map, Value};

use super::super::profile::Section;
use super::super::translated::SubjectGroup;
use crate::scim::fold;

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
    /// A value of `roles`.
    Role(String),
}

impl Choice {
    /// Reads `{ group = "...", value = ... }` or `{ role = "...", value = ... }`.
    pub(super) fn compile(section: &Section<'_>) -> Option<Self> {
        let group = section.text("group");
        let role = section.text("role");
        let value = section.json("value");
        let condition = match (group, role) {
            (Some(group), None) => Condition::Group(group),
            (None, Some(role)) => Condition::Role(role),
            _ => {
                section.problem(
                    "group",
                    "a choice has one condition",
                    "give either group or role",
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

    fn applies(&self, document: &Map<String, Value>, groups: &[SubjectGroup]) -> bool {
        match &self.condition {
            Condition::Group(name) => groups.iter().any(|group| {
                fold(&group.display) == fold(name)
                    || group.external_id.as_deref() == Some(name.as_str())
            }),
            Condition::Role(name) => {
                document
                    .get("roles")
                    .and_then(Value::as_array)
                    .is_some_and(|roles| {
                        roles
                            .iter()
                            .filter_map(|role| role.get("value").and_then(Value::as_str))
                            .any(|role| fold(role) == fold(name))
                    })
            }
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
