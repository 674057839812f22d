//! The differences that are known and meant.

use crate::compare::Difference;

const ACCEPTED: &str = include_str!("../data/recorded/accepted-differences.txt");

/// One line: recording, label, aspect and reason.
#[derive(Debug)]
struct Accepted<'a> {
    recording: &'a str,
    label: &'a str,
    aspect: &'a str,
}

fn all() -> Vec<Accepted<'static>> {
    let lines = ACCEPTED.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
            let [recording, label, aspect, reason] = parts.as_slice() else {
                panic!("`recording | label | aspect | reason`, not {line:?}");
            };
            assert!(!reason.is_empty(), "{line}");
            Accepted {
                recording,
                label,
                aspect,
            }
        })
        .collect()
}

/// Fails on a difference that nobody accepted, and on an acceptance that nothing needs.
pub(crate) fn check(recording: &str, found: &[Difference]) {
    let accepted = all();
    let accepted: Vec<&Accepted<'_>> = accepted
        .iter()
        .filter(|accepted| accepted.recording == recording)
        .collect();
    let covers = |accepted: &Accepted<'_>, difference: &Difference| {
        accepted.label == difference.label && accepted.aspect == difference.aspect
    };
    let surprises: Vec<String> = found
        .iter()
        .filter(|difference| !accepted.iter().any(|accepted| covers(accepted, difference)))
        .map(ToString::to_string)
        .collect();
    let needless: Vec<String> = accepted
        .iter()
        .filter(|accepted| !found.iter().any(|difference| covers(accepted, difference)))
        .map(|accepted| format!("{} | {}", accepted.label, accepted.aspect))
        .collect();
    assert!(
        surprises.is_empty() && needless.is_empty(),
        "{recording} differs in {} places:\n{}\naccepted, but the same:\n{}",
        surprises.len(),
        surprises.join("\n"),
        needless.join("\n")
    );
}
