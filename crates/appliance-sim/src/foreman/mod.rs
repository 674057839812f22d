//! Foreman: users, user groups and what they refer to, of the API v2 of 1.24, 2.5 and 3.12.

mod auth;
mod brute_force;
mod content;
mod hosts;
mod knobs;
mod listing;
mod lookups;
mod params;
mod permissions;
mod release;
mod reply;
mod routes;
mod search;
mod seed;
mod sessions;
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

use brute_force::BruteForce;
use release::Release;
use reply::Audience;
use sessions::Sessions;
use state::State;

use crate::{Request, Response, Simulator, UnknownRelease};

/// What is to be simulated.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// One of `3.12.0`, `2.5`, `1.24`.
    pub(crate) release: String,
    /// The administrator's login.
    pub(crate) username: String,
    /// The administrator's password.
    pub(crate) password: String,
    /// A personal access token of the administrator, for use as a password.
    pub(crate) token: Option<String>,
}

/// One Foreman.
#[derive(Debug)]
pub(crate) struct Foreman {
    release: Release,
    state: State,
    sessions: Sessions,
    brute_force: BruteForce,
    /// Counts requests, for what has to differ from one to the next.
    serial: u64,
}

/// Installs a Foreman of that release.
pub(crate) fn new(options: &Options) -> Result<Foreman, UnknownRelease> {
    let release = Release::of(&options.release)?;
    Ok(Foreman {
        release,
        state: seed::install(release, options),
        sessions: Sessions::default(),
        brute_force: BruteForce::default(),
        serial: 0,
    })
}

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
            session: session.as_deref(),
        };
        reply::respond(outcome, audience)
    }
}
