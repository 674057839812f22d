//! What an answer means: the profile's rows first, then the status.

use regex::Regex;
use serde_json::Value;

use super::class::FailureClass;
use super::exchange::{Answer, Operation};
use super::pointer::Pointer;
use super::profile::Section;

/// The longest text of an answer that is shown, in characters.
const SHOWN_LIMIT: usize = 300;

/// A failed answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// What happens next follows from this.
    pub class: FailureClass,
    /// What the profile lets show of the body: way and value of its showable pointers.
    pub shown: Option<String>,
}

/// One row: all of its conditions hold, or it does not match.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    statuses: Vec<u16>,
    operations: Vec<Operation>,
    at: Vec<Pointer>,
    is: Option<Value>,
    matches: Option<Regex>,
    way: Option<Regex>,
    header: Option<(String, Regex)>,
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
    pub(crate) fn compile(root: &Section<'_>, secret_fields: Vec<String>) -> Self {
        Self {
            rows: root
                .sections("verdict")
                .iter()
                .filter_map(Verdict::compile)
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
            .or_else(|| by_status(operation, answer))?;
        Some(Classified {
            class,
            shown: self.shown(answer),
        })
    }

    fn shown(&self, answer: &Answer) -> Option<String> {
        // A server that broke down talks of its insides: statements, traces, other people's data.
        if answer.status >= 500 {
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
    fn compile(section: &Section<'_>) -> Option<Self> {
        let statuses = statuses(section);
        let operations = operations(section);
        let row = Self {
            at: section.pointers("at").unwrap_or_default(),
            is: section.json("is"),
            matches: section.regex("matches"),
            way: section.regex("key"),
            header: header(section),
            class: class(section, "class")?,
            statuses,
            operations,
        };
        if row.at.is_empty() && (row.is.is_some() || row.matches.is_some() || row.way.is_some()) {
            section.problem(
                "at",
                "is, matches and key are about a value, and no pointer says which",
                "add at",
            );
        }
        if row.statuses.is_empty() && row.at.is_empty() && row.header.is_none() {
            section.problem(
                "status",
                "the row matches every answer, successes too",
                "give a status, a pointer or a header",
            );
        }
        Some(row)
    }

    fn applies(&self, operation: Operation, answer: &Answer) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&answer.status))
            && (self.operations.is_empty() || self.operations.contains(&operation))
            && self.header.as_ref().is_none_or(|(name, pattern)| {
                answer
                    .header(name)
                    .is_some_and(|value| pattern.is_match(value))
            })
            && (self.at.is_empty() || self.body_applies(answer))
    }

    fn body_applies(&self, answer: &Answer) -> bool {
        let Some(body) = &answer.body else {
            return false;
        };
        self.at
            .iter()
            .flat_map(|pointer| pointer.find_all(body))
            .any(|(way, value)| {
                self.is.as_ref().is_none_or(|wanted| wanted == value)
                    && self
                        .way
                        .as_ref()
                        .is_none_or(|pattern| pattern.is_match(&way))
                    && self
                        .matches
                        .as_ref()
                        .is_none_or(|pattern| pattern.is_match(&as_text(value)))
            })
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What a status means where no row says anything.
fn by_status(operation: Operation, answer: &Answer) -> Option<FailureClass> {
    let class = match answer.status {
        206 => FailureClass::Incomplete,
        200..=299 if answer.unreadable => FailureClass::Protocol,
        200..=299 => return None,
        // Only JSON proves absence, and only where one object was addressed: the 404 of a proxy
        // or of a moved API must not look like a deleted account.
        404 | 410 if answer.unreadable || !addresses_object(operation) => {
            return Some(FailureClass::Protocol);
        }
        404 | 410 => FailureClass::NotFound,
        401 => FailureClass::Unauthenticated,
        403 => FailureClass::Denied,
        409 => FailureClass::Conflict,
        429 => FailureClass::Throttled,
        408 | 500..=599 => FailureClass::Unavailable,
        400..=499 => FailureClass::Invalid,
        _ => FailureClass::Protocol,
    };
    // The appliance may have acted before it failed to say so.
    let lost = matches!(class, FailureClass::Protocol | FailureClass::Unavailable);
    Some(if lost && operation.writes() {
        FailureClass::Uncertain
    } else {
        class
    })
}

fn addresses_object(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Read
            | Operation::Update
            | Operation::Rename
            | Operation::Disable
            | Operation::Enable
            | Operation::Delete
            | Operation::ListMembers
            | Operation::AddMember
            | Operation::RemoveMember
            | Operation::ListItems
            | Operation::AddItem
            | Operation::RemoveItem
            | Operation::ListHeld
            | Operation::Revoke
    )
}

fn statuses(section: &Section<'_>) -> Vec<u16> {
    section
        .json_list("status")
        .iter()
        .filter_map(|value| {
            let status = value
                .as_u64()
                .and_then(|status| u16::try_from(status).ok())
                .filter(|status| (100..600).contains(status));
            if status.is_none() {
                section.problem(
                    "status",
                    format!("{value} is no HTTP status"),
                    "give a number from 100 to 599",
                );
            }
            status
        })
        .collect()
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

fn header(section: &Section<'_>) -> Option<(String, Regex)> {
    let inner = section.section("header")?;
    let name = inner.required_text("name");
    let pattern = inner.regex("pattern");
    Some((name?.to_lowercase(), pattern?))
}

#[cfg(test)]
mod tests;
