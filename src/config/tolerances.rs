//! `strict` and `[directory.*.tolerate]`: what a directory's clients may do beside the letter.

use super::errors::{Findings, closest};
use super::file;
use super::places::KeyPath;
use crate::scim::{Tolerance, Tolerances};

/// All tolerances or, in a strict directory, none; then each as it is switched singly.
pub(super) fn tolerances(
    directory: &file::Directory,
    section: &KeyPath,
    findings: &mut Findings,
) -> Tolerances {
    let start = if directory.strict {
        Tolerances::none()
    } else {
        Tolerances::all()
    };
    let tolerate = section.key("tolerate");
    let mut tolerances = start;
    for (name, tolerated) in &directory.tolerate {
        match Tolerance::ALL.into_iter().find(|one| one.as_str() == name) {
            Some(tolerance) => tolerances = tolerances.with(tolerance, *tolerated),
            None => findings.error(
                &tolerate.key(name),
                "there is no such tolerance",
                suggestion(name),
            ),
        }
    }
    if directory.strict && !tolerances.are_none() {
        findings.warning(
            &tolerate,
            "a strict directory that tolerates something does not keep to the interoperability \
             profile, and does not declare interopProfileConformant",
        );
    }
    tolerances
}

fn suggestion(name: &str) -> String {
    let names = Tolerance::ALL.iter().map(|one| one.as_str());
    match closest(name, names) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "docs/strict.md lists them".to_owned(),
    }
}
