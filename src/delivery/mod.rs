//! Links made due are worked off: leases, queue, backoff, breaker, guard, sweeps.

mod settings;

pub use settings::{
    AppliancePolicy, DeliverySettings, GuardSettings, PasswordPolicy, Removal, Scope,
};
