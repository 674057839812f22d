//! `scim-bridge vendor`: check, begin, list and show vendor profiles.

mod check;
mod excerpt;
mod list;
mod new;
mod show;
mod words;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use super::{ConfigurationArguments, OutputFormat, print_json, print_line};

/// The options of `vendor`.
#[derive(Debug, clap::Args)]
pub(super) struct VendorArguments {
    #[command(subcommand)]
    command: VendorCommand,
}

#[derive(Debug, Subcommand)]
enum VendorCommand {
    /// Check profiles: every error with its line and a remedy, and the tests that they carry.
    Check(check::CheckArguments),
    /// Begin a profile: a commented folder that passes the check as it stands.
    New(new::NewArguments),
    /// List the profiles and what they make possible.
    List(list::ListArguments),
    /// Show a profile: what it makes possible, its calls, its translation table.
    Show(show::ShowArguments),
    /// Print the JSON Schema of profiles, for editors.
    Schema,
}

/// Does what the subcommand says.
pub(super) fn run(arguments: VendorArguments) -> Result<ExitCode> {
    match arguments.command {
        VendorCommand::Check(arguments) => check::run(&arguments),
        VendorCommand::New(arguments) => new::run(&arguments),
        VendorCommand::List(arguments) => list::run(&arguments),
        VendorCommand::Show(arguments) => show::run(&arguments),
        VendorCommand::Schema => {
            print_json(&crate::vendor::profile_schema())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
