//! The option that most commands share: which configuration.

use std::path::PathBuf;

use anyhow::Result;

use crate::config::{self, Config, Profiles};

/// Which configuration to use.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ConfigurationArguments {
    /// The configuration file. Environment variables (`SCIM_BRIDGE_...`) win over it.
    #[arg(long, value_name = "FILE", env = "SCIM_BRIDGE_CONFIG")]
    config: Option<PathBuf>,
}

impl ConfigurationArguments {
    /// The vendor profiles that it names; the built-in ones where none is given.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn profiles(&self) -> Result<Profiles> {
        match self.config {
            Some(_) => Ok(self.load()?.profiles),
            None => Ok(Profiles::builtin()),
        }
    }

    /// Loads it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn load(&self) -> Result<Config> {
        // A variable that is not Unicode cannot be one of ours.
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Ok(config::load(self.config.as_deref(), variables)?)
    }
}
