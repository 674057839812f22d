//! Simulators of the account APIs of four appliances: TrueNAS, FortiAuthenticator,
//! HPE Nimble Storage and Foreman.
//!
//! Each simulator is a synchronous state machine behind a small HTTP server. It keeps its state
//! in memory, writes a [journal](Call) of the calls that it got, and can be told to misbehave
//! through [`Control`] or over HTTP under `/_sim/`.
//!
//! ```no_run
//! # async fn example() -> Result<(), appliance_sim::SimulatorError> {
//! use appliance_sim::{SimulatorOptions, Vendor, start};
//!
//! let simulator = start(SimulatorOptions::new(Vendor::Nimble)).await?;
//! println!("log in at {}/v1/tokens", simulator.url());
//! simulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod control;
mod control_path;
mod dummy_hash;
mod error;
mod exchange;
mod fault;
mod foreman;
mod fortiauthenticator;
mod journal;
mod nimble;
mod options;
mod server;
mod service;
mod tls;
mod truenas;
mod vendor;

pub use control::Control;
pub use error::{SimulatorError, UnknownRelease};
pub use exchange::{Request, Response, Simulator};
pub use fault::{Fault, FaultKind};
pub use journal::Call;
pub use options::{SimulatorOptions, Tls};
pub use server::{RunningSimulator, start};
pub use vendor::{UnknownVendor, Vendor};
