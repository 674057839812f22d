//! The daemon and its command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    scim_bridge::cli::main()
}
