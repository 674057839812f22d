//! The password policy (`user_policies`): one object that can be read and changed.

use serde_json::{Map, Value, json};

use super::{
    failure::Failure,
    identifier::{Identifier, Kind},
    row::Row,
    user::User,
};

/// Failed logins, session and password rules. A fresh array asks for little.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    /// Failed logins until a user is locked; 0 never locks.
    pub(super) allowed_attempts: u64,
    /// Live sessions at once; 0 sets no limit.
    pub(super) max_sessions: u64,
    min_length: u64,
    upper: u64,
    lower: u64,
    digit: u64,
    special: u64,
    previous_diff: u64,
    no_reuse: u64,
}

/// What a number of the policy may be.
type Allowed = fn(u64) -> bool;

/// The fields in the order of a reply.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "allowed_attempts",
    "min_length",
    "upper",
    "lower",
    "digit",
    "special",
    "previous_diff",
    "no_reuse",
    "max_sessions",
];

impl Default for Policy {
    fn default() -> Self {
        Self {
            allowed_attempts: 10,
            max_sessions: 0,
            min_length: 8,
            upper: 0,
            lower: 0,
            digit: 0,
            special: 0,
            previous_diff: 1,
            no_reuse: 1,
        }
    }
}

impl Policy {
    pub(super) fn id() -> Identifier {
        Identifier::new(Kind::Policy, 1)
    }

    /// Changes the policy, all of it or nothing.
    pub(super) fn update(&mut self, data: &Map<String, Value>) -> Result<(), Failure> {
        let mut changed = self.clone();
        for (key, value) in data {
            let (field, allowed) = changed.limit(key).ok_or_else(|| Failure::unexpected(key))?;
            match value.as_u64() {
                Some(number) if allowed(number) => *field = number,
                _ => return Err(Failure::invalid(key)),
            }
        }
        *self = changed;
        Ok(())
    }

    /// Whether a password may be set; `user` is the one whose password it replaces.
    pub(super) fn check(&self, password: &str, user: Option<&User>) -> Result<(), Failure> {
        let count = |of: fn(&char) -> bool| password.chars().filter(of).count() as u64;
        let strong = password.len() as u64 >= self.min_length
            && count(char::is_ascii_uppercase) >= self.upper
            && count(char::is_ascii_lowercase) >= self.lower
            && count(char::is_ascii_digit) >= self.digit
            && count(char::is_ascii_punctuation) >= self.special;
        if !strong {
            return Err(Failure::invalid("password"));
        }
        match user {
            Some(user) => self.check_is_new(password, user),
            None => Ok(()),
        }
    }

    fn check_is_new(&self, password: &str, user: &User) -> Result<(), Failure> {
        if password == user.password {
            return Err(Failure::bad_request(
                "SM_passwd_same_as_current",
                "The password is the same as the current one.",
            ));
        }
        // The current password is the first of those that may not come again.
        let barred = usize::try_from(self.no_reuse.saturating_sub(1)).unwrap_or(usize::MAX);
        let reused = user.former_passwords.iter().rev().take(barred);
        if reused.into_iter().any(|former| former == password)
            || difference(password, &user.password) < self.previous_diff
        {
            return Err(Failure::invalid("password"));
        }
        Ok(())
    }

    fn limit(&mut self, key: &str) -> Option<(&mut u64, Allowed)> {
        Some(match key {
            "allowed_attempts" => (&mut self.allowed_attempts, |number| number <= 10),
            "min_length" => (&mut self.min_length, |number| (8..=255).contains(&number)),
            "upper" => (&mut self.upper, |number| number <= 255),
            "lower" => (&mut self.lower, |number| number <= 255),
            "digit" => (&mut self.digit, |number| number <= 255),
            "special" => (&mut self.special, |number| number <= 255),
            "previous_diff" => (&mut self.previous_diff, |number| {
                (1..=255).contains(&number)
            }),
            "no_reuse" => (&mut self.no_reuse, |number| (1..=20).contains(&number)),
            "max_sessions" => (&mut self.max_sessions, |number| {
                number == 0 || (10..=1000).contains(&number)
            }),
            _ => return None,
        })
    }
}

impl Row for &Policy {
    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(Policy::id().as_str()),
            "allowed_attempts" => json!(self.allowed_attempts),
            "min_length" => json!(self.min_length),
            "upper" => json!(self.upper),
            "lower" => json!(self.lower),
            "digit" => json!(self.digit),
            "special" => json!(self.special),
            "previous_diff" => json!(self.previous_diff),
            "no_reuse" => json!(self.no_reuse),
            "max_sessions" => json!(self.max_sessions),
            _ => return None,
        })
    }
}

/// The number of places at which two passwords differ.
fn difference(one: &str, other: &str) -> u64 {
    let differing = one.bytes().zip(other.bytes()).filter(|(a, b)| a != b);
    differing.count() as u64 + one.len().abs_diff(other.len()) as u64
}
