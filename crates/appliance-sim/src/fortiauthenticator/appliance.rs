//! The state of one appliance.

use crate::{error::UnknownRelease, exchange::Request, options::SimulatorOptions};

use super::{
    dialect::Dialect, filter::FilterRules, fortitoken::TokenPool, listing::Listing,
    local_users::LocalUsers, membership::Memberships, radius::RadiusAttributes, settings::Settings,
    user_group::UserGroups,
};

/// One appliance: local users, groups and what belongs to them.
pub(crate) struct FortiAuthenticator {
    pub(super) dialect: Dialect,
    /// The administrator with web service access.
    pub(super) username: String,
    /// That administrator's REST API key, which stands in for the password.
    pub(super) api_key: String,
    pub(super) users: LocalUsers,
    pub(super) groups: UserGroups,
    pub(super) memberships: Memberships,
    pub(super) radius: RadiusAttributes,
    pub(super) tokens: TokenPool,
    pub(super) mails: Vec<Mail>,
    pub(super) settings: Settings,
}

/// A mail that the appliance would have sent.
pub(super) struct Mail {
    pub(super) to: String,
    pub(super) about: &'static str,
}

impl FortiAuthenticator {
    /// A fresh appliance: two administrators, who are no local users but hold their names, and
    /// unassigned tokens.
    pub(crate) fn install(options: &SimulatorOptions) -> Result<Self, UnknownRelease> {
        Ok(Self {
            dialect: Dialect::parse(options.release())?,
            username: options.username.clone(),
            api_key: options.token.as_ref().unwrap_or(&options.password).clone(),
            users: LocalUsers::new(&options.username),
            groups: UserGroups::default(),
            memberships: Memberships::default(),
            radius: RadiusAttributes::default(),
            tokens: TokenPool::stocked(),
            mails: Vec::new(),
            settings: Settings::default(),
        })
    }

    /// How a collection is listed in answer to this request.
    pub(super) fn listing<'a>(
        &self,
        request: &'a Request,
        collection: &'a str,
        rules: &'a FilterRules,
    ) -> Listing<'a> {
        Listing {
            request,
            dialect: self.dialect,
            collection,
            rules,
            page_cap: self.settings.page_cap,
        }
    }

    pub(super) fn mail(&mut self, to: String, about: &'static str) {
        self.mails.push(Mail { to, about });
    }

    /// Forgets a local user and all that belongs to it.
    pub(super) fn delete_user(&mut self, id: u64) -> bool {
        let Some(user) = self.users.remove(id) else {
            return false;
        };
        self.memberships.remove_user(id);
        self.radius.remove_owner(id);
        self.tokens.release(user.text("token_serial"));
        true
    }
}
