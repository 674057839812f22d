//! Foreman: users, user groups and what they refer to, of the API v2 of 1.24, 2.5 and 3.12.

mod apidoc;
mod appliance;
mod auth;
mod brute_force;
mod content;
mod hosts;
mod knobs;
mod listing;
mod lookups;
mod params;
mod path_id;
mod permissions;
mod release;
mod reply;
mod routes;
mod search;
mod seed;
mod sessions;
mod settings;
mod ssh_keys;
mod state;
mod timezones;
mod tokens;
mod user_params;
mod user_rules;
mod user_search;
mod user_view;
mod usergroup_rules;
mod usergroups;
mod users;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use appliance::Foreman;
use reply::Audience;

use crate::exchange::{Request, Response, Simulator};

impl Simulator for Foreman {
    fn handle(&mut self, request: &Request) -> Response {
        if let Some(response) = knobs::answer(self, request) {
            return response;
        }
        self.serial += 1;
        let (outcome, session) = routes::answer(self, request);
        let audience = Audience {
            release: self.release,
            serial: self.serial,
            checksum: &self.apidoc.checksum,
            session: session.as_deref(),
        };
        reply::respond(outcome, audience)
    }
}
