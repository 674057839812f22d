//! What is wrong with a configuration: everything at once, each with place, key and remedy.

use std::collections::BTreeSet;
use std::fmt;

use super::places::{KeyPath, Place, Places};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Where it was written.
    pub place: Place,
    /// The key, dotted; members of a list by their name. Empty if no key is to blame.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.place)?;
        if !self.key.is_empty() {
            write!(formatter, "{}: ", self.key)?;
        }
        write!(formatter, "{}; {}", self.problem, self.remedy)
    }
}

/// All that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigErrors {
    /// At least one, in the order in which they were found.
    pub errors: Vec<ConfigError>,
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors.len() {
            1 => formatter.write_str("the configuration has an error:")?,
            count => write!(formatter, "the configuration has {count} errors:")?,
        }
        for error in &self.errors {
            write!(formatter, "\n  {error}")?;
        }
        Ok(())
    }
}

/// Collects what is found while a configuration is read.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Where each key comes from.
    pub(super) places: Places,
    errors: Vec<ConfigError>,
    warnings: Vec<String>,
    /// Keys that were wrong in themselves and taken out: that they are missing now is no news.
    reported: BTreeSet<KeyPath>,
}

impl Findings {
    /// Something is wrong with the value of a key, or with its absence.
    pub(super) fn error(
        &mut self,
        path: &KeyPath,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        if self.reported.contains(path) {
            return;
        }
        self.errors.push(ConfigError {
            place: self.places.locate(path),
            key: self.places.label(path),
            problem: problem.into(),
            remedy: remedy.into(),
        });
    }

    /// Something is wrong with a key, so that its value has been taken out.
    pub(super) fn removed(
        &mut self,
        path: &KeyPath,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.error(path, problem, remedy);
        self.reported.insert(path.clone());
    }

    /// An error whose place is already known; two appliances may share a file that has it.
    pub(super) fn push(&mut self, error: ConfigError) {
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// Something that works, but should be thought over.
    pub(super) fn warning(&mut self, path: &KeyPath, text: impl fmt::Display) {
        let place = self.places.locate(path);
        let label = self.places.label(path);
        self.warnings.push(format!("{place}: {label}: {text}"));
    }

    /// The warnings, or everything that is wrong.
    pub(super) fn into_result(mut self) -> Result<Vec<String>, ConfigErrors> {
        // From the top of the file to its end, as one corrects it.
        self.errors.sort_by_key(|error| match &error.place {
            Place::File {
                line: Some(line), ..
            } => *line,
            _ => usize::MAX,
        });
        if self.errors.is_empty() {
            Ok(self.warnings)
        } else {
            Err(ConfigErrors {
                errors: self.errors,
            })
        }
    }
}

/// The candidate that the writer most likely meant.
pub(super) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().min(word.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A list for messages: `a, b and c`.
pub(super) fn listing<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
