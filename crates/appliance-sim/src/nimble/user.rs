//! A local user of the array.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    identifier::{Identifier, Kind},
    row::Row,
    session::Sessions,
};

/// What a user may do; the array knows no other grouping of local users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Administrator,
    PowerUser,
    Operator,
    Guest,
}

impl Role {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "administrator" => Some(Self::Administrator),
            "poweruser" => Some(Self::PowerUser),
            "operator" => Some(Self::Operator),
            "guest" => Some(Self::Guest),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::PowerUser => "poweruser",
            Self::Operator => "operator",
            Self::Guest => "guest",
        }
    }

    fn id(self) -> Identifier {
        let number = match self {
            Self::Administrator => 1,
            Self::PowerUser => 2,
            Self::Operator => 3,
            Self::Guest => 4,
        };
        Identifier::new(Kind::Role, number)
    }
}

/// A local user.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: Identifier,
    pub(super) name: String,
    pub(super) password: String,
    /// Earlier passwords, newest last, for the reuse rule.
    pub(super) former_passwords: Vec<String>,
    pub(super) description: String,
    pub(super) role: Role,
    /// Seconds; 0 takes the group's.
    pub(super) inactivity_timeout: u64,
    pub(super) full_name: String,
    pub(super) email_addr: String,
    pub(super) disabled: bool,
    /// Locked by failed logins.
    pub(super) auth_lock: bool,
    pub(super) failed_logins: u64,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) last_login: Option<Timestamp>,
    pub(super) last_logout: Option<Timestamp>,
    /// Came with the array: cannot be deleted, renamed, disabled or demoted.
    pub(super) built_in: bool,
}

impl User {
    pub(super) fn new(id: Identifier, name: &str, password: &str, now: Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            password: password.to_owned(),
            former_passwords: Vec::new(),
            description: String::new(),
            role: Role::Guest,
            inactivity_timeout: 0,
            full_name: String::new(),
            email_addr: String::new(),
            disabled: false,
            auth_lock: false,
            failed_logins: 0,
            created: now,
            modified: now,
            last_login: None,
            last_logout: None,
            built_in: false,
        }
    }

    /// The name with the person's name behind it, as the interface searches it.
    fn search_name(&self) -> String {
        match self.full_name.as_str() {
            "" => self.name.clone(),
            full_name => format!("{} ({full_name})", self.name),
        }
    }
}

/// A user as a reply shows it; whether it is logged in, only the sessions know.
#[derive(Clone, Copy)]
pub(super) struct UserRow<'a> {
    pub(super) user: &'a User,
    pub(super) sessions: &'a Sessions,
}

impl Row for UserRow<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let user = self.user;
        Some(match name {
            "id" => json!(user.id.as_str()),
            "name" => json!(user.name),
            "search_name" => json!(user.search_name()),
            "description" => json!(user.description),
            "role_id" => json!(user.role.id().as_str()),
            "role" => json!(user.role.name()),
            "inactivity_timeout" => json!(user.inactivity_timeout),
            "creation_time" => json!(user.created.as_second()),
            "last_modified" => json!(user.modified.as_second()),
            "full_name" => json!(user.full_name),
            "email_addr" => json!(user.email_addr),
            "disabled" => json!(user.disabled),
            "auth_lock" => json!(user.auth_lock),
            "otp_type" => json!("none"),
            "tenant_id" | "tenant_key" => json!(""),
            "last_login" => seconds_or_never(user.last_login),
            "last_logout" => seconds_or_never(user.last_logout),
            "logged_in" => json!(self.sessions.has_live(&user.id)),
            _ => return None,
        })
    }
}

/// Seconds since the epoch; the array says 0 for never.
fn seconds_or_never(time: Option<Timestamp>) -> Value {
    json!(time.map_or(0, Timestamp::as_second))
}
