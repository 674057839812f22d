//! What the benchmarks share: the bridge itself, and who is in its directory.

pub mod bridge;
pub mod people;
