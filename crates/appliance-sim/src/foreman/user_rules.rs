//! When a user is valid.

use super::appliance::Foreman;
use super::params::Params;
use super::permissions::Caller;
use super::reply::Errors;
use super::state::{INTERNAL, User};
use super::timezones;

/// A user as it would be, what it was, and the request behind the difference.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'a> {
    pub(super) foreman: &'a Foreman,
    pub(super) caller: Caller,
    pub(super) before: Option<&'a User>,
    pub(super) after: &'a User,
    pub(super) params: &'a Params,
}

impl Change<'_> {
    pub(super) fn errors(&self) -> Errors {
        let mut errors = Errors::new();
        self.login(&mut errors);
        self.auth_source(&mut errors);
        self.mail(&mut errors);
        self.names(&mut errors);
        self.locale(&mut errors);
        self.password(&mut errors);
        self.admin(&mut errors);
        self.roles(&mut errors);
        self.taxonomies(&mut errors);
        self.defaults(&mut errors);
        errors
    }

    fn login(&self, errors: &mut Errors) {
        let login = self.after.login.as_str();
        if self.before.is_some_and(|before| before.login == login) {
            return;
        }
        if login.is_empty() {
            return complain(errors, "login", "can't be blank");
        }
        if login.chars().count() > 100 {
            complain(errors, "login", "is too long (maximum is 100 characters)");
        }
        let allowed = |letter: char| letter.is_alphanumeric() || "_-@.\\$#+".contains(letter);
        if !login.chars().all(allowed) {
            complain(errors, "login", "is invalid");
        }
        if login == "current_user" && self.foreman.release.has_current_user() {
            complain(errors, "login", "is reserved");
        }
        let state = &self.foreman.state;
        if state
            .user_by_login(login)
            .is_some_and(|other| other.id != self.after.id)
        {
            complain(errors, "login", "already exists");
        }
        if state.usergroup_named(login).is_some() {
            complain(errors, "base", "A user group already exists with this name");
        }
        let external = |before: &User| before.auth_source_id != Some(INTERNAL);
        if self.before.is_some_and(external) {
            complain(
                errors,
                "login",
                "It is not possible to change external users login",
            );
        }
    }

    fn auth_source(&self, errors: &mut Errors) {
        match self.after.auth_source_id {
            None => complain(errors, "auth_source_id", "can't be blank"),
            Some(id) => {
                if self
                    .foreman
                    .state
                    .auth_source(id)
                    .is_some_and(|source| source.hidden)
                {
                    complain(errors, "auth_source", "is not permitted");
                }
            }
        }
    }

    fn mail(&self, errors: &mut Errors) {
        let mail = self.after.mail.as_deref().unwrap_or_default();
        if mail.is_empty() {
            // Only an update asks for one, and only while mails are on.
            if self.before.is_some() && self.after.mail_enabled {
                complain(errors, "mail", "can't be blank");
            }
            return;
        }
        let is_address = mail
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
            && !mail.contains(char::is_whitespace);
        if !is_address {
            complain(errors, "mail", "is invalid");
        }
        if mail.chars().count() > 254 {
            complain(errors, "mail", "is too long (maximum is 254 characters)");
        }
    }

    fn names(&self, errors: &mut Errors) {
        let allowed = |letter: char| {
            letter.is_alphanumeric() || letter.is_whitespace() || "'_-.()<>;=,".contains(letter)
        };
        for (field, name) in [
            ("firstname", &self.after.firstname),
            ("lastname", &self.after.lastname),
        ] {
            let name = name.as_deref().unwrap_or_default();
            if !name.chars().all(allowed) {
                complain(errors, field, "is invalid");
            }
            if name.chars().count() > 50 {
                complain(errors, field, "is too long (maximum is 50 characters)");
            }
        }
        let description = self.after.description.as_deref().unwrap_or_default();
        if description.chars().count() > 65_535 {
            let message = "is too long (maximum is 65535 characters)";
            complain(errors, "description", message);
        }
    }

    fn locale(&self, errors: &mut Errors) {
        let locale = self.after.locale.as_deref().unwrap_or_default();
        if !locale.is_empty() {
            if locale.chars().count() > 5 {
                complain(errors, "locale", "is too long (maximum is 5 characters)");
            }
            if !has_locale_shape(locale) {
                complain(errors, "locale", "is invalid");
            }
        }
        let zone = self.after.timezone.as_deref().unwrap_or_default();
        if !zone.is_empty() && !timezones::is_known(zone) {
            complain(errors, "timezone", "is not valid");
        }
    }

    fn password(&self, errors: &mut Errors) {
        let internal = self.after.auth_source_id == Some(INTERNAL);
        if internal && self.after.password.is_none() {
            complain(errors, "password_hash", "can't be blank");
        }
        let Some(password) = self.params.present("password").filter(|_| internal) else {
            return;
        };
        let confirmation = self.params.text("password_confirmation").flatten();
        if confirmation.is_some_and(|confirmation| confirmation != password) {
            complain(errors, "password_confirmation", "doesn't match Password");
        }
        let Some(before) = self.before else {
            return;
        };
        if before.id == self.caller.id {
            let current = self.params.present("current_password");
            let known = before.password.as_ref().map(|known| known.clear.clone());
            if current != known {
                complain(errors, "current_password", "Incorrect password");
            }
        } else if before.admin && !self.caller.admin {
            complain(
                errors,
                "password",
                "of an admin account can only be changed by an admin",
            );
        }
    }

    fn admin(&self, errors: &mut Errors) {
        let Some(before) = self.before else {
            return;
        };
        if self.after.disabled && !before.disabled && before.id == self.caller.id {
            complain(errors, "disabled", "It is not possible to disable yourself");
        }
        if before.admin && !self.after.admin {
            // Whether the others can still log in is not asked.
            let state = &self.foreman.state;
            let others = state
                .visible_users()
                .any(|other| other.id != before.id && state.is_effective_admin(other));
            if !others {
                complain(
                    errors,
                    "admin",
                    "cannot be removed from the last admin account",
                );
            }
        }
    }

    fn roles(&self, errors: &mut Errors) {
        let before = self
            .before
            .map(|before| before.role_ids.clone())
            .unwrap_or_default();
        let added = self.after.role_ids.difference(&before).copied().collect();
        if !self.caller.may_give(&self.foreman.state, &added) {
            complain(
                errors,
                "role_ids",
                "you can't assign some of roles you selected",
            );
        }
    }

    /// Who is no administrator puts new users into organizations and locations of his own, and
    /// needs a permission for it.
    fn taxonomies(&self, errors: &mut Errors) {
        if self.before.is_some() || self.caller.admin {
            return;
        }
        for (field, permission) in [
            ("organization_ids", "assign_organizations"),
            ("location_ids", "assign_locations"),
        ] {
            if !self.caller.may(permission) {
                complain(errors, field, "invalid selection for non-admin user");
            }
        }
        let own = self.foreman.state.user(self.caller.id);
        if own.is_some_and(|own| own.organization_ids.is_empty() || own.location_ids.is_empty()) {
            complain(
                errors,
                "base",
                "the caller belongs to no organization or location",
            );
        }
    }

    /// Administrators may have any default; others one of their own.
    fn defaults(&self, errors: &mut Errors) {
        let after = self.after;
        if after.admin {
            return;
        }
        if after
            .default_location_id
            .is_some_and(|id| !after.location_ids.contains(&id))
        {
            let message = "default locations need to be user locations first";
            complain(errors, "default_location", message);
        }
        if after
            .default_organization_id
            .is_some_and(|id| !after.organization_ids.contains(&id))
        {
            let message = "default organizations need to be user organizations first";
            complain(errors, "default_organization", message);
        }
    }
}

/// Two letters, and perhaps two more; which ones does not matter.
fn has_locale_shape(locale: &str) -> bool {
    let pair =
        |text: &str| text.len() == 2 && text.chars().all(|letter| letter.is_ascii_alphabetic());
    match locale.split_once(['_', '-']) {
        Some((language, country)) => pair(language) && pair(country),
        None => pair(locale),
    }
}

fn complain(errors: &mut Errors, field: &str, message: &str) {
    errors.push((field.to_owned(), message.to_owned()));
}
