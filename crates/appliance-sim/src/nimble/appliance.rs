//! The state of one array.

use jiff::Timestamp;
use rand::{SeedableRng, rngs::StdRng};

use crate::{error::UnknownRelease, options::SimulatorOptions};

use super::{
    jobs::Jobs, policy::Policy, release::Release, session::Sessions, settings::Settings,
    users::Users,
};

/// One array: its users, its live sessions and its password policy.
pub(crate) struct Nimble {
    pub(super) release: Release,
    pub(super) users: Users,
    pub(super) sessions: Sessions,
    pub(super) policy: Policy,
    pub(super) settings: Settings,
    pub(super) jobs: Jobs,
    pub(super) random: StdRng,
}

impl Nimble {
    /// A fresh array with its built-in administrator and the one of the options.
    pub(crate) fn install(options: &SimulatorOptions) -> Result<Self, UnknownRelease> {
        let release = Release::parse(options.release())?;
        Ok(Self {
            release,
            users: Users::new(&options.username, &options.password, Timestamp::now()),
            sessions: Sessions::default(),
            policy: Policy::default(),
            settings: Settings::default(),
            jobs: Jobs::default(),
            random: StdRng::from_rng(&mut rand::rng()),
        })
    }
}
