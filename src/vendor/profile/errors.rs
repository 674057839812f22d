//! What is wrong with a profile: everything at once, each with its place and a remedy.

use std::cell::RefCell;
use std::fmt;

use toml::de::DeTable;

use super::place::{KeyPath, Position, Spot, locate};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError {
    /// The file, or what else the text came from.
    pub source: String,
    /// The line, where the key stands in the text; an override has none.
    pub line: Option<usize>,
    /// The column in that line, in characters from one.
    pub column: Option<usize>,
    /// The key: `user.fields.login.pattern`.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)?;
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(formatter, ":{line}:{column}")?;
        }
        if !self.key.is_empty() {
            write!(formatter, ": {}", self.key)?;
        }
        write!(formatter, ": {}; {}", self.problem, self.remedy)
    }
}

/// Everything that is wrong with a profile; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ProfileErrors(pub Vec<ProfileError>);

impl fmt::Display for ProfileErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            error.fmt(formatter)?;
        }
        Ok(())
    }
}

/// Collects what is wrong while a profile is read, so that reading never stops at the first.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: RefCell<Vec<Problem>>,
    /// What was asked for, so that a test can compare it with the vocabulary.
    #[cfg(test)]
    pub(super) asked: RefCell<Vec<super::section::Asked>>,
}

/// One thing that is wrong, before it is known where its key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) key: KeyPath,
    spot: Spot,
    pub(super) problem: String,
    remedy: String,
}

impl Problems {
    /// Notes one.
    pub(crate) fn report(
        &self,
        key: KeyPath,
        spot: Spot,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.found.borrow_mut().push(Problem {
            key,
            spot,
            problem: problem.into(),
            remedy: remedy.into(),
        });
    }

    /// Notes one that was found elsewhere.
    pub(super) fn add(&self, problem: Problem) {
        self.found.borrow_mut().push(problem);
    }

    /// What has been noted so far.
    pub(super) fn all(&self) -> Vec<Problem> {
        self.found.borrow().clone()
    }

    /// All of them, with the lines of `text` that they are about.
    #[cfg(test)]
    pub(crate) fn into_errors(self, source: &str, text: &str) -> Vec<ProfileError> {
        self.into_errors_of(source, text, &toml::Table::new())
    }

    /// The same for a profile with overrides: what an override says is not searched in the file.
    pub(crate) fn into_errors_of(
        self,
        source: &str,
        text: &str,
        overrides: &toml::Table,
    ) -> Vec<ProfileError> {
        let document = DeTable::parse(text).ok();
        let mut errors: Vec<ProfileError> = self
            .found
            .into_inner()
            .into_iter()
            .map(|found| {
                let overridden = found.key.stands_in(overrides);
                let position = document
                    .as_ref()
                    .filter(|_| !overridden)
                    .and_then(|document| locate(document.get_ref(), text, &found.key, &found.spot));
                ProfileError {
                    source: if overridden {
                        format!("the appliance's overrides of {source}")
                    } else {
                        source.to_owned()
                    },
                    line: position.map(|position| position.line),
                    column: position.map(|position| position.column),
                    key: found.key.to_string(),
                    problem: found.problem,
                    remedy: found.remedy,
                }
            })
            .collect();
        errors.sort_by_key(|error| (error.line, error.column));
        errors
    }
}

/// The errors of a text that is no TOML at all; `first` is the one that its reader stopped at.
pub(super) fn syntax_errors(source: &str, text: &str, first: &toml::de::Error) -> ProfileErrors {
    let (_, errors) = DeTable::parse_recoverable(text);
    let all = if errors.is_empty() {
        std::slice::from_ref(first)
    } else {
        &errors
    };
    let errors = all.iter().map(|error| {
        let position = error.span().map(|span| Position::of(text, span.start));
        // A parser's message may go over several lines.
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        let remedy = if message.starts_with("duplicate key") {
            "keep one of them"
        } else {
            "correct the syntax; texts stand in quotes, sections in brackets"
        };
        ProfileError {
            source: source.to_owned(),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            key: String::new(),
            problem: format!("this is not TOML ({message})"),
            remedy: remedy.to_owned(),
        }
    });
    ProfileErrors(errors.collect())
}
