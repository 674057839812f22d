//! What the check of one profile found, for people and for scripts.

use serde_json::{Value, json};

use super::super::excerpt::excerpt;
use super::super::words;
use super::sources::{Sample, Source};
use crate::vendor::{Difference, Profile, ProfileCheck, ProfileError};

/// The result for one profile.
pub(super) struct Report<'a> {
    source: &'a Source,
    /// Empty if all is well.
    findings: Vec<Finding>,
    profile: Option<Profile>,
}

/// One thing that is wrong.
struct Finding {
    file: String,
    line: Option<usize>,
    column: Option<usize>,
    key: String,
    /// The name of the test that does not hold.
    test: Option<String>,
    problem: String,
    differences: Vec<Difference>,
    remedy: String,
}

impl<'a> Report<'a> {
    /// Checks a profile.
    pub(super) fn of(source: &'a Source) -> Self {
        let ProfileCheck { profile, failures } = Profile::check(&source.name, &source.text);
        let mut findings: Vec<Finding> = failures
            .into_iter()
            .map(|located| Finding {
                file: source.name.clone(),
                line: located.line,
                column: located.column,
                key: located.key,
                test: Some(located.failure.test),
                problem: located.failure.message,
                differences: located.failure.differences,
                remedy: "correct the profile, or what the test expects".to_owned(),
            })
            .collect();
        let profile = match profile {
            Ok(profile) => Some(profile),
            Err(errors) => {
                findings.extend(errors.0.into_iter().map(Finding::from));
                None
            }
        };
        findings.extend(source.samples.iter().filter_map(broken_sample));
        Self {
            source,
            findings,
            profile,
        }
    }

    /// Whether all is well.
    pub(super) fn ok(&self) -> bool {
        self.findings.is_empty()
    }

    /// For people.
    pub(super) fn lines(&self) -> Vec<String> {
        if let (true, Some(profile)) = (self.ok(), &self.profile) {
            return self.good(profile);
        }
        let count = match self.findings.len() {
            1 => "1 error".to_owned(),
            count => format!("{count} errors"),
        };
        let mut lines = vec![format!("failed  {}: {count}", self.source.name)];
        for finding in &self.findings {
            lines.push(String::new());
            lines.extend(finding.lines(self.source));
        }
        lines.push(String::new());
        lines
    }

    fn good(&self, profile: &Profile) -> Vec<String> {
        let capabilities = profile.capabilities();
        let tests = match profile.test_count() {
            0 => "no tests".to_owned(),
            1 => "1 test passed".to_owned(),
            count => format!("{count} tests passed"),
        };
        let mut lines = vec![format!(
            "ok      {}: {} over {}, {tests}",
            self.source.name,
            profile.title,
            capabilities.transports.join(", ")
        )];
        lines.extend(
            words::capabilities(&capabilities)
                .iter()
                .map(|line| format!("          {line}")),
        );
        lines
    }

    /// For scripts.
    pub(super) fn json(&self) -> Value {
        json!({
            "source": self.source.name,
            "ok": self.ok(),
            "vendor": self.profile.as_ref().map(|profile| &profile.vendor),
            "tests": self.profile.as_ref().map(Profile::test_count),
            "capabilities": self.profile.as_ref().map(Profile::capabilities),
            "errors": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}

impl From<ProfileError> for Finding {
    fn from(error: ProfileError) -> Self {
        Self {
            file: error.source,
            line: error.line,
            column: error.column,
            key: error.key,
            test: None,
            problem: error.problem,
            differences: Vec::new(),
            remedy: error.remedy,
        }
    }
}

fn broken_sample(sample: &Sample) -> Option<Finding> {
    let error = serde_json::from_str::<serde::de::IgnoredAny>(&sample.text).err()?;
    Some(Finding {
        file: sample.name.clone(),
        line: Some(error.line()),
        column: Some(error.column()),
        key: String::new(),
        test: None,
        problem: format!("this is not JSON ({error})"),
        differences: Vec::new(),
        remedy: "put the body in as the vendor sends it, or take the file out".to_owned(),
    })
}

impl Finding {
    fn place(&self) -> String {
        let mut place = self.file.clone();
        if let (Some(line), Some(column)) = (self.line, self.column) {
            place.push_str(&format!(":{line}:{column}"));
        }
        if !self.key.is_empty() {
            place.push_str(&format!(": {}", self.key));
        }
        place
    }

    fn lines(&self, source: &Source) -> Vec<String> {
        let mut lines = vec![format!("  {}", self.place())];
        if self.file == source.name
            && let (Some(line), Some(column)) = (self.line, self.column)
        {
            let shown = excerpt(&source.text, line, column);
            lines.extend(
                shown
                    .into_iter()
                    .flatten()
                    .map(|line| format!("      {line}")),
            );
        }
        match &self.test {
            Some(test) => lines.push(format!("    test \"{test}\": {}", self.problem)),
            None => lines.push(format!("    {}", self.problem)),
        }
        for difference in &self.differences {
            lines.extend(difference_lines(difference));
        }
        lines.push(format!("    remedy: {}", self.remedy));
        lines
    }

    fn json(&self) -> Value {
        json!({
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "test": self.test,
            "problem": self.problem,
            "differences": self
                .differences
                .iter()
                .map(|difference| json!({
                    "at": difference.at,
                    "expected": difference.expected,
                    "got": difference.got,
                }))
                .collect::<Vec<_>>(),
            "remedy": self.remedy,
        })
    }
}

/// Expected above got, so that the eye finds what differs.
fn difference_lines(difference: &Difference) -> [String; 2] {
    let shown = |value: &Option<Value>| {
        value
            .as_ref()
            .map_or_else(|| "nothing".to_owned(), Value::to_string)
    };
    let at = if difference.at.is_empty() {
        String::new()
    } else {
        format!("{} ", difference.at)
    };
    [
        format!("      {at}expected {}", shown(&difference.expected)),
        format!(
            "      {}got      {}",
            " ".repeat(at.chars().count()),
            shown(&difference.got)
        ),
    ]
}
