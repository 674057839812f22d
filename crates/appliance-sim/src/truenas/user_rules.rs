//! The second look at a user: rules about several keys, and about other accounts.

use serde_json::{Map, Value};

use super::email;
use super::names;
use super::passwords;
use super::release::Family;
use super::reply::{Complaints, EEXIST};
use super::state::{ADMINISTRATORS_GID, State, User};

/// A user as it would be, what it was, and which keys the caller gave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) family: Family,
    pub(super) state: &'a State,
    pub(super) before: Option<&'a User>,
    pub(super) after: &'a User,
    pub(super) given: &'a Map<String, Value>,
}

impl Change<'_> {
    pub(super) fn check(&self, complaints: &mut Complaints) {
        self.name(complaints);
        self.full_name(complaints);
        self.password(complaints);
        self.smb(complaints);
        self.email(complaints);
        self.uid(complaints);
        self.home(complaints);
        self.shell(complaints);
        self.groups(complaints);
        self.sudo(complaints);
        self.lock(complaints);
        self.fixed(complaints);
    }

    fn gives(&self, key: &str) -> bool {
        self.given.contains_key(key)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.given.get(key).and_then(Value::as_str)
    }

    fn flag(&self, key: &str) -> bool {
        self.given.get(key) == Some(&Value::Bool(true))
    }

    fn name(&self, complaints: &mut Complaints) {
        if !self.gives("username") {
            return;
        }
        let name = &self.after.username;
        let kept = self.before.is_some_and(|before| before.username == *name);
        if !kept && self.state.user_named(name).is_some() {
            let message = format!("The username \"{name}\" already exists.");
            complaints.add_errno("username", message, EEXIST);
        }
        if self.family <= Family::Scale2202 && name.chars().count() > names::CORE_MAXIMUM {
            complaints.add("username", "Value greater than 16 not allowed");
        } else if self.family <= Family::Scale2410
            && let Some(message) = names::blacklist_complaint(name)
        {
            complaints.add("username", message);
        }
    }

    fn full_name(&self, complaints: &mut Complaints) {
        if self
            .text("full_name")
            .is_some_and(|name| name.contains(':'))
        {
            let message = if self.family >= Family::Scale2510 {
                "The ':' character is not allowed."
            } else {
                "The \":\" character is not allowed in a \"Full Name\"."
            };
            complaints.add("full_name", message);
        }
    }

    fn password(&self, complaints: &mut Complaints) {
        let password = self.text("password").unwrap_or_default();
        let generated = self.flag("random_password");
        if generated && self.gives("password") {
            let message = "Requesting a randomized password while simultaneously supplying an explicit password is not permitted.";
            complaints.add("random_password", message);
        }
        if !password.is_empty() && self.flag("password_disabled") {
            let message = "Leave \"Password\" blank when \"Disable password login\" is checked.";
            complaints.add("password_disabled", message);
        }
        if self.before.is_none()
            && password.is_empty()
            && !generated
            && !self.after.password_disabled
        {
            complaints.add("password", "Password is required");
        }
        if self.family.is_core() && password.contains('?') {
            let message =
                "An SMB issue prevents creating passwords containing a question mark (?).";
            complaints.add("password", message);
        }
        if self.flag("password_disabled") && self.is_last_password_administrator() {
            let message = "At least one local user with full rights must keep a password.";
            complaints.add("password_disabled", message);
        }
    }

    fn is_last_password_administrator(&self) -> bool {
        self.family >= Family::Scale2212
            && self
                .before
                .is_some_and(|before| is_last_password_administrator(self.state, before))
    }

    fn smb(&self, complaints: &mut Complaints) {
        let after = self.after;
        if !after.smb {
            return;
        }
        if self.family >= Family::Scale2310 && after.password_disabled {
            let message = "Password authentication may not be disabled for SMB users.";
            complaints.add("password_disabled", message);
        }
        let switched_on = self.before.is_some_and(|before| !before.smb);
        if switched_on && self.text("password").unwrap_or_default().is_empty() {
            complaints.add(
                "smb",
                "Password must be changed in order to enable SMB authentication",
            );
        }
        let clash = self
            .state
            .users_like(&after.username)
            .any(|other| other.id != after.id && other.smb && other.username != after.username);
        if clash && (self.gives("username") || switched_on || self.before.is_none()) {
            let message = format!(
                "Username \"{}\" conflicts with an existing SMB user. SMB usernames are case-insensitive.",
                after.username
            );
            complaints.add_errno("smb", message, EEXIST);
        }
    }

    fn email(&self, complaints: &mut Complaints) {
        if self.family.is_core()
            && self
                .text("email")
                .is_some_and(|address| !email::core_accepts(address))
        {
            complaints.add("email", "Not a valid E-Mail address");
        }
    }

    /// CORE never looks whether a uid is taken.
    fn uid(&self, complaints: &mut Complaints) {
        let uid = self.after.uid;
        if self.family.is_core()
            || self.given.get("uid").is_none_or(Value::is_null)
            || self.before.is_some_and(|before| before.uid == uid)
            || !self.state.uids.is_taken(uid)
        {
            return;
        }
        let owner = self.state.users().find(|user| user.uid == uid);
        let owner = owner.map_or("another", |user| user.username.as_str());
        let message = format!("Uid {uid} is already used (user {owner} has it)");
        complaints.add_errno("uid", message, EEXIST);
    }

    fn home(&self, complaints: &mut Complaints) {
        let home = self.after.home.as_str();
        let default = self.family.no_home();
        if self.gives("home") && home != default && !self.keeps_home() {
            self.given_home(home, default, complaints);
        }
        if self.text("sshpubkey").is_some_and(|key| !key.is_empty()) && !in_pool(home) {
            let message = if self.family >= Family::Scale2510 {
                format!(
                    "{home}: the user home directory must be set to a writable path located within a data pool."
                )
            } else {
                "The home directory is not writable. Leave this field blank.".to_owned()
            };
            complaints.add("sshpubkey", message);
        }
        if self
            .text("home_mode")
            .is_some_and(|mode| !owner_may_enter(mode))
        {
            complaints.add(
                "home_mode",
                "Home directory must be readable and executable by its owner",
            );
        }
    }

    fn keeps_home(&self) -> bool {
        self.before
            .is_some_and(|before| before.home == self.after.home)
    }

    fn given_home(&self, home: &str, default: &str, complaints: &mut Complaints) {
        if self.family >= Family::Scale2212 && !in_pool(home) {
            let message =
                format!("{home}: path specified to use as home directory does not exist.");
            complaints.add("home", message);
        }
        if !in_pool(home) {
            let slash = if self.family.is_core() { "/" } else { "" };
            let message =
                format!("\"Home Directory\" must begin with /mnt{slash} or set to {default}.");
            complaints.add("home", message);
        } else if self
            .state
            .users()
            .any(|other| other.id != self.after.id && other.home == home)
        {
            let message = format!("{home} is already the home of another user.");
            complaints.add_errno("home", message, EEXIST);
        }
    }

    fn shell(&self, complaints: &mut Complaints) {
        let known = |shell| self.family.shells().iter().any(|(path, _)| *path == shell);
        if self.text("shell").is_some_and(|shell| !known(shell)) {
            complaints.add("shell", "Please select a valid shell.");
        }
    }

    /// Before 24.10 this is only found out after the primary group was made.
    fn groups(&self, complaints: &mut Complaints) {
        if self.family < Family::Scale2410 || !self.gives("groups") {
            return;
        }
        /// How many auxiliary groups an account may have from 25.04 on.
        const MAXIMUM: usize = 64;
        for (index, id) in self.after.groups.iter().enumerate() {
            if self.state.group(*id).is_none() {
                complaints.add(&format!("groups.{index}"), "This group does not exist.");
            }
        }
        if self.family >= Family::Scale2504 && self.after.groups.len() > MAXIMUM {
            complaints.add(
                "groups",
                "A user cannot belong to more than 64 auxiliary groups.",
            );
        }
    }

    fn sudo(&self, complaints: &mut Complaints) {
        for key in ["sudo_commands", "sudo_commands_nopasswd"] {
            if let Some(Value::Array(commands)) = self.given.get(key) {
                sudo_complaints(self.family, key, commands, complaints);
            }
        }
    }

    /// From 25.10 on somebody with full rights must stay able to log in.
    fn lock(&self, complaints: &mut Complaints) {
        if self.family < Family::Scale2510 || !self.flag("locked") {
            return;
        }
        let other = self.state.users().any(|user| {
            user.id != self.after.id
                && !user.locked
                && (user.uid == 0 || self.state.is_in(user, ADMINISTRATORS_GID))
        });
        if !other {
            complaints.add(
                "locked",
                "At least one local user with full rights must stay unlocked.",
            );
        }
    }

    /// What may not change on accounts that came with the system.
    fn fixed(&self, complaints: &mut Complaints) {
        const FIXED: &str = "This attribute cannot be changed";
        let Some(before) = self
            .before
            .filter(|before| before.builtin || before.immutable)
        else {
            return;
        };
        if before.username != self.after.username {
            complaints.add("username", FIXED);
        }
        if before.group != self.after.group {
            complaints.add("group", FIXED);
        }
        if before.home != self.after.home {
            complaints.add("home", FIXED);
        }
        if before.smb != self.after.smb {
            complaints.add("smb", FIXED);
        }
    }
}

/// Whether nobody else with full rights has a password that opens anything.
pub(super) fn is_last_password_administrator(state: &State, user: &User) -> bool {
    let usable = |user: &User| !user.password_disabled && user.credential.is_some();
    let full = |user: &User| user.uid == 0 || state.is_in(user, ADMINISTRATORS_GID);
    full(user)
        && usable(user)
        && !state
            .users()
            .any(|other| other.id != user.id && full(other) && usable(other))
}

/// What is wrong with a list of commands, for users and groups alike.
pub(super) fn sudo_complaints(
    family: Family,
    key: &str,
    commands: &[Value],
    complaints: &mut Complaints,
) {
    for (index, command) in commands.iter().filter_map(Value::as_str).enumerate() {
        let key = format!("{key}.{index}");
        if command == "ALL" && family >= Family::Scale2212 {
            if commands.len() > 1 {
                complaints.add(&key, "ALL cannot be used with other commands");
            }
        } else if !command.starts_with('/') {
            complaints.add(&key, "Executable must be an absolute path");
        } else if !["/bin/", "/sbin/", "/usr/"]
            .iter()
            .any(|root| command.starts_with(root))
        {
            complaints.add(&key, format!("{command} does not exist"));
        }
    }
}

/// The simulated system has one pool, `tank`, in which every directory exists.
fn in_pool(home: &str) -> bool {
    home.strip_prefix("/mnt/tank/")
        .is_some_and(|rest| !rest.trim_matches('/').is_empty())
}

fn owner_may_enter(mode: &str) -> bool {
    u32::from_str_radix(mode, 8).is_ok_and(|mode| mode & 0o500 == 0o500)
}

/// What the password keys of a call amount to.
pub(super) fn apply_password(
    user: &mut User,
    given: &Map<String, Value>,
    now: jiff::Timestamp,
) -> Option<String> {
    let chosen = if given.get("random_password") == Some(&Value::Bool(true)) {
        Some(passwords::generate(user, now))
    } else {
        given
            .get("password")
            .map(|password| password.as_str().unwrap_or_default().to_owned())
    };
    if let Some(password) = &chosen {
        passwords::set(user, password, now);
    }
    chosen.filter(|password| !password.is_empty())
}
