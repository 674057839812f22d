//! `choose`: the groups or roles that a resource has decide the value.

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

/// Which of several lines that apply decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    /// The one that stands first.
    First,
    /// The one whose value stands last in the row's `one_of`: the least of the privileges.
    Least,
    /// All of them together, as a list.
    All,
}

/// The lines of a `choose`.
#[derive(Debug, Clone)]
pub(super) struct Chooser {
    pub(super) choices: Vec<Choice>,
    pub(super) default: Option<Value>,
    pub(super) pick: Pick,
}

impl Chooser {
    /// Reads `choose`, `default` and `pick`, which is `otherwise` where the section does not say.
    pub(super) fn compile(section: &Section<'_>, otherwise: Pick) -> Self {
        let pick = section.choice(
            "pick",
            &[
                ("first", Pick::First),
                ("least", Pick::Least),
                ("all", Pick::All),
            ],
        );
        Self {
            choices: section
                .sections("choose")
                .iter()
                .filter_map(Choice::compile)
                .collect(),
            default: section.json("default"),
            pick: pick.unwrap_or(otherwise),
        }
    }

    /// The values that stand in the profile, with the key that gives them.
    pub(super) fn fixed_values(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.choices
            .iter()
            .map(|choice| ("choose", &choice.value))
            .chain(self.default.iter().map(|value| ("default", value)))
    }

    /// The value for a resource. `ranks` are the values of the row from the greatest privilege to
    /// the least.
    pub(super) fn value(
        &self,
        ranks: &[Value],
        document: &Map<String, Value>,
        groups: &[SubjectGroup],
    ) -> Option<Value> {
        let mut applying = self
            .choices
            .iter()
            .filter(|choice| choice.applies(document, groups))
            .map(|choice| &choice.value)
            .peekable();
        if applying.peek().is_none() {
            return self.default.clone();
        }
        match self.pick {
            Pick::First => applying.next().cloned(),
            Pick::Least => applying
                .max_by_key(|value| ranks.iter().position(|rank| rank == *value))
                .cloned(),
            Pick::All => Some(Value::Array(united(applying))),
        }
    }
}

/// Every value once; a list gives its elements.
fn united<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let mut all = Vec::new();
    for value in values {
        let elements = match value {
            Value::Array(list) => list.as_slice(),
            single => std::slice::from_ref(single),
        };
        for element in elements {
            if !all.contains(element) {
                all.push(element.clone());
            }
        }
    }
    all
}
