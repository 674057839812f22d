//! The settings of the simulation: what the documents leave open, or an array's owner would set
//! elsewhere.

use serde_json::{Value, json};

use crate::knobs::{self, chosen, count, name};

use super::failure::Messages;

const MESSAGES: &[(&str, Messages)] = &[
    ("both", Messages::Both),
    ("generic", Messages::Generic),
    ("specific", Messages::Specific),
];

/// The settings of the simulation.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// Seconds of idleness that end a session, unless the user has a shorter time.
    pub(super) group_inactivity_timeout: u64,
    /// Live sessions at once, beside the policy's `max_sessions` and finer than it; 0 for none.
    pub(super) max_sessions: usize,
    /// Local users at once.
    pub(super) max_users: usize,
    /// The most rows of one reply.
    pub(super) max_page_size: usize,
    /// Whether names that differ only in case clash.
    pub(super) names_ignore_case: bool,
    /// Whether a change of another user's password must be authorised by the caller's own.
    pub(super) require_auth_password: bool,
    /// Reads answer 206 with half of the rows and a message.
    pub(super) partial_reads: bool,
    /// Writes answer 202 and name a job.
    pub(super) asynchronous_writes: bool,
    /// Which messages an error carries.
    pub(super) messages: Messages,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            group_inactivity_timeout: 30 * 60,
            max_sessions: 0,
            max_users: 100_000,
            max_page_size: 1000,
            names_ignore_case: false,
            require_auth_password: false,
            partial_reads: false,
            asynchronous_writes: false,
            messages: Messages::Both,
        }
    }
}

impl knobs::Settings for Settings {
    fn document(&self) -> Value {
        json!({
            "group_inactivity_timeout": self.group_inactivity_timeout,
            "max_sessions": self.max_sessions,
            "max_users": self.max_users,
            "max_page_size": self.max_page_size,
            "names_ignore_case": self.names_ignore_case,
            "require_auth_password": self.require_auth_password,
            "partial_reads": self.partial_reads,
            "asynchronous_writes": self.asynchronous_writes,
            "messages": name(MESSAGES, self.messages),
        })
    }

    fn set(&mut self, setting: &str, value: &Value) -> Option<()> {
        match setting {
            "group_inactivity_timeout" => self.group_inactivity_timeout = value.as_u64()?,
            "max_sessions" => self.max_sessions = count(value)?,
            "max_users" => self.max_users = count(value)?,
            "max_page_size" => self.max_page_size = count(value).filter(|size| *size > 0)?,
            "names_ignore_case" => self.names_ignore_case = value.as_bool()?,
            "require_auth_password" => self.require_auth_password = value.as_bool()?,
            "partial_reads" => self.partial_reads = value.as_bool()?,
            "asynchronous_writes" => self.asynchronous_writes = value.as_bool()?,
            "messages" => self.messages = chosen(MESSAGES, value)?,
            _ => return None,
        }
        Some(())
    }
}
