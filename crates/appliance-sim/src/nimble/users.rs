//! The array's local users: create, change, delete, and the rules that look at more than one.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::{
    failure::Failure,
    identifier::{Identifier, Kind},
    policy::Policy,
    settings::Settings,
    user::{Role, User},
    user_document::UserDocument,
};

/// The administrator that every array has.
const BUILT_IN: &str = "admin";

/// The number of the first user that is created by hand.
const FIRST_NUMBER: u64 = 7;

/// Every local user, by id, and by name.
pub(super) struct Users {
    by_id: BTreeMap<Identifier, User>,
    by_name: HashMap<String, Identifier>,
    next_number: u64,
}

/// What a change is checked against besides the users.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) policy: &'a Policy,
    pub(super) settings: &'a Settings,
}

impl Users {
    /// The built-in administrator, and the API user if that is another one.
    pub(super) fn new(username: &str, password: &str, now: Timestamp) -> Self {
        let mut users = Self {
            by_id: BTreeMap::new(),
            by_name: HashMap::new(),
            next_number: FIRST_NUMBER,
        };
        let id = Identifier::new(Kind::User, 1);
        let mut built_in = User::new(id, BUILT_IN, password, now);
        built_in.role = Role::Administrator;
        built_in.built_in = true;
        users.insert(built_in);
        if username != BUILT_IN {
            let id = Identifier::new(Kind::User, 2);
            let mut user = User::new(id, username, password, now);
            user.role = Role::Administrator;
            users.insert(user);
        }
        users
    }

    pub(super) fn get(&self, id: &Identifier) -> Result<&User, Failure> {
        self.by_id.get(id).ok_or_else(Failure::no_such_object)
    }

    pub(super) fn get_mut(&mut self, id: &Identifier) -> Result<&mut User, Failure> {
        self.by_id.get_mut(id).ok_or_else(Failure::no_such_object)
    }

    /// The user of exactly that name.
    pub(super) fn named(&self, name: &str) -> Option<&User> {
        self.by_name.get(name).and_then(|id| self.by_id.get(id))
    }

    /// Every user in the order of the ids.
    pub(super) fn all(&self) -> impl Iterator<Item = &User> {
        self.by_id.values()
    }

    pub(super) fn create(
        &mut self,
        document: UserDocument,
        rules: Rules<'_>,
        now: Timestamp,
    ) -> Result<Identifier, Failure> {
        let (Some(name), Some(password)) = (document.name.clone(), document.password.clone())
        else {
            return Err(Failure::missing("name"));
        };
        self.check_name_is_free(&name, None, rules.settings)?;
        rules.policy.check(&password, None)?;
        check_timeout(&document, rules.settings)?;
        if self.by_id.len() >= rules.settings.max_users {
            return Err(Failure::conflict("SM_too_many", "Too many users."));
        }
        let id = Identifier::new(Kind::User, self.next_number);
        self.next_number += 1;
        let mut user = User::new(id.clone(), &name, &password, now);
        apply(&mut user, document);
        self.insert(user);
        Ok(id)
    }

    /// Changes the fields that the document has. Nothing is changed when one is refused.
    pub(super) fn update(
        &mut self,
        id: &Identifier,
        document: UserDocument,
        rules: Rules<'_>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let user = self.get(id)?;
        if user.built_in {
            check_built_in(user, &document)?;
        }
        if let Some(name) = &document.name {
            self.check_name_is_free(name, Some(id), rules.settings)?;
        }
        if let Some(password) = &document.password {
            rules.policy.check(password, Some(user))?;
        }
        check_timeout(&document, rules.settings)?;
        let user = self.get_mut(id)?;
        let former_name = user.name.clone();
        apply(user, document);
        user.modified = now;
        let name = user.name.clone();
        self.by_name.remove(&former_name);
        self.by_name.insert(name, id.clone());
        Ok(())
    }

    pub(super) fn delete(&mut self, id: &Identifier) -> Result<(), Failure> {
        let user = self.get(id)?;
        if user.built_in {
            return Err(Failure::conflict(
                "SM_eperm",
                "The built-in administrator cannot be deleted.",
            ));
        }
        let name = user.name.clone();
        self.by_name.remove(&name);
        self.by_id.remove(id);
        Ok(())
    }

    fn insert(&mut self, user: User) {
        self.by_name.insert(user.name.clone(), user.id.clone());
        self.by_id.insert(user.id.clone(), user);
    }

    fn check_name_is_free(
        &self,
        name: &str,
        own: Option<&Identifier>,
        settings: &Settings,
    ) -> Result<(), Failure> {
        let taken = match settings.names_ignore_case {
            false => self.by_name.get(name).is_some_and(|id| Some(id) != own),
            true => self
                .all()
                .any(|user| user.name.eq_ignore_ascii_case(name) && Some(&user.id) != own),
        };
        if taken {
            return Err(Failure::exists());
        }
        Ok(())
    }
}

/// A user's time-out may be shorter than the group's, not longer.
fn check_timeout(document: &UserDocument, settings: &Settings) -> Result<(), Failure> {
    match document.inactivity_timeout {
        Some(seconds) if seconds > settings.group_inactivity_timeout => {
            Err(Failure::invalid("inactivity_timeout"))
        }
        _ => Ok(()),
    }
}

fn check_built_in(user: &User, document: &UserDocument) -> Result<(), Failure> {
    let renamed = document
        .name
        .as_ref()
        .is_some_and(|name| *name != user.name);
    let demoted = document.role.is_some_and(|role| role != user.role);
    if renamed || demoted || document.disabled == Some(true) {
        return Err(Failure::conflict(
            "SM_eperm",
            "The built-in administrator cannot be renamed, demoted or disabled.",
        ));
    }
    Ok(())
}

fn apply(user: &mut User, document: UserDocument) {
    let set = |field: &mut String, value: Option<String>| {
        if let Some(value) = value {
            *field = value;
        }
    };
    if let Some(password) = document.password
        && password != user.password
    {
        let former = std::mem::replace(&mut user.password, password);
        user.former_passwords.push(former);
    }
    set(&mut user.name, document.name);
    set(&mut user.description, document.description);
    set(&mut user.full_name, document.full_name);
    set(&mut user.email_addr, document.email_addr);
    if let Some(role) = document.role {
        user.role = role;
    }
    if let Some(seconds) = document.inactivity_timeout {
        user.inactivity_timeout = seconds;
    }
    if let Some(disabled) = document.disabled {
        user.disabled = disabled;
    }
}
