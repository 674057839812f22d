//! Accounts under another name than their attributes give, and accounts without a password.

use serde_json::Value;

use super::super::translated::Translated;
use super::ObjectProfile;

impl ObjectProfile {
    /// The key with a number behind it that tells it from the same key of somebody else: `jdoe2`,
    /// or `jdoe2@corp.example` where the key is an address. What is too long is shortened before the
    /// number. `None` if the vendor would not take it.
    pub fn suffixed_key(&self, key: &str, number: u32) -> Option<String> {
        let row = self.table.row(&self.table.key)?;
        let (local, domain) = key
            .rfind('@')
            .map_or((key, ""), |position| key.split_at(position));
        let number = number.to_string();
        let taken = number.len() + domain.chars().count();
        let room = row
            .max_length()
            .map_or(usize::MAX, |limit| limit.saturating_sub(taken));
        let local: String = local.chars().take(room).collect();
        let suffixed = format!("{local}{number}{domain}");
        (!local.is_empty() && row.takes(&suffixed)).then_some(suffixed)
    }

    /// The same desired state under another key.
    #[must_use]
    pub fn rekeyed(&self, desired: &Translated, key: &str) -> Translated {
        let mut rekeyed = desired.clone();
        rekeyed
            .fields
            .insert(self.table.key.clone(), Value::from(key));
        rekeyed.key = Some(key.to_owned());
        rekeyed
    }

    /// Whether accounts can do without a password login.
    pub fn can_do_without_password(&self) -> bool {
        self.without_password.is_some()
    }

    /// Desires an account without a password login; nothing where the vendor has no such thing.
    pub fn take_password_away(&self, desired: &mut Translated) {
        if let Some(fields) = &self.without_password {
            self.table.replace_secrets(desired, fields);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectProfile;
    use crate::scim::ResourceKind;
    use crate::vendor::{Profile, Subject};

    fn with_user(vendor: &str, check: impl FnOnce(&ObjectProfile)) {
        let text = Profile::builtin(vendor).unwrap();
        let profile = Profile::compile(vendor, text, &toml::Table::new()).unwrap();
        check(profile.object(ResourceKind::User).unwrap());
    }

    #[test]
    fn a_suffix_fits_the_vendor() {
        with_user("truenas", |user| {
            assert_eq!(user.suffixed_key("jdoe", 2).as_deref(), Some("jdoe2"));
            let long = "a".repeat(32);
            let suffixed = user.suffixed_key(&long, 12).unwrap();
            assert_eq!(suffixed, format!("{}12", "a".repeat(30)));
        });
    }

    #[test]
    fn the_suffix_of_an_address_stands_before_the_at() {
        with_user("fortiauthenticator", |user| {
            assert_eq!(
                user.suffixed_key("jane.doe@corp.example", 2).as_deref(),
                Some("jane.doe2@corp.example")
            );
            assert_eq!(user.suffixed_key("jané@corp.example", 2), None);
            let domain = format!("@{}", "d".repeat(300));
            assert_eq!(
                user.suffixed_key(&format!("jane{domain}"), 2),
                None,
                "no room"
            );
        });
    }

    #[test]
    fn what_takes_the_place_of_a_password_is_held_to_the_rules() {
        let shares: toml::Table = toml::from_str("user.fields.smb.value = true").unwrap();
        for (overrides, broken) in [(toml::Table::new(), 0), (shares, 1)] {
            let text = Profile::builtin("truenas").unwrap();
            let profile = Profile::compile("truenas", text, &overrides).unwrap();
            let user = profile.object(ResourceKind::User).unwrap();
            let document = serde_json::json!({"userName": "jane"});
            let mut desired = user.translate(&Subject {
                id: "1",
                document: document.as_object().unwrap(),
                groups: &[],
                appliance: "nas",
            });
            user.take_password_away(&mut desired);
            assert!(desired.secrets.is_empty());
            assert_eq!(desired.fields["password_disabled"], true);
            assert_eq!(desired.violations.len(), broken, "{:?}", desired.violations);
        }
    }

    #[test]
    fn what_takes_the_place_of_a_password_is_a_row_of_the_table() {
        let text = Profile::builtin("truenas").unwrap().replace(
            "without_password = { password_disabled = true }",
            "without_password = { no_password = true }",
        );
        let errors = Profile::compile("truenas", &text, &toml::Table::new()).unwrap_err();
        let shown = errors.to_string();
        assert!(shown.contains("\"no_password\" is no field"), "{shown}");
    }

    #[test]
    fn only_a_profile_that_says_so_does_without_a_password() {
        with_user("truenas", |user| assert!(user.can_do_without_password()));
        with_user("nimble", |user| assert!(!user.can_do_without_password()));
    }
}
