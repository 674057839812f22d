//! What an answer means: the profile's rows first, then the status or the JSON-RPC code.

mod defaults;
mod pattern;

pub(crate) use pattern::AnswerPattern;

use serde_json::Value;

use super::class::FailureClass;
use super::exchange::{Answer, Operation};
use super::pointer::Pointer;
use super::profile::Section;
use super::transport::TransportKind;

/// The longest text of an answer that is shown, in characters.
const SHOWN_LIMIT: usize = 300;

/// JSON-RPC 2.0 §5.1.
const INTERNAL_ERROR: i64 = -32603;

/// A failed answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// What happens next follows from this.
    pub class: FailureClass,
    /// What the profile lets show of the body: way and value of its showable pointers.
    pub shown: Option<String>,
}

/// One row: it is about these operations, or all, and about answers of this kind.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    operations: Vec<Operation>,
    pattern: AnswerPattern,
    class: FailureClass,
}

/// The rows of a profile and what may be shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdicts {
    rows: Vec<Verdict>,
    showable: Vec<Pointer>,
    secret_fields: Vec<String>,
}

impl Verdicts {
    /// Reads `[[verdict]]` and `showable`. Ways through `secret_fields` are never shown.
    pub(crate) fn compile(
        root: &Section<'_>,
        secret_fields: Vec<String>,
        kind: TransportKind,
    ) -> Self {
        Self {
            rows: root
                .sections("verdict")
                .iter()
                .filter_map(|section| Verdict::compile(section, kind))
                .collect(),
            showable: root.pointers("showable").unwrap_or_default(),
            secret_fields,
        }
    }

    /// `None` if the call succeeded.
    pub(crate) fn classify(&self, operation: Operation, answer: &Answer) -> Option<Classified> {
        let class = self
            .rows
            .iter()
            .find(|row| row.applies(operation, answer))
            .map(|row| row.class)
            .or_else(|| defaults::class(operation, answer))?;
        Some(Classified {
            class,
            shown: self.shown(answer),
        })
    }

    fn shown(&self, answer: &Answer) -> Option<String> {
        // A server that broke down talks of its insides: statements, traces, other people's data.
        if answer.status >= 500 || answer.code == Some(INTERNAL_ERROR) {
            return None;
        }
        let body = answer.body.as_ref()?;
        let texts: Vec<String> = self
            .showable
            .iter()
            .flat_map(|pointer| pointer.find_all(body))
            .filter_map(|(way, value)| {
                let way = way.trim_start_matches('/').to_owned();
                if self.secret_fields.iter().any(|field| way.contains(field)) {
                    return Some(format!("{way}: (not shown)"));
                }
                match value {
                    Value::String(text) if text.is_empty() => None,
                    Value::String(text) => Some(format!("{way}: {text}")),
                    Value::Number(number) => Some(format!("{way}: {number}")),
                    Value::Bool(boolean) => Some(format!("{way}: {boolean}")),
                    _ => None,
                }
            })
            .collect();
        let text = texts.join("; ");
        // Control characters of a peer have no business in logs and terminals.
        let clipped: String = text
            .chars()
            .map(|character| {
                if character.is_control() {
                    ' '
                } else {
                    character
                }
            })
            .take(SHOWN_LIMIT)
            .collect();
        (!clipped.is_empty()).then_some(clipped)
    }
}

impl Verdict {
    fn compile(section: &Section<'_>, kind: TransportKind) -> Option<Self> {
        let operations = operations(section);
        let pattern = AnswerPattern::compile(section, kind);
        Some(Self {
            class: class(section, "class")?,
            operations,
            pattern,
        })
    }

    fn applies(&self, operation: Operation, answer: &Answer) -> bool {
        (self.operations.is_empty() || self.operations.contains(&operation))
            && self.pattern.applies(answer)
    }
}

fn operations(section: &Section<'_>) -> Vec<Operation> {
    section
        .texts("operations")
        .unwrap_or_default()
        .iter()
        .filter_map(|name| operation(section, "operations", name))
        .collect()
}

/// The operation of that name; reported if there is none.
pub(crate) fn operation(section: &Section<'_>, key: &str, name: &str) -> Option<Operation> {
    const ALL: [Operation; 22] = [
        Operation::Probe,
        Operation::Login,
        Operation::Logout,
        Operation::WhoAmI,
        Operation::Find,
        Operation::Read,
        Operation::List,
        Operation::Create,
        Operation::Update,
        Operation::Rename,
        Operation::Disable,
        Operation::Enable,
        Operation::Delete,
        Operation::ListMembers,
        Operation::AddMember,
        Operation::RemoveMember,
        Operation::ListItems,
        Operation::AddItem,
        Operation::RemoveItem,
        Operation::ListHeld,
        Operation::Revoke,
        Operation::LookUp,
    ];
    section.chosen(
        key,
        name,
        &ALL.map(|operation| (operation.as_str(), operation)),
    )
}

/// The failure class that a key names; reported if there is none.
pub(crate) fn class(section: &Section<'_>, key: &'static str) -> Option<FailureClass> {
    section.required_choice(key, &FailureClass::ALL.map(|class| (class.as_str(), class)))
}

#[cfg(test)]
mod tests;
