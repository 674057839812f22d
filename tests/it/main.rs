//! One binary, a folder a concern: the real daemon over HTTP against the simulators.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cli;
mod conformance;
mod delivery;
mod faults;
mod fifth;
mod idp;
mod security;
mod support;
mod traps;
mod vendors;
