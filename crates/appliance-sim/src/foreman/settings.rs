//! What of a Foreman can be set from outside.

use serde_json::{Value, json};

use super::permissions::Permissions;
use crate::knobs;

/// The settings of the simulation.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// What the role Manager lacks, so that a bridge's account can have less than everything.
    pub(super) withheld: Permissions,
    /// Whether a taken login is only found out by the database, as when two creates race.
    pub(super) duplicates_race: bool,
}

impl knobs::Settings for Settings {
    fn document(&self) -> Value {
        json!({
            "withheld_permissions": self.withheld.names(),
            "duplicates_race": self.duplicates_race,
        })
    }

    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        match name {
            "withheld_permissions" => {
                let names = value.as_array()?.iter().map(Value::as_str);
                self.withheld = Permissions::named(&names.collect::<Option<Vec<_>>>()?)?;
            }
            "duplicates_race" => self.duplicates_race = value.as_bool()?,
            _ => return None,
        }
        Some(())
    }
}
