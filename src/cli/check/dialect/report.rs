//! What a run found.

use serde_json::{Value, json};

use super::file::{Level, Step};

/// How one step went.
#[derive(Debug, Clone)]
pub(super) struct StepReport {
    pub(super) name: String,
    pub(super) level: Level,
    pub(super) result: StepResult,
    /// What it means when this fails.
    pub(super) hint: String,
    /// The request, fit to be shown; none if it was not sent.
    pub(super) request: Option<Value>,
    /// The answer, fit to be shown; none if there was none.
    pub(super) answer: Option<Value>,
}

/// Whether a step holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StepResult {
    /// As the client needs it.
    Holds,
    /// Not so; a sentence each.
    Fails(Vec<String>),
    /// It could not be tried; why.
    NotPlayed(String),
}

/// How the steps of a part went.
#[derive(Debug, Clone)]
pub(super) struct PartReport {
    pub(super) name: String,
    pub(super) steps: Vec<StepReport>,
}

/// How a run went.
#[derive(Debug, Clone)]
pub(super) struct Report {
    pub(super) client: String,
    pub(super) title: String,
    pub(super) url: String,
    /// The word in the names of everything that the run made.
    pub(super) run: String,
    pub(super) parts: Vec<PartReport>,
    /// How many resources were made and are gone again.
    pub(super) removed: usize,
    /// What is still there, or may be; a sentence each.
    pub(super) left_behind: Vec<String>,
    /// Whether somebody stopped the run.
    pub(super) interrupted: bool,
}

/// How many steps ended in each way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: usize,
    /// What the client must have.
    pub(super) failed: usize,
    /// What it should have.
    pub(super) warnings: usize,
    pub(super) not_played: usize,
    /// Steps among the latter that must hold.
    musts_not_played: usize,
}

impl StepReport {
    /// A step that was not tried.
    pub(super) fn not_played(step: &Step, reason: impl Into<String>) -> Self {
        Self::new(step, StepResult::NotPlayed(reason.into()))
    }

    /// A step that was tried.
    pub(super) fn played(step: &Step, problems: Vec<String>) -> Self {
        let result = if problems.is_empty() {
            StepResult::Holds
        } else {
            StepResult::Fails(problems)
        };
        Self::new(step, result)
    }

    fn new(step: &Step, result: StepResult) -> Self {
        Self {
            name: step.name.clone(),
            level: step.level,
            result,
            hint: step.hint.clone(),
            request: None,
            answer: None,
        }
    }

    /// One word: ok, failed, warning or "not played".
    pub(super) fn verdict(&self) -> &'static str {
        match (&self.result, self.level) {
            (StepResult::Holds, _) => "ok",
            (StepResult::Fails(_), Level::Must) => "failed",
            (StepResult::Fails(_), Level::Should) => "warning",
            (StepResult::NotPlayed(_), _) => "not played",
        }
    }

    fn json(&self) -> Value {
        let problems = match &self.result {
            StepResult::Holds => Vec::new(),
            StepResult::Fails(problems) => problems.clone(),
            StepResult::NotPlayed(reason) => vec![reason.clone()],
        };
        json!({
            "step": self.name,
            "level": self.level,
            "result": self.verdict().replace(' ', "_"),
            "problems": problems,
            "hint": self.hint,
            "request": self.request,
            "answer": self.answer,
        })
    }
}

impl Report {
    /// How many steps ended in each way.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for step in self.parts.iter().flat_map(|part| &part.steps) {
            match (&step.result, step.level) {
                (StepResult::Holds, _) => counts.passed += 1,
                (StepResult::Fails(_), Level::Must) => counts.failed += 1,
                (StepResult::Fails(_), Level::Should) => counts.warnings += 1,
                (StepResult::NotPlayed(_), level) => {
                    counts.not_played += 1;
                    counts.musts_not_played += usize::from(level == Level::Must);
                }
            }
        }
        counts
    }

    /// Whether the client would work: all that it must have was tried, and holds.
    pub(super) fn ok(&self) -> bool {
        let counts = self.counts();
        counts.failed == 0 && counts.musts_not_played == 0 && !self.interrupted
    }

    /// For scripts.
    pub(super) fn json(&self) -> Value {
        let counts = self.counts();
        let parts: Vec<Value> = self
            .parts
            .iter()
            .map(|part| {
                let steps: Vec<Value> = part.steps.iter().map(StepReport::json).collect();
                json!({"part": part.name, "steps": steps})
            })
            .collect();
        json!({
            "ok": self.ok(),
            "client": self.client,
            "title": self.title,
            "url": self.url,
            "run": self.run,
            "interrupted": self.interrupted,
            "passed": counts.passed,
            "failed": counts.failed,
            "warnings": counts.warnings,
            "not_played": counts.not_played,
            "removed": self.removed,
            "left_behind": self.left_behind,
            "parts": parts,
        })
    }
}
