//! The state of one TrueNAS.

use super::api_key::ApiKey;
use super::builtin;
use super::release::Family;
use super::state::State;
use crate::error::UnknownRelease;
use crate::options::SimulatorOptions;

/// One TrueNAS.
#[derive(Debug)]
pub(crate) struct TrueNas {
    pub(super) family: Family,
    pub(super) state: State,
    pub(super) api_key: Option<ApiKey>,
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
        })
    }
}
