//! HPE Nimble Storage, REST API v1: `REST API Reference`, releases 4.4 to 6, and what HPE's own
//! Python and Go SDKs rely on.
//!
//! The array answers nothing without a session token, wraps everything in `data`, and explains
//! each error in two messages: the HTTP one, then the reason.

mod body;
mod criteria;
mod failure;
mod identifier;
mod knobs;
mod listing;
mod policy;
mod query;
mod release;
mod routes;
mod session;
#[cfg(test)]
mod tests;
mod token_routes;
mod user;
mod user_document;
mod user_routes;
mod users;

use jiff::Timestamp;
use rand::{SeedableRng, rngs::StdRng};
use serde_json::Value;

use crate::{
    error::UnknownRelease,
    exchange::{Request, Response, Simulator},
};

use failure::Failure;
use knobs::Knobs;
use policy::Policy;
use release::Release;
use session::Sessions;
use users::Users;

/// What an array is set up with.
pub(crate) struct Options {
    /// `4.4`, `5.2` or `6.0`; a longer number of the same family means the same.
    pub(crate) release: String,
    /// The administrator who may use the API.
    pub(crate) username: String,
    /// That administrator's password.
    pub(crate) password: String,
}

/// One array: its users, its live sessions and its password policy.
pub(crate) struct Nimble {
    release: Release,
    users: Users,
    sessions: Sessions,
    policy: Policy,
    knobs: Knobs,
    random: StdRng,
}

/// What a call that succeeded answers.
struct Success {
    status: u16,
    body: Value,
}

/// A fresh array with its built-in administrator and the one of the options.
pub(crate) fn new(options: &Options) -> Result<Nimble, UnknownRelease> {
    let release = Release::parse(&options.release)?;
    Ok(Nimble {
        release,
        users: Users::new(&options.username, &options.password, Timestamp::now()),
        sessions: Sessions::default(),
        policy: Policy::default(),
        knobs: Knobs::default(),
        random: StdRng::from_rng(&mut rand::rng()),
    })
}

impl Simulator for Nimble {
    fn handle(&mut self, request: &Request) -> Response {
        if let Some(response) = knobs::handle(self, request) {
            return response;
        }
        match routes::answer(self, request) {
            Ok(success) => Response::json(success.status, "application/json", &success.body),
            Err(failure) => failure.response(self.knobs.messages),
        }
    }
}

impl Success {
    fn ok(body: Value) -> Result<Self, Failure> {
        Ok(Self { status: 200, body })
    }

    /// One object, in its envelope.
    fn data(status: u16, object: Value) -> Result<Self, Failure> {
        Ok(Self {
            status,
            body: serde_json::json!({"data": object}),
        })
    }
}
