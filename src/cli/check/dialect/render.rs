//! A report for people.

use serde_json::Value;

use super::report::{PartReport, Report, StepReport, StepResult};

/// The longest body that is printed.
const LONGEST_BODY: usize = 2000;

/// The report; with the exchanges of the steps that hold only if `verbose`.
pub(super) fn text(report: &Report, verbose: bool) -> String {
    let mut lines = vec![format!(
        "{} against {} (what this run makes has {} in its name)",
        report.title, report.url, report.run
    )];
    for part in &report.parts {
        part_lines(part, verbose, &mut lines);
    }
    lines.push(String::new());
    lines.push(format!(
        "cleaned up: {} made and gone again",
        report.removed
    ));
    for left in &report.left_behind {
        lines.push(format!("  left     {left}"));
    }
    lines.push(summary(report));
    lines.join("\n")
}

fn summary(report: &Report) -> String {
    let counts = report.counts();
    let conclusion = if report.interrupted {
        "interrupted before its end".to_owned()
    } else if report.ok() {
        format!("{} can work with this server", report.client)
    } else {
        format!("{} cannot work with this server", report.client)
    };
    format!(
        "{} passed, {} failed, {} warnings, {} not played: {conclusion}",
        counts.passed, counts.failed, counts.warnings, counts.not_played
    )
}

fn part_lines(part: &PartReport, verbose: bool, lines: &mut Vec<String>) {
    lines.push(format!("\n{}", part.name));
    let mut reason_before = None;
    for step in &part.steps {
        let reason = match &step.result {
            StepResult::NotPlayed(reason) => Some(reason),
            StepResult::Holds | StepResult::Fails(_) => None,
        };
        lines.push(format!("  {:<10} {}", step.verdict(), step.name));
        // One cause often stops many steps; said once, it is read.
        if let Some(reason) = reason
            && reason_before != Some(reason)
        {
            lines.push(format!("             {reason}"));
        }
        reason_before = reason;
        if let StepResult::Fails(problems) = &step.result {
            lines.extend(
                problems
                    .iter()
                    .map(|problem| format!("             {problem}")),
            );
            if !step.hint.is_empty() {
                lines.push(format!("             why it matters: {}", step.hint));
            }
        }
        if verbose || matches!(step.result, StepResult::Fails(_)) {
            exchange_lines(step, lines);
        }
    }
}

fn exchange_lines(step: &StepReport, lines: &mut Vec<String>) {
    if let Some(request) = &step.request {
        let word = |name: &str| {
            request
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        lines.push(format!(
            "             > {} {}",
            word("method"),
            word("path")
        ));
        named_lines('>', request, lines);
    }
    if let Some(answer) = &step.answer {
        let number = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or_default();
        lines.push(format!(
            "             < {} after {} ms",
            number("status"),
            number("milliseconds")
        ));
        named_lines('<', answer, lines);
    }
}

/// Headers and body.
fn named_lines(direction: char, message: &Value, lines: &mut Vec<String>) {
    let headers = message.get("headers").and_then(Value::as_object);
    for (name, value) in headers.into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        lines.push(format!("             {direction} {name}: {value}"));
    }
    let body = match message.get("body") {
        None | Some(Value::Null) => return,
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    lines.push(format!(
        "             {direction} {}",
        clipped(&body, LONGEST_BODY)
    ));
}

/// At most so many characters.
pub(super) fn clipped(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
