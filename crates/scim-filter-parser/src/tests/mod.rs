//! The crate seen from outside: what it reads, what it refuses, and what holds of any input.

mod invalid;
mod limits;
mod oracle;
mod properties;
mod rfc;
mod strategies;
mod trees;
mod valid;
