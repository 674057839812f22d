//! `scim-bridge vendor check`: is a profile right, and do its tests hold?

mod report;
mod sources;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use super::{OutputFormat, print_json, print_line};
use report::Report;

/// Options of `vendor check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    scim-bridge vendor check                        the built-in profiles\n  \
    scim-bridge vendor check vendors/acme           a vendor's folder, or its profile.toml\n  \
    scim-bridge vendor check vendors                all vendors of a folder\n\n\
    The exit status is 1 if anything is wrong, or if a test of a profile does not hold.")]
pub(super) struct CheckArguments {
    /// A profile.toml, a vendor's folder, or a folder of those; the built-in profiles unless said.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// For people or for scripts.
    #[arg(long, visible_alias = "format", value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
}

/// Checks, prints, and fails if anything is wrong.
pub(super) fn run(arguments: &CheckArguments) -> Result<ExitCode> {
    let sources = if arguments.paths.is_empty() {
        sources::builtin()
    } else {
        sources::at(&arguments.paths)?
    };
    let reports: Vec<Report<'_>> = sources.iter().map(Report::of).collect();
    let failed = reports.iter().filter(|report| !report.ok()).count();
    match arguments.output {
        OutputFormat::Text => {
            let mut lines: Vec<String> = reports.iter().flat_map(Report::lines).collect();
            lines.push(summary(reports.len(), failed));
            print_line(&lines.join("\n"))?;
        }
        OutputFormat::Json => print_json(&json!({
            "ok": failed == 0,
            "profiles": reports.iter().map(Report::json).collect::<Vec<_>>(),
        }))?,
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn summary(all: usize, failed: usize) -> String {
    let profiles = |count: usize| match count {
        1 => "1 profile".to_owned(),
        count => format!("{count} profiles"),
    };
    match failed {
        0 => format!("{}: all right", profiles(all)),
        failed => format!("{failed} of {} failed", profiles(all)),
    }
}
