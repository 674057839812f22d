//! The command line: one file a subcommand.

pub mod assemble;
#[cfg(feature = "demo")]
pub mod demo;
pub mod token;

use std::io::Write as _;

/// How a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum OutputFormat {
    /// For people.
    Text,
    /// For scripts.
    Json,
}

/// Prints a line on standard output.
pub(crate) fn print_line(line: &str) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()?;
    Ok(())
}
