//! What is wrong with a profile: everything at once, each with its place and a remedy.

use std::cell::RefCell;
use std::fmt;

use super::place::{KeyPath, line_of};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError {
    /// The file, or what else the text came from.
    pub source: String,
    /// The line, where the key stands in the text; an override has none.
    pub line: Option<usize>,
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
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        if !self.key.is_empty() {
            write!(formatter, ", {}", self.key)?;
        }
        write!(formatter, ": {}: {}", self.problem, self.remedy)
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
    found: RefCell<Vec<(KeyPath, String, String)>>,
}

impl Problems {
    /// Notes one.
    pub(crate) fn report(
        &self,
        key: KeyPath,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.found
            .borrow_mut()
            .push((key, problem.into(), remedy.into()));
    }

    /// Moves those whose keys stand elsewhere in the text than in the table that was read.
    pub(super) fn relocate(&self, place: impl Fn(&KeyPath) -> Option<KeyPath>) {
        for (key, ..) in self.found.borrow_mut().iter_mut() {
            if let Some(moved) = place(key) {
                *key = moved;
            }
        }
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
        let document = toml::de::DeTable::parse(text).ok();
        let mut errors: Vec<ProfileError> = self
            .found
            .into_inner()
            .into_iter()
            .map(|(key, problem, remedy)| {
                let overridden = key.stands_in(overrides);
                ProfileError {
                    source: if overridden {
                        format!("the appliance's overrides of {source}")
                    } else {
                        source.to_owned()
                    },
                    line: document
                        .as_ref()
                        .filter(|_| !overridden)
                        .and_then(|document| line_of(document.get_ref(), text, &key)),
                    key: key.to_string(),
                    problem,
                    remedy,
                }
            })
            .collect();
        errors.sort_by_key(|error| error.line);
        errors
    }
}

/// The error of a text that is no TOML at all.
pub(super) fn syntax_error(source: &str, text: &str, error: &toml::de::Error) -> ProfileErrors {
    let line = error
        .span()
        .and_then(|span| text.get(..span.start))
        .map(|before| before.matches('\n').count() + 1);
    ProfileErrors(vec![ProfileError {
        source: source.to_owned(),
        line,
        key: String::new(),
        problem: format!("this is not TOML ({})", error.message()),
        remedy: "correct the syntax".to_owned(),
    }])
}
