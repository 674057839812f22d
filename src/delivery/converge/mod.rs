//! Convergence of one link: write desired minus applied, and nothing else.
//!
//! It is a dialogue between the store (claims, intents, the guard) and the appliance (look-ups and
//! writes), which is why it lives here and not on either of their floors.

mod account;
mod change;
mod collision;
mod create;
mod guard;
mod member_objects;
mod members;
mod observe;
mod recreate;
mod remove;
mod run;

pub(super) use account::converge;
pub(super) use collision::reserve_names;
pub(super) use run::{Run, Stop};
