//! Options of `check --as`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use secrecy::SecretString;

/// How to play a client.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Playing a client")]
pub(in crate::cli::check) struct DialectArguments {
    /// Play this client against a SCIM server: okta, entra, onelogin, jumpcloud, authentik, google,
    /// ping, or one of --dialects. Makes users and groups, and deletes them again.
    #[arg(long = "as", value_name = "CLIENT", conflicts_with = "live")]
    pub(in crate::cli::check) client: Option<String>,
    /// The server, for example `https://scim.example.com/scim/v2`; without it, the bridge that the
    /// configuration describes.
    #[arg(long, requires = "client")]
    pub(super) url: Option<String>,
    /// The bearer token. Others on this machine can see it; --token-file is better.
    #[arg(long, requires = "client", conflicts_with = "token_file", value_parser = secret)]
    token: Option<SecretString>,
    /// A file that holds the bearer token and nothing else; "-" is standard input.
    #[arg(long, requires = "client", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Certificates (PEM) to trust beside those of the operating system.
    #[arg(long, requires = "client", value_name = "FILE")]
    pub(super) ca_file: Option<PathBuf>,
    /// Send the token over plain HTTP to another machine.
    #[arg(long, requires = "client")]
    pub(super) allow_plain_http: bool,
    /// A directory with further dialects, `<client>.toml` each; they win over the built-in ones.
    #[arg(long, requires = "client", value_name = "DIR")]
    pub(super) dialects: Option<PathBuf>,
    /// The domain of the test users' addresses, for servers that accept only their own.
    #[arg(
        long,
        requires = "client",
        value_name = "DOMAIN",
        default_value = "scim-check.example"
    )]
    pub(super) email_domain: String,
    /// Show the requests and answers of the steps that hold, too.
    #[arg(long, requires = "client")]
    pub(super) verbose: bool,
}

/// Never fails; clap wants a function that could.
fn secret(text: &str) -> Result<SecretString, std::convert::Infallible> {
    Ok(SecretString::from(text))
}

impl DialectArguments {
    /// The token, from wherever it is.
    pub(super) fn token(&self) -> Result<SecretString> {
        let token = match (&self.token, &self.token_file) {
            (Some(token), _) => return Ok(token.clone()),
            (None, Some(file)) if file.as_os_str() == "-" => {
                std::io::read_to_string(std::io::stdin())
                    .context("standard input holds no token")?
            }
            (None, Some(file)) => std::fs::read_to_string(file)
                .with_context(|| format!("the token in {} cannot be read", file.display()))?,
            (None, None) => bail!(
                "playing a client needs its token: --token-file FILE, or --token; the \
                 configuration holds only what the token hashes to. `scim-bridge token new` makes \
                 one"
            ),
        };
        Ok(SecretString::from(token.trim()))
    }
}
