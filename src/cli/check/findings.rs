//! What a check found.

use serde_json::{Value, json};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    name: String,
    verdict: FindingVerdict,
    detail: String,
    remedy: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FindingVerdict {
    Good,
    Warning,
    Bad,
}

impl FindingVerdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Warning => "warning",
            Self::Bad => "failed",
        }
    }
}

impl Finding {
    /// As it should be.
    pub(super) fn good(name: &str, detail: impl Into<String>) -> Self {
        Self::new(name, FindingVerdict::Good, detail, "")
    }

    /// It works, but should be thought over.
    pub(super) fn warning(name: &str, detail: impl Into<String>) -> Self {
        Self::new(name, FindingVerdict::Warning, detail, "")
    }

    /// It does not work.
    pub(super) fn bad(name: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(name, FindingVerdict::Bad, detail, remedy)
    }

    fn new(
        name: &str,
        verdict: FindingVerdict,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            verdict,
            detail: detail.into(),
            remedy: remedy.into(),
        }
    }

    fn text(&self) -> String {
        let mut text = format!(
            "  {:<8} {}: {}",
            self.verdict.as_str(),
            self.name,
            self.detail
        );
        if !self.remedy.is_empty() {
            text.push_str(&format!("\n           remedy: {}", self.remedy));
        }
        text
    }

    fn json(&self) -> Value {
        let remedy = (!self.remedy.is_empty()).then_some(&self.remedy);
        json!({
            "check": self.name,
            "result": self.verdict.as_str(),
            "detail": self.detail,
            "remedy": remedy,
        })
    }
}

/// The configuration, or an appliance, with what was found.
#[derive(Debug)]
pub(super) struct Subject {
    name: String,
    findings: Vec<Finding>,
}

impl Subject {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            findings: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Whether nothing failed; a warning is no failure.
    pub(super) fn ok(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.verdict != FindingVerdict::Bad)
    }

    pub(super) fn text(&self) -> String {
        let mut lines = vec![self.name.clone()];
        lines.extend(self.findings.iter().map(Finding::text));
        lines.join("\n")
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "subject": self.name,
            "ok": self.ok(),
            "findings": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}
