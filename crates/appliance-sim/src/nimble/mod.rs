//! HPE Nimble Storage, REST API v1: `REST API Reference`, releases 4.4 to 6, and what HPE's own
//! Python and Go SDKs rely on.
//!
//! The array answers nothing without a session token, wraps everything in `data`, and explains
//! each error in two messages: the HTTP one, then the reason.

mod appliance;
mod authentication;
mod body;
mod criteria;
mod failure;
mod identifier;
mod jobs;
mod knobs;
mod listing;
mod policy;
mod query;
mod release;
mod routes;
mod row;
mod session;
mod settings;
mod success;
#[cfg(test)]
mod tests;
mod token_routes;
mod user;
mod user_document;
mod user_routes;
mod users;

pub(crate) use appliance::Nimble;

use crate::exchange::{Request, Response, Simulator};

impl Simulator for Nimble {
    fn handle(&mut self, request: &Request) -> Response {
        if let Some(response) = knobs::handle(self, request) {
            return response;
        }
        match routes::answer(self, request) {
            Ok(success) => Response::json(success.status, "application/json", &success.body),
            Err(failure) => failure.response(self.settings.messages),
        }
    }
}
