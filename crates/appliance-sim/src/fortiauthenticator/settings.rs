//! The settings of the simulation: what the guide leaves open.

use serde_json::{Value, json};

use crate::knobs::{self, chosen, count, name};

/// What the API user's profile allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permission {
    Full,
    ReadOnly,
    Nothing,
}

/// What becomes of a password in a PATCH.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PasswordChange {
    Ignore,
    Accept,
    Reject,
}

/// The shape of release 8's answer to a create.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    List,
    Object,
    WithoutUri,
}

/// The settings of the simulation.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) permission: Permission,
    pub(super) password_change: PasswordChange,
    pub(super) create_reply: Reply,
    /// A user name in a PATCH is an error rather than ignored.
    pub(super) refuse_rename: bool,
    /// Users in a group's PATCH replace the members rather than join them.
    pub(super) group_patch_replaces: bool,
    /// User names that differ only in case clash.
    pub(super) names_ignore_case: bool,
    /// The answer to a create shows the account, recovery answer and all.
    pub(super) echoes_secrets: bool,
    /// A mobile token's activation message cannot be sent.
    pub(super) activation_fails: bool,
    /// The licence.
    pub(super) max_users: usize,
    pub(super) max_groups: usize,
    /// A page is never longer, whatever the query says.
    pub(super) page_cap: Option<usize>,
}

const PERMISSIONS: &[(&str, Permission)] = &[
    ("full", Permission::Full),
    ("read_only", Permission::ReadOnly),
    ("nothing", Permission::Nothing),
];

const PASSWORD_CHANGES: &[(&str, PasswordChange)] = &[
    ("ignore", PasswordChange::Ignore),
    ("accept", PasswordChange::Accept),
    ("reject", PasswordChange::Reject),
];

const REPLIES: &[(&str, Reply)] = &[
    ("list", Reply::List),
    ("object", Reply::Object),
    ("without_uri", Reply::WithoutUri),
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            permission: Permission::Full,
            password_change: PasswordChange::Ignore,
            create_reply: Reply::List,
            refuse_rename: false,
            group_patch_replaces: false,
            names_ignore_case: false,
            echoes_secrets: false,
            activation_fails: false,
            max_users: 100_000,
            max_groups: 10_000,
            page_cap: None,
        }
    }
}

impl knobs::Settings for Settings {
    fn document(&self) -> Value {
        json!({
            "permission": name(PERMISSIONS, self.permission),
            "password_change": name(PASSWORD_CHANGES, self.password_change),
            "create_reply": name(REPLIES, self.create_reply),
            "refuse_rename": self.refuse_rename,
            "group_patch_replaces": self.group_patch_replaces,
            "names_ignore_case": self.names_ignore_case,
            "echoes_secrets": self.echoes_secrets,
            "activation_fails": self.activation_fails,
            "max_users": self.max_users,
            "max_groups": self.max_groups,
            "page_cap": self.page_cap,
        })
    }

    fn set(&mut self, setting: &str, value: &Value) -> Option<()> {
        match setting {
            "permission" => self.permission = chosen(PERMISSIONS, value)?,
            "password_change" => self.password_change = chosen(PASSWORD_CHANGES, value)?,
            "create_reply" => self.create_reply = chosen(REPLIES, value)?,
            "refuse_rename" => self.refuse_rename = value.as_bool()?,
            "group_patch_replaces" => self.group_patch_replaces = value.as_bool()?,
            "names_ignore_case" => self.names_ignore_case = value.as_bool()?,
            "echoes_secrets" => self.echoes_secrets = value.as_bool()?,
            "activation_fails" => self.activation_fails = value.as_bool()?,
            "max_users" => self.max_users = count(value)?,
            "max_groups" => self.max_groups = count(value)?,
            "page_cap" if value.is_null() => self.page_cap = None,
            "page_cap" => self.page_cap = Some(count(value).filter(|cap| *cap > 0)?),
            _ => return None,
        }
        Some(())
    }
}
