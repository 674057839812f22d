//! Everything about one profile's text: is it right, and do its own tests hold?

use toml::de::DeTable;

use super::errors::ProfileErrors;
use super::place::{Position, Spot, locate};
use super::{Profile, TestFailure};

/// What a check of a profile found.
#[derive(Debug)]
pub struct ProfileCheck {
    /// The profile, or everything that is wrong with it.
    pub profile: Result<Profile, ProfileErrors>,
    /// The tests of it that do not hold; empty if it does not even compile.
    pub failures: Vec<LocatedFailure>,
}

/// A failed test and where it says what it expects.
#[derive(Debug)]
pub struct LocatedFailure {
    /// What does not hold.
    pub failure: TestFailure,
    /// The key that says what is expected.
    pub key: String,
    /// Its line, from one.
    pub line: Option<usize>,
    /// Its column, in characters from one.
    pub column: Option<usize>,
}

impl Profile {
    /// Compiles a profile and runs its tests. `source` names the text in messages.
    pub fn check(source: &str, text: &str) -> ProfileCheck {
        let profile = Self::compile(source, text, &toml::Table::new());
        let failures = match &profile {
            Ok(profile) => located(profile.run_tests(), text),
            Err(_) => Vec::new(),
        };
        ProfileCheck { profile, failures }
    }
}

fn located(failures: Vec<TestFailure>, text: &str) -> Vec<LocatedFailure> {
    let document = DeTable::parse(text).ok();
    failures
        .into_iter()
        .map(|failure| {
            let position: Option<Position> = document
                .as_ref()
                .and_then(|document| locate(document.get_ref(), text, &failure.place, &Spot::Key));
            LocatedFailure {
                key: failure.place.to_string(),
                line: position.map(|position| position.line),
                column: position.map(|position| position.column),
                failure,
            }
        })
        .collect()
}
