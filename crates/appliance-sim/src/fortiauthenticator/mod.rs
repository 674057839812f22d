//! Fortinet FortiAuthenticator, REST API v1: the `REST API Solution Guide` (6.x), and what
//! releases 8.0 were seen doing.
//!
//! The API is built on Django and tastypie, and answers as these do: empty bodies on success,
//! `meta`/`objects` envelopes, errors keyed by resource and field, and unknown names ignored.

mod countries;
mod dialect;
mod filter;
mod form;
mod fortitoken;
mod group_routes;
mod knobs;
mod listing;
mod local_user;
mod local_users;
mod membership;
mod membership_routes;
mod radius;
mod radius_routes;
mod reply;
mod routes;
mod rules;
mod system;
#[cfg(test)]
mod tests;
mod user_group;
mod user_routes;

use jiff::Timestamp;

use crate::{
    error::UnknownRelease,
    exchange::{Request, Response, Simulator},
};

use dialect::Dialect;
use fortitoken::TokenPool;
use knobs::Knobs;
use local_users::LocalUsers;
use membership::Memberships;
use radius::RadiusAttributes;
use user_group::UserGroups;

/// What an appliance is set up with.
pub(crate) struct Options {
    /// `classic`, `classic-2014` or `v8`.
    pub(crate) release: String,
    /// The administrator with web service access.
    pub(crate) username: String,
    /// That administrator's REST API key, which stands in for the password.
    pub(crate) api_key: String,
}

/// One appliance: local users, groups and what belongs to them.
pub(crate) struct FortiAuthenticator {
    dialect: Dialect,
    username: String,
    api_key: String,
    users: LocalUsers,
    groups: UserGroups,
    memberships: Memberships,
    radius: RadiusAttributes,
    tokens: TokenPool,
    mails: Vec<Mail>,
    knobs: Knobs,
}

/// A mail that the appliance would have sent.
struct Mail {
    to: String,
    about: &'static str,
}

/// A fresh appliance: two administrators, who are no local users but hold their names, and
/// unassigned tokens.
pub(crate) fn new(options: &Options) -> Result<FortiAuthenticator, UnknownRelease> {
    Ok(FortiAuthenticator {
        dialect: Dialect::parse(&options.release)?,
        username: options.username.clone(),
        api_key: options.api_key.clone(),
        users: LocalUsers::new(&options.username),
        groups: UserGroups::default(),
        memberships: Memberships::default(),
        radius: RadiusAttributes::default(),
        tokens: TokenPool::stocked(),
        mails: Vec::new(),
        knobs: Knobs::default(),
    })
}

impl Simulator for FortiAuthenticator {
    fn handle(&mut self, request: &Request) -> Response {
        self.users.pass_time(request.now);
        if let Some(response) = knobs::handle(self, request) {
            return response;
        }
        match routes::answer(self, request) {
            Ok(response) | Err(response) => reply::dressed(response),
        }
    }
}

impl FortiAuthenticator {
    fn mail(&mut self, to: String, about: &'static str) {
        self.mails.push(Mail { to, about });
    }

    /// Forgets a local user and all that belongs to it.
    fn delete_user(&mut self, id: u64) -> bool {
        let Some(user) = self.users.remove(id) else {
            return false;
        };
        self.memberships.remove_user(id);
        self.radius.remove_owner(id);
        self.tokens.release(user.text("token_serial"));
        true
    }
}

/// The instant, in the form in which the API writes it.
fn iso_8601(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
