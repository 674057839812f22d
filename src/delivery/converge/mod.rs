//! Convergence of one link: write desired minus applied, and nothing else.
//!
//! It is a dialogue between the store (claims, intents, the guard) and the appliance (look-ups and
//! writes), which is why it lives here and not on either of their floors.

mod account;
mod change;
mod collections;
mod confirm;
mod create;
mod guard;
mod member_objects;
mod members;
mod observe;
mod references;
mod remove;
mod revoke;
mod run;
mod switch;

pub(super) use account::converge;
pub(super) use run::{Run, Stop};
