//! Each vendor: every mapped field changed and cleared, renames, states, groups, deletion; asserted by
//! reading the appliance.

mod foreman;
mod fortiauthenticator;
mod groups;
pub mod lifecycle;
mod nimble;
mod truenas;
