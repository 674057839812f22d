//! The command line: one file a subcommand, and the composition root that they share.

pub mod assemble;
mod check;
mod config;
mod configuration;
#[cfg(feature = "demo")]
pub mod demo;
mod healthcheck;
mod plan;
mod serve;
mod status;
mod targets;
pub mod token;
mod vendor;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};

use configuration::ConfigurationArguments;

/// Lets an identity provider manage accounts on appliances that speak no SCIM.
#[derive(Debug, Parser)]
#[command(
    name = "scim-bridge",
    version,
    about = "Lets an identity provider manage accounts on appliances that speak no SCIM",
    after_help = "A first look:   scim-bridge demo\n\
                  A first setup:  scim-bridge token new, then scim-bridge check --live, then scim-bridge serve\n\
                  The reference of all configuration keys is config/scim-bridge.toml."
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the daemon.
    Serve(serve::ServeArguments),
    /// Show everything at work: a bridge, four simulated appliances and a cast of people.
    #[cfg(feature = "demo")]
    Demo(demo::DemoArguments),
    /// Check the configuration; with --live every appliance; with --as any SCIM server.
    Check(check::CheckArguments),
    /// Show the calls that a user or group would cause on each appliance; nothing is changed.
    Plan(plan::PlanArguments),
    /// Show how every user and group stands on every appliance.
    Status(status::StatusArguments),
    /// Make tokens for identity providers.
    Token(token::TokenArguments),
    /// Check, begin, list and show vendor profiles.
    Vendor(vendor::VendorArguments),
    /// Print the schema or the reference of the configuration.
    Config(config::ConfigArguments),
    /// Ask a running daemon whether it is ready; for container health checks.
    Healthcheck(healthcheck::HealthcheckArguments),
}

/// For people or for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    Text,
    /// For scripts.
    Json,
}

/// Parses the command line, does what it says, and tells how it ended: 0 done, 1 failed, 2 misused.
pub fn main() -> ExitCode {
    let command = CommandLine::parse().command;
    match run(command) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say_error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    assemble::install_tls_provider();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the asynchronous runtime cannot be started")?;
    runtime.block_on(async {
        match command {
            Command::Serve(arguments) => serve::run(arguments).await,
            #[cfg(feature = "demo")]
            Command::Demo(arguments) => demo::run(arguments).await.map(|()| ExitCode::SUCCESS),
            Command::Check(arguments) => check::run(arguments).await,
            Command::Plan(arguments) => plan::run(arguments).await,
            Command::Status(arguments) => status::run(arguments).await,
            Command::Token(arguments) => token::run(arguments),
            Command::Vendor(arguments) => vendor::run(arguments),
            Command::Config(arguments) => config::run(&arguments),
            Command::Healthcheck(arguments) => healthcheck::run(arguments).await,
        }
    })
}

/// Prints a line to standard output.
pub(crate) fn print_line(line: &str) -> Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()?;
    Ok(())
}

/// Prints a value as indented JSON.
fn print_json(value: &serde_json::Value) -> Result<()> {
    print_line(&serde_json::to_string_pretty(value)?)
}

/// Warnings go to standard error, so that they never mix with what a script reads.
fn warn(text: &str) {
    report_to_stderr(&format!("warning: {text}"));
}

fn say_error(error: &anyhow::Error) {
    report_to_stderr(&format!("scim-bridge: {error:#}"));
}

fn report_to_stderr(line: &str) {
    // Nobody is left to be told that standard error is closed.
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Whoever read our output has seen enough, as `head` does.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::CommandLine;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }
}
