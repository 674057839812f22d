//! `scim-bridge demo`: the bridge, four simulated appliances, and a cast that plays through the real
//! endpoint.

mod cast;
mod play;
mod site;
mod table;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::OutputFormat;
use site::Site;

/// How long the cast's changes may take to reach all appliances before the demo says so.
const PATIENCE: Duration = Duration::from_secs(60);

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArguments {
    /// Start everything, but let nobody play: for your own client, or for scripts.
    #[arg(long)]
    no_traffic: bool,
    /// `json` prints one line of JSON when everything is ready.
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
    /// Where the SCIM endpoint listens; by default a free port on loopback.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where database and configuration are kept; by default a temporary folder that is removed at
    /// the end.
    #[arg(long)]
    data_dir: Option<PathBuf>,
}

/// Runs the demo until Ctrl-C.
pub async fn run(arguments: DemoArguments) -> Result<()> {
    let site = Site::start(arguments.listen, arguments.data_dir.clone()).await?;
    match arguments.output {
        OutputFormat::Json => print_ready(&site)?,
        OutputFormat::Text => introduce(&site),
    }
    if !arguments.no_traffic {
        perform(&site, arguments.output).await?;
    }
    if arguments.output == OutputFormat::Text {
        explain(&site);
    }
    super::assemble::stop_signal().await;
    site.stop().await;
    Ok(())
}

/// The whole contract for scripts, in one line.
fn print_ready(site: &Site) -> Result<()> {
    let appliances: Vec<_> = site
        .appliances()
        .map(|appliance| {
            json!({
                "name": appliance.name,
                "vendor": appliance.vendor,
                "url": appliance.url,
                "credentials": {
                    "username": appliance.username,
                    "password": appliance.password,
                },
            })
        })
        .collect();
    let line = json!({
        "scim": {"base_url": site.scim_url(), "token": site.token()},
        "ops_url": site.ops_url(),
        "appliances": appliances,
    });
    super::print_line(&serde_json::to_string(&line).context("the demo's line of JSON")?)
}

fn introduce(site: &Site) {
    say("scim-bridge is up, on SQLite, with four simulated appliances:\n");
    for appliance in site.appliances() {
        say(&format!(
            "  {:<10} {:<20} {}",
            appliance.name, appliance.vendor, appliance.url
        ));
    }
    say("");
}

async fn perform(site: &Site, output: OutputFormat) -> Result<()> {
    let live = output == OutputFormat::Text;
    if live {
        say("A cast of 24 people and 4 groups now plays through the SCIM endpoint, half in Okta's");
        say("dialect, half in Entra ID's. Each cell is one person's account on one appliance.\n");
    }
    let watcher = table::Watcher::start(site.store(), live);
    let played = play::perform(&site.scim_url(), site.token()).await;
    let settled = watcher.finish(PATIENCE).await?;
    let played = played.context("the cast could not play to the end")?;
    if live {
        say(&format!(
            "\n{} SCIM requests were answered in {} ms; every appliance had followed after {} ms.",
            played.requests,
            played.elapsed.as_millis(),
            settled.as_millis()
        ));
        say("Why a cell is red stands below the table; `status` says the same at any time.");
        say("");
    }
    Ok(())
}

fn explain(site: &Site) {
    let config = site.config_file().display();
    say("Look around:\n");
    say(&format!("  SCIM URL   {}", site.scim_url()));
    say(&format!("  token      {}", site.token()));
    say(&format!("  health     {}/readyz", site.ops_url()));
    say(&format!("  metrics    {}/metrics\n", site.ops_url()));
    say(&format!(
        "  curl -H 'Authorization: Bearer {}' '{}/Users?count=3'",
        site.token(),
        site.scim_url()
    ));
    say(&format!(
        "  {} status --config {config}\n",
        std::env::current_exe().map_or_else(
            |_| "scim-bridge".to_owned(),
            |path| path.display().to_string()
        )
    ));
    say("Ctrl-C ends it.");
}

/// What the demo says goes to standard output; that nobody listens any more is no error.
fn say(line: &str) {
    if super::print_line(line).is_err() {
        tracing::debug!("standard output is closed");
    }
}
