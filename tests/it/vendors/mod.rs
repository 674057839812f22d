//! Each vendor: every mapped field changed and cleared, renames, states, groups, deletion; asserted by
//! reading the appliance.

mod collections;
mod foreman;
mod fortiauthenticator;
mod groups;
mod lifecycle;
mod nimble;
mod proofs;
mod references;
mod revocation;
mod truenas;
