//! Simulators of the account APIs of four appliances.

mod dummy_hash;
mod exchange;
mod foreman;
mod truenas;
mod unknown_release;

pub use exchange::{Request, Response, Simulator};
pub use unknown_release::UnknownRelease;
