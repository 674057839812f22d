//! The state of one TrueNAS.

use std::collections::HashMap;

use super::api_key::ApiKey;
use super::builtin;
use super::release::Family;
use super::rpc::Sessions;
use super::settings::Settings;
use super::state::State;
use crate::error::UnknownRelease;
use crate::options::SimulatorOptions;

/// One TrueNAS.
#[derive(Debug)]
pub(crate) struct TrueNas {
    pub(super) family: Family,
    pub(super) state: State,
    pub(super) api_key: Option<ApiKey>,
    /// The row id of the user of the options.
    pub(super) administrator: i64,
    pub(super) sessions: Sessions,
    pub(super) tokens: Tokens,
    pub(super) settings: Settings,
}

/// One-time tokens that were not used yet, with the row ids of their users.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) open: HashMap<String, i64>,
    pub(super) made: u64,
}

impl TrueNas {
    /// A fresh installation. An administrator who is not `root` is made beside a root without a
    /// password; CORE lets only root use the API. The token is the administrator's API key,
    /// `<id>-<64 letters and digits>`.
    pub(crate) fn install(options: &SimulatorOptions) -> Result<Self, UnknownRelease> {
        let family = Family::of(options.release())?;
        let state = builtin::install(family, options);
        let owner = state
            .user_named(&options.username)
            .map_or(1, |user| user.id);
        let api_key = options
            .token
            .as_deref()
            .map(|token| ApiKey::new(token, owner));
        Ok(Self {
            family,
            state,
            api_key,
            administrator: owner,
            sessions: Sessions::default(),
            tokens: Tokens::default(),
            settings: Settings::default(),
        })
    }
}
