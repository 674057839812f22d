//! Fortinet FortiAuthenticator, REST API v1: the `REST API Solution Guide` (6.x), and what
//! releases 8.0 were seen doing.
//!
//! The API is built on Django and tastypie, and answers as these do: empty bodies on success,
//! `meta`/`objects` envelopes, errors keyed by resource and field, and unknown names ignored.

mod appliance;
mod body;
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
mod settings;
mod system;
#[cfg(test)]
mod tests;
mod user_group;
mod user_routes;

pub(crate) use appliance::FortiAuthenticator;

use crate::exchange::{Request, Response, Simulator};

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
