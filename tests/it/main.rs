//! One binary, a folder a concern: the real daemon over HTTP against the simulators.

mod cli;
mod conformance;
mod delivery;
mod faults;
mod idp;
mod support;
mod vendors;
