//! `scim-bridge check --as`: plays an identity provider against a SCIM server.
//!
//! What is played is data: a dialect is a file of steps, each a request and what its answer must
//! be (`config/clients/`). A run writes only to what it made itself, shows nothing of anybody
//! else, and takes away what it made.

mod address;
mod arguments;
mod body;
mod catalogue;
mod cleanup;
mod exchange;
mod file;
mod judge;
mod ledger;
mod matcher;
mod player;
mod pointer;
mod render;
mod report;
mod shown;
#[cfg(test)]
mod tests;
mod text;
mod variables;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;
use uuid::Uuid;

use super::super::assemble::stop_signal;
use super::super::{ConfigurationArguments, OutputFormat, print_json, print_line, warn};
pub(super) use arguments::DialectArguments;
use exchange::Server;
use file::Dialect;
use player::Player;
use report::Report;
use variables::Variables;

/// Plays `client`, prints what holds and what does not, and fails if the client could not work.
pub(super) async fn run(
    client: &str,
    arguments: &DialectArguments,
    configuration: &ConfigurationArguments,
    output: OutputFormat,
) -> Result<ExitCode> {
    let dialect = catalogue::load(client, arguments.dialects.as_deref())?;
    let url = match &arguments.url {
        Some(url) => address::given(url)?,
        None => address::configured(&configuration.load()?.scim)?,
    };
    address::guard(&url, arguments.allow_plain_http)?;
    let server = server(&url, arguments.token()?, arguments.ca_file.as_deref())?;
    let word = format!("{:08x}", rand::random::<u32>());
    let variables = Variables::new(&word, &arguments.email_domain, Uuid::new_v4);
    let report = play(&dialect, &server, &word, variables).await?;
    match output {
        OutputFormat::Text => print_line(&render::text(&report, arguments.verbose))?,
        OutputFormat::Json => print_json(&report.json())?,
    }
    Ok(if report.ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn server(url: &Url, token: SecretString, ca_file: Option<&Path>) -> Result<Server> {
    if token.expose_secret().is_empty() {
        return Err(anyhow!("the token is empty; copy the whole of it"));
    }
    let certificates = match ca_file {
        Some(file) => {
            let place = || format!("the certificates in {} cannot be used", file.display());
            let pem = std::fs::read(file).with_context(place)?;
            reqwest::Certificate::from_pem_bundle(&pem).with_context(place)?
        }
        None => Vec::new(),
    };
    Server::new(url, token, certificates).context("the HTTP client cannot be made")
}

/// Plays, and cleans up even if a signal ends the play.
async fn play(
    dialect: &Dialect,
    server: &Server,
    word: &str,
    variables: Variables,
) -> Result<Report> {
    let mut player = Player::new(server, word, variables);
    let interrupted = tokio::select! {
        played = player.play(dialect) => {
            played.map_err(|missing| anyhow!("the dialect uses {:?} too early", missing.0))?;
            false
        }
        () = stop_signal() => {
            warn("interrupted; cleaning up (Ctrl-C once more leaves things behind)");
            true
        }
    };
    let Player {
        mut ledger, parts, ..
    } = player;
    tokio::select! {
        () = cleanup::clean_up(server, &mut ledger) => {}
        () = stop_signal() => {}
    }
    Ok(Report {
        client: dialect.client.clone(),
        title: dialect.title.clone(),
        url: server.base_url().to_owned(),
        run: word.to_owned(),
        parts,
        removed: ledger.made.iter().filter(|made| made.gone).count(),
        left_behind: cleanup::left_behind(&ledger),
        interrupted,
    })
}
