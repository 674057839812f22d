//! The one place that knows which state machine imitates which vendor.

use crate::{
    error::SimulatorError, exchange::Simulator, foreman::Foreman,
    fortiauthenticator::FortiAuthenticator, nimble::Nimble, options::SimulatorOptions,
    truenas::TrueNas, vendor::Vendor,
};

/// The state machine that the options ask for, in the state of a fresh installation.
pub(crate) fn install(options: &SimulatorOptions) -> Result<Box<dyn Simulator>, SimulatorError> {
    Ok(match options.vendor {
        Vendor::TrueNas => Box::new(TrueNas::install(options)?),
        Vendor::FortiAuthenticator => Box::new(FortiAuthenticator::install(options)?),
        Vendor::Nimble => Box::new(Nimble::install(options)?),
        Vendor::Foreman => Box::new(Foreman::install(options)?),
    })
}
