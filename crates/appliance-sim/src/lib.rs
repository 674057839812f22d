//! Simulators of the account APIs of four appliances.

mod exchange;

pub use exchange::{Request, Response, Simulator};
