//! `scim-bridge healthcheck`: for container health checks, so that no image needs curl.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::redirect;
use url::Url;

/// Container runtimes give up after a few seconds themselves.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The longest answer that is repeated.
const SHOWN: usize = 400;

/// Options of `healthcheck`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  scim-bridge healthcheck http://127.0.0.1:9090/readyz\n\n\
                  The exit status is 0 if the answer is 200, and 1 otherwise."
)]
pub(super) struct HealthcheckArguments {
    /// What to ask.
    #[arg(default_value = "http://127.0.0.1:9090/readyz")]
    url: Url,
}

/// Asks once.
pub(super) async fn run(arguments: HealthcheckArguments) -> Result<ExitCode> {
    let url = arguments.url;
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()?;
    let answer = client
        .get(url.clone())
        .send()
        .await
        .with_context(|| format!("{url} does not answer"))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(ExitCode::SUCCESS);
    }
    let body: String = answer
        .text()
        .await
        .unwrap_or_default()
        .chars()
        .take(SHOWN)
        .collect();
    bail!("{url} answers {status}: {body}")
}
