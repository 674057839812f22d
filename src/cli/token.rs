//! `scim-bridge token new`: a token for an identity provider.

use std::process::ExitCode;

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{OutputFormat, print_json, print_line};
use crate::config::DEFAULT_DIRECTORY;

/// Makes a token recognisable, for people and for scanners that look for leaked secrets.
const PREFIX: &str = "scimb_";

/// Options of `token`.
#[derive(Debug, clap::Args)]
pub(super) struct TokenArguments {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TokenCommand {
    /// Print a fresh token, once, and the configuration lines that admit it.
    #[command(after_help = "Example:\n  scim-bridge token new --name okta")]
    New {
        /// The client that will use it; its name in the audit trail.
        #[arg(long, default_value = "idp")]
        name: String,
        /// The directory that it is to open.
        #[arg(long, value_name = "NAME", default_value = DEFAULT_DIRECTORY)]
        directory: String,
        /// For people or for scripts.
        #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
        output: OutputFormat,
    },
}

/// Makes what was asked for.
pub(super) fn run(arguments: TokenArguments) -> Result<ExitCode> {
    let TokenCommand::New {
        name,
        directory,
        output,
    } = arguments.command;
    let token = generate();
    let sha256 = digest_hex(&token);
    match output {
        OutputFormat::Json => {
            print_json(&json!({"name": name, "token": token, "sha256": sha256}))?;
        }
        OutputFormat::Text => print_line(&explanation(&directory, &name, &token, &sha256))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A fresh token: 256 random bits in the alphabet of URLs.
pub fn generate() -> String {
    let mut bits = [0_u8; 32];
    rand::fill(&mut bits);
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bits))
}

/// What the configuration holds of a token: its SHA-256 in hexadecimal digits.
pub fn digest_hex(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn explanation(directory: &str, name: &str, token: &str, sha256: &str) -> String {
    let name = toml::Value::String(name.to_owned());
    format!(
        "Give this token to the identity provider. It is shown once and kept nowhere:\n\n\
         {token}\n\n\
         Put these lines into the configuration:\n\n\
         [[directory.{directory}.token]]\nname = {name}\nsha256 = \"{sha256}\""
    )
}

#[cfg(test)]
mod tests {
    use super::{digest_hex, explanation, generate};

    #[test]
    fn a_token_has_256_bits_and_is_never_the_same() {
        let token = generate();
        let bits = token.strip_prefix("scimb_").unwrap();
        assert_eq!(bits.len(), 43);
        assert!(
            bits.chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
            "{token}"
        );
        assert_ne!(generate(), token);
    }

    #[test]
    fn the_printed_lines_admit_the_token() {
        let token = generate();
        let text = explanation("default", "Okta \"EU\"", &token, &digest_hex(&token));
        let (_, lines) = text.split_once("\n[[").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("scim-bridge.toml");
        std::fs::write(&file, format!("[[{lines}\n")).unwrap();
        let config = crate::config::load(Some(&file), std::iter::empty()).unwrap();
        let admitted = &config.directories[0].tokens[0];
        assert_eq!(admitted.name, "Okta \"EU\"");
        let hex: String = admitted.sha256.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, digest_hex(&token));
    }

    #[test]
    fn the_digest_is_sha256() {
        assert_eq!(
            digest_hex("test"),
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        );
    }
}
