//! `scim-bridge config`: help for whoever writes a configuration.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use super::{print_json, print_line};

/// The options of `config`.
#[derive(Debug, clap::Args)]
pub(super) struct ConfigArguments {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print the JSON Schema of the configuration, for editors.
    Schema,
    /// Print the reference: every key with its default and its meaning.
    Reference,
}

/// Does what the subcommand says.
pub(super) fn run(arguments: &ConfigArguments) -> Result<ExitCode> {
    match arguments.command {
        ConfigCommand::Schema => print_json(&crate::config::json_schema())?,
        ConfigCommand::Reference => print_line(crate::config::reference().trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}
