//! `scim-bridge serve`: the daemon.

use std::process::ExitCode;

use anyhow::Result;
use tracing::info;

use super::{ConfigurationArguments, assemble};

/// Options of `serve`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  scim-bridge serve --config /etc/scim-bridge/scim-bridge.toml\n\n\
                  SIGTERM and Ctrl-C end it gracefully: requests and calls in flight are finished."
)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    configuration: ConfigurationArguments,
}

/// Runs until it is told to stop.
pub(super) async fn run(arguments: ServeArguments) -> Result<ExitCode> {
    let config = arguments.configuration.load()?;
    let mut running = assemble::start(config).await?;
    let failure = tokio::select! {
        () = assemble::stop_signal() => None,
        failure = running.failed() => Some(failure),
    };
    info!("stopping: requests and calls in flight are finished first");
    running.stop().await;
    match failure {
        None => Ok(ExitCode::SUCCESS),
        Some(failure) => Err(failure),
    }
}
