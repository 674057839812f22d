//! The state of one Foreman.

use super::apidoc::Apidoc;
use super::brute_force::BruteForce;
use super::release::Release;
use super::seed;
use super::sessions::Sessions;
use super::settings::Settings;
use super::state::State;
use crate::error::UnknownRelease;
use crate::options::SimulatorOptions;

/// One Foreman.
#[derive(Debug)]
pub(crate) struct Foreman {
    pub(super) release: Release,
    pub(super) state: State,
    pub(super) sessions: Sessions,
    pub(super) brute_force: BruteForce,
    pub(super) apidoc: Apidoc,
    pub(super) settings: Settings,
    /// Counts requests, for what has to differ from one to the next.
    pub(super) serial: u64,
}

impl Foreman {
    /// A fresh installation. The token is a personal access token of the administrator, for use
    /// as a password.
    pub(crate) fn install(options: &SimulatorOptions) -> Result<Self, UnknownRelease> {
        let release = Release::of(options.release())?;
        Ok(Self {
            release,
            state: seed::install(release, options),
            sessions: Sessions::default(),
            brute_force: BruteForce::default(),
            apidoc: Apidoc::of(release),
            settings: Settings::default(),
            serial: 0,
        })
    }
}
