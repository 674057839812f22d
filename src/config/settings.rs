//! Settings of what has no floor of its own to keep them.

use std::path::PathBuf;

use crate::telemetry::LogFormat;

/// Where the durable state is kept.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// The SQLite database.
    pub path: PathBuf,
    /// Connections that read beside each other.
    pub readers: usize,
    /// Whether each commit reaches the disk before it is acknowledged.
    pub synchronous_full: bool,
}

/// What is logged, and how it looks.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// In the language of `RUST_LOG`.
    pub filter: String,
    /// Text or JSON.
    pub format: LogFormat,
}
