//! TrueNAS: users and groups of the REST API v2.0, over CORE 13.0, SCALE 24.10, 25.04 and 25.10.

mod auth;
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

use release::Family;
use state::State;

use crate::{Request, Response, Simulator, UnknownRelease};

/// What is to be simulated.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// One of `24.10.2.4`, `13.0-U6.8`, `25.04.2.6`, `25.10.6`.
    pub(crate) release: String,
    /// The administrator: `root`, or an account that is made beside a root without password.
    /// CORE lets only root use the API.
    pub(crate) username: String,
    /// The administrator's password.
    pub(crate) password: String,
    /// An API key of the administrator, `<id>-<64 letters and digits>`.
    pub(crate) token: Option<String>,
}

/// One TrueNAS.
#[derive(Debug)]
pub(crate) struct TrueNas {
    family: Family,
    state: State,
    api_key: Option<auth::ApiKey>,
}

/// Installs a TrueNAS of that release.
pub(crate) fn new(options: &Options) -> Result<TrueNas, UnknownRelease> {
    let family = Family::of(&options.release)?;
    let state = builtin::install(family, options);
    let owner = state
        .user_named(&options.username)
        .map_or(1, |user| user.id);
    let api_key = options
        .token
        .as_deref()
        .map(|token| auth::ApiKey::new(token, owner));
    Ok(TrueNas {
        family,
        state,
        api_key,
    })
}

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
