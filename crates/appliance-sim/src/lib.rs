//! Simulators of the account APIs of four appliances: TrueNAS, FortiAuthenticator,
//! HPE Nimble Storage and Foreman.
//!
//! Each simulator is a synchronous state machine behind a small HTTP server. It keeps its state
//! in memory, writes a [journal](Call) of the calls that it got, and can be told to misbehave
//! through [`Control`] or over HTTP under `/_sim/`.

mod control;
mod control_path;
mod dummy_hash;
mod error;
mod exchange;
mod fault;
mod foreman;
mod fortiauthenticator;
mod journal;
mod knobs;
mod nimble;
mod options;
mod server;
mod service;
mod simulators;
mod socket;
mod tls;
mod truenas;
mod vendor;

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use control::Control;
pub use error::{SimulatorError, UnknownRelease};
pub use exchange::{Request, Response, Simulator};
pub use fault::{Fault, FaultKind};
pub use journal::Call;
pub use options::{SimulatorOptions, Tls};
pub use server::{RunningSimulator, start};
pub use socket::{Session, Sockets, Turn};
pub use vendor::{UnknownVendor, Vendor};
