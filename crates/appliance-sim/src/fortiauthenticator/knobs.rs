//! What the guide leaves open, and what only an appliance's owner sees.
//!
//! `GET` and `POST /_sim/settings` read and change the settings; `POST /_sim/lockout` disables an
//! account as the appliance does by itself; `POST /_sim/password` tells whether a password is an
//! account's; `GET /_sim/mails` lists what would have been mailed.

use jiff::ToSpan;
use serde_json::{Value, json};

use crate::exchange::{Request, Response};

use super::FortiAuthenticator;

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
pub(super) struct Knobs {
    pub(super) permission: Permission,
    pub(super) password_change: PasswordChange,
    pub(super) create_reply: Reply,
    /// A user name in a PATCH is an error rather than ignored.
    pub(super) refuse_rename: bool,
    /// Users in a group's PATCH replace the members rather than join them.
    pub(super) group_patch_replaces: bool,
    /// User names that differ only in case clash.
    pub(super) names_ignore_case: bool,
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

/// The reason that a lock-out has, and the seconds after which it ends.
const LOCKED_OUT: u64 = 2;
const LOCK_OUT_SECONDS: i64 = 60;

impl Default for Knobs {
    fn default() -> Self {
        Self {
            permission: Permission::Full,
            password_change: PasswordChange::Ignore,
            create_reply: Reply::List,
            refuse_rename: false,
            group_patch_replaces: false,
            names_ignore_case: false,
            activation_fails: false,
            max_users: 100_000,
            max_groups: 10_000,
            page_cap: None,
        }
    }
}

/// Answers a request below `/_sim/`; none for every other path.
pub(super) fn handle(appliance: &mut FortiAuthenticator, request: &Request) -> Option<Response> {
    let path = request.path.strip_prefix("/_sim/")?;
    let body = request.json().unwrap_or_default();
    let result = match (request.method.as_str(), path) {
        ("GET", "settings") => Ok(appliance.knobs.document()),
        ("POST", "settings") => {
            let changed = appliance.knobs.change(&body);
            changed.map(|()| appliance.knobs.document())
        }
        ("POST", "lockout") => lock_out(appliance, request, &body),
        ("POST", "password") => Ok(check_password(appliance, &body)),
        ("GET", "mails") => Ok(mails(appliance)),
        _ => return Some(reply(404, &json!({"error": "there is no such control"}))),
    };
    Some(match result {
        Ok(document) => reply(200, &document),
        Err(error) => reply(400, &json!({"error": error})),
    })
}

fn reply(status: u16, body: &Value) -> Response {
    Response::json(status, "application/json", body)
}

fn lock_out(
    appliance: &mut FortiAuthenticator,
    request: &Request,
    body: &Value,
) -> Result<Value, String> {
    let username = body["username"].as_str().unwrap_or_default();
    let reason = body["reason"].as_u64().unwrap_or(LOCKED_OUT);
    let users = appliance.users.folded(username);
    let user = users.into_iter().find(|user| user.username == username);
    let mut user = user.ok_or("there is no such local user")?.clone();
    let until = (reason == LOCKED_OUT)
        .then(|| request.now.checked_add(LOCK_OUT_SECONDS.seconds()))
        .and_then(Result::ok);
    user.deactivate(reason, until);
    appliance.users.put(user);
    Ok(json!({}))
}

fn check_password(appliance: &FortiAuthenticator, body: &Value) -> Value {
    let username = body["username"].as_str().unwrap_or_default();
    let password = body["password"].as_str();
    let users = appliance.users.folded(username);
    let matches = users.into_iter().any(|user| {
        user.username == username && password.is_some() && user.password.as_deref() == password
    });
    json!({"matches": matches})
}

fn mails(appliance: &FortiAuthenticator) -> Value {
    let mails = appliance.mails.iter();
    let mails: Vec<Value> = mails
        .map(|mail| json!({"to": mail.to, "about": mail.about}))
        .collect();
    json!({"mails": mails})
}

impl Knobs {
    fn document(&self) -> Value {
        json!({
            "permission": name(PERMISSIONS, self.permission),
            "password_change": name(PASSWORD_CHANGES, self.password_change),
            "create_reply": name(REPLIES, self.create_reply),
            "refuse_rename": self.refuse_rename,
            "group_patch_replaces": self.group_patch_replaces,
            "names_ignore_case": self.names_ignore_case,
            "activation_fails": self.activation_fails,
            "max_users": self.max_users,
            "max_groups": self.max_groups,
            "page_cap": self.page_cap,
        })
    }

    fn change(&mut self, changes: &Value) -> Result<(), String> {
        let changes = changes.as_object().ok_or("settings are a JSON object")?;
        let mut changed = self.clone();
        for (name, value) in changes {
            changed
                .set(name, value)
                .ok_or_else(|| format!("{name} is no setting, or cannot be {value}"))?;
        }
        *self = changed;
        Ok(())
    }

    fn set(&mut self, setting: &str, value: &Value) -> Option<()> {
        let count = || {
            value
                .as_u64()
                .and_then(|number| usize::try_from(number).ok())
        };
        match setting {
            "permission" => self.permission = chosen(PERMISSIONS, value)?,
            "password_change" => self.password_change = chosen(PASSWORD_CHANGES, value)?,
            "create_reply" => self.create_reply = chosen(REPLIES, value)?,
            "refuse_rename" => self.refuse_rename = value.as_bool()?,
            "group_patch_replaces" => self.group_patch_replaces = value.as_bool()?,
            "names_ignore_case" => self.names_ignore_case = value.as_bool()?,
            "activation_fails" => self.activation_fails = value.as_bool()?,
            "max_users" => self.max_users = count()?,
            "max_groups" => self.max_groups = count()?,
            "page_cap" if value.is_null() => self.page_cap = None,
            "page_cap" => self.page_cap = Some(count().filter(|cap| *cap > 0)?),
            _ => return None,
        }
        Some(())
    }
}

fn name<T: Copy + PartialEq>(choices: &[(&'static str, T)], chosen: T) -> Option<&'static str> {
    let found = choices.iter().find(|(_, choice)| *choice == chosen);
    found.map(|(name, _)| *name)
}

fn chosen<T: Copy>(choices: &[(&str, T)], value: &Value) -> Option<T> {
    let value = value.as_str()?;
    let found = choices.iter().find(|(name, _)| *name == value);
    found.map(|(_, choice)| *choice)
}
