//! TrueNAS: users and groups of the REST API v2.0, over CORE 13.0, SCALE 24.10, 25.04 and 25.10.

mod api_key;
mod appliance;
mod auth;
mod body;
mod builtin;
mod email;
mod filter;
mod group_view;
mod groups;
mod knobs;
mod names;
mod number_pool;
mod passwords;
mod query;
mod release;
mod reply;
mod routes;
mod schema;
mod schema_fields;
mod state;
mod system;
mod user_rules;
mod user_view;
mod users;

#[cfg(test)]
mod tests;

pub(crate) use appliance::TrueNas;

use crate::exchange::{Request, Response, Simulator};

impl Simulator for TrueNas {
    fn handle(&mut self, request: &Request) -> Response {
        if let Some(response) = knobs::answer(self, request) {
            return response;
        }
        match routes::answer(self, request) {
            Ok(body) => reply::ok(&body),
            Err(refusal) => refusal.into_response(),
        }
    }
}
