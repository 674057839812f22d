//! What a test of a profile found, and where the test stands.

use std::fmt;

use serde_json::Value;

use super::super::place::KeyPath;
use super::difference::{Difference, differences};

/// A test of a profile that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct TestFailure {
    /// The test's name.
    pub test: String,
    /// What does not hold, in a sentence.
    pub message: String,
    /// What was expected and what came out, value by value, where there is something to compare.
    pub differences: Vec<Difference>,
    /// The key that says what is expected.
    pub(in super::super) place: KeyPath,
}

impl fmt::Display for TestFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "test \"{}\": {}", self.test, self.message)?;
        for (index, difference) in self.differences.iter().enumerate() {
            let separator = if index == 0 { ": " } else { "; " };
            write!(formatter, "{separator}{difference}")?;
        }
        Ok(())
    }
}

/// Collects what does not hold while a test runs.
#[derive(Debug)]
pub(super) struct Failures<'a> {
    test: &'a str,
    here: KeyPath,
    found: Vec<TestFailure>,
}

impl<'a> Failures<'a> {
    /// None so far; `place` is the test's.
    pub(super) fn new(test: &'a str, place: &KeyPath) -> Self {
        Self {
            test,
            here: place.clone(),
            found: Vec::new(),
        }
    }

    /// What follows is about this key of the test.
    pub(super) fn at(&mut self, place: &KeyPath) {
        self.here = place.clone();
    }

    /// Something else than a comparison failed.
    pub(super) fn push(&mut self, message: impl Into<String>) {
        self.add(message.into(), Vec::new());
    }

    /// Compares.
    pub(super) fn expect(&mut self, label: &str, expected: &Value, got: &Value) {
        if expected != got {
            self.add(
                format!("{label} is not as expected"),
                differences(expected, got),
            );
        }
    }

    /// What was found.
    pub(super) fn into_found(self) -> Vec<TestFailure> {
        self.found
    }

    fn add(&mut self, message: String, differences: Vec<Difference>) {
        self.found.push(TestFailure {
            test: self.test.to_owned(),
            message,
            differences,
            place: self.here.clone(),
        });
    }
}
