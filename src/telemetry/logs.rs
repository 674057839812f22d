//! Structured logs: text for a person at a terminal, JSON for a collector.

use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::util::TryInitError;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text where standard error is a terminal, JSON otherwise.
    Automatic,
    /// Always text.
    Text,
    /// Always JSON, one object a line.
    Json,
}

/// Why logging could not be started.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter does not parse.
    #[error(
        "the log filter {filter:?} does not parse: {reason}; write for example `info,scim_bridge=debug`"
    )]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Logging has been started before in this process.
    #[error("logging has been started before: {0}")]
    AlreadyStarted(#[from] TryInitError),
}

/// Starts logging to standard error; standard output belongs to the commands.
///
/// `filter` is in the language of `RUST_LOG`: `info`, `info,scim_bridge::http=debug`.
///
/// # Errors
/// When the filter does not parse, or logging has been started before.
pub fn start_logs(filter: &str, format: LogFormat) -> Result<(), LogError> {
    let parsed = parse_filter(filter)?;
    let json = match format {
        LogFormat::Automatic => !std::io::stderr().is_terminal(),
        LogFormat::Text => false,
        LogFormat::Json => true,
    };
    let lines = fmt().with_env_filter(parsed).with_writer(std::io::stderr);
    if json {
        lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .finish()
            .with(filter_fn(holds_no_bodies))
            .try_init()?;
    } else {
        lines.finish().with(filter_fn(holds_no_bodies)).try_init()?;
    }
    Ok(())
}

/// Whether a line of this origin is free of what was sent and received, which may be passwords. The
/// websocket library writes out every message below `info`, and no filter may ask for that.
fn holds_no_bodies(origin: &Metadata<'_>) -> bool {
    *origin.level() <= Level::INFO || !origin.target().starts_with("tungstenite")
}

fn parse_filter(filter: &str) -> Result<EnvFilter, LogError> {
    EnvFilter::builder()
        .parse(filter)
        .map_err(|error| LogError::Filter {
            filter: filter.to_owned(),
            reason: error.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::parse_filter;

    #[test]
    fn a_filter_that_does_not_parse_is_quoted_in_the_error() {
        let error = parse_filter("scim_bridge=loud").expect_err("`loud` is no level");
        assert!(error.to_string().contains("scim_bridge=loud"), "{error}");
        assert!(parse_filter("info,scim_bridge::http=debug").is_ok());
    }
}
