//! Assembles each floor's own settings from defaults, file and environment.
//!
//! `config/scim-bridge.toml` in the repository is compiled in: it is the lowest layer and the
//! reference for operators at once. [`load`] reports everything that is wrong in one go, each with
//! place, key and remedy.

mod appliance;
mod check;
mod delivery;
mod directory;
mod environment;
mod errors;
mod file;
mod introspect;
mod json_schema;
mod layers;
mod listeners;
mod load;
mod places;
mod schema;
mod secrets;
mod settings;
#[cfg(test)]
mod tests;
mod tolerances;

use std::path::PathBuf;

pub use appliance::{ConfiguredAppliance, ProfileSource, Profiles, UnreadableProfile};
pub use directory::DEFAULT_DIRECTORY;
pub use errors::{ConfigError, ConfigErrors};
pub use json_schema::json_schema;
pub use load::load;
pub use places::Place;
pub use settings::{LogSettings, StoreSettings};

use crate::delivery::DeliverySettings;
use crate::directory::{DirectorySettings, ScanSettings};
use crate::http::{OpsSettings, ScimSettings};

/// Everything that the operator decides.
#[derive(Debug, Clone)]
pub struct Config {
    /// The listener of the SCIM endpoint.
    pub scim: ScimSettings,
    /// The share of the server for lists that no index answers.
    pub scan: ScanSettings,
    /// The listener for operators.
    pub ops: OpsSettings,
    /// Where the durable state is kept.
    pub store: StoreSettings,
    /// What is logged.
    pub log: LogSettings,
    /// Delivery as a whole.
    pub delivery: DeliverySettings,
    /// The directories; `default` is always among them.
    pub directories: Vec<DirectorySettings>,
    /// The appliances.
    pub appliances: Vec<ConfiguredAppliance>,
    /// The vendor profiles that appliances can name.
    pub profiles: Profiles,
    /// The key that passwords are sealed with; made when it is first needed.
    pub sealing_key_file: PathBuf,
    /// What works, but should be thought over; one sentence each.
    pub warnings: Vec<String>,
}

impl Config {
    /// The directory of this name.
    pub fn directory(&self, name: &str) -> Option<&DirectorySettings> {
        self.directories
            .iter()
            .find(|directory| directory.name == name)
    }
}

/// The commented reference of all keys with their defaults.
pub fn reference() -> &'static str {
    layers::DEFAULTS
}
