//! Appliances, from configuration to something that can be called.

use std::sync::Arc;

use anyhow::{Result, anyhow};

use crate::appliance::{CallObserver, ConnectError, Connection};
use crate::config::ConfiguredAppliance;
use crate::delivery::Target;

/// Prepares one appliance; opens no connection.
pub(super) fn target(
    appliance: &ConfiguredAppliance,
    observer: Arc<dyn CallObserver>,
) -> Result<Target, ConnectError> {
    let connection = Connection::new(
        appliance.settings.clone(),
        Arc::clone(&appliance.profile),
        observer,
    )?;
    Ok(Target {
        connection,
        profile: Arc::clone(&appliance.profile),
        policy: appliance.policy.clone(),
    })
}

/// Prepares all appliances, or says what is wrong with each that cannot be.
pub(super) fn targets(
    appliances: &[ConfiguredAppliance],
    observer: &Arc<dyn CallObserver>,
) -> Result<Vec<Target>> {
    let mut targets = Vec::with_capacity(appliances.len());
    let mut problems = Vec::new();
    for appliance in appliances {
        match target(appliance, Arc::clone(observer)) {
            Ok(target) => targets.push(target),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if problems.is_empty() {
        Ok(targets)
    } else {
        Err(anyhow!("{}", problems.join("\n")))
    }
}
