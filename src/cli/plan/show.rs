//! A plan for people and for scripts; secrets are masked.

use serde_json::{Value, json};

use super::draft::{Draft, Outcome};
use super::subject::PlannedResource;
use crate::vendor::{RenderedRequest, mask};

/// The plan as text: an appliance a paragraph, a call a line, its body below.
pub(super) fn text(resource: &PlannedResource, drafts: &[Draft]) -> String {
    let mut lines = vec![heading(resource)];
    for draft in drafts {
        lines.push(String::new());
        lines.push(format!(
            "{} ({}): {}",
            draft.appliance,
            draft.vendor,
            sentence(draft)
        ));
        for call in &draft.calls {
            lines.extend(call_lines(call));
        }
        for violation in &draft.violations {
            lines.push(format!(
                "  rule: {}: {}",
                violation.field, violation.message
            ));
        }
        for note in &draft.notes {
            lines.push(format!("  note: {note}"));
        }
    }
    lines.join("\n")
}

/// The plan for an appliance as JSON.
pub(super) fn json(draft: &Draft) -> Value {
    json!({
        "appliance": draft.appliance,
        "vendor": draft.vendor,
        "outcome": draft.outcome.as_str(),
        "reason": draft.reason,
        "key": draft.key,
        "calls": draft.calls.iter().map(call_json).collect::<Vec<_>>(),
        "violations": draft
            .violations
            .iter()
            .map(|violation| json!({"field": violation.field, "message": violation.message}))
            .collect::<Vec<_>>(),
        "notes": draft.notes,
    })
}

fn heading(resource: &PlannedResource) -> String {
    let kind = resource.kind.as_str();
    let mut heading = format!("{kind} {:?}", resource.name());
    if !resource.groups.is_empty() {
        let groups: Vec<String> = resource
            .groups
            .iter()
            .map(|group| format!("{:?}", group.display))
            .collect();
        heading.push_str(&format!(", in {}", groups.join(", ")));
    }
    heading
}

fn sentence(draft: &Draft) -> String {
    let what = match (draft.outcome, &draft.key) {
        (Outcome::OutOfScope, _) => "out of scope".to_owned(),
        (Outcome::NoAccount, _) => "no account".to_owned(),
        (Outcome::Create, Some(key)) => format!("create {key:?}"),
        (Outcome::Create, None) => "create".to_owned(),
        (Outcome::Change, Some(key)) => format!("change {key:?}"),
        (Outcome::Change, None) => "change".to_owned(),
        (Outcome::InSync, _) => "nothing to do".to_owned(),
        (Outcome::Held, _) => "held".to_owned(),
        (Outcome::Refused, _) => "refused".to_owned(),
        (Outcome::Failed, _) => "could not look".to_owned(),
    };
    match &draft.reason {
        Some(reason) => format!("{what}; {reason}"),
        None => what,
    }
}

fn call_lines(call: &RenderedRequest) -> Vec<String> {
    let shown = mask(call);
    let part = |name| shown.get(name).and_then(Value::as_str);
    let asked = match (part("call"), part("path")) {
        (Some(called), _) => called.to_owned(),
        (None, path) => format!("{} {}", call.method, path.unwrap_or(&call.path)),
    };
    let mut lines = vec![format!("  {:<8} {asked}", call.operation.as_str())];
    if let Some(body) = shown.get("body").or_else(|| shown.get("params")) {
        lines.push(format!("           {body}"));
    }
    lines
}

fn call_json(call: &RenderedRequest) -> Value {
    let mut shown = mask(call);
    if let Value::Object(object) = &mut shown {
        object.insert("operation".to_owned(), Value::from(call.operation.as_str()));
    }
    shown
}
