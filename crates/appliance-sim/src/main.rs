//! Runs one simulated appliance until Ctrl-C.

use std::{io::Write, net::SocketAddr, path::PathBuf};

use anyhow::Context;
use appliance_sim::{SimulatorOptions, Tls, Vendor, start};
use clap::Parser;

/// A simulated appliance: its account API, with state in memory.
///
/// What it was asked can be read at URL/_sim/journal; faults can be injected at
/// URL/_sim/faults. See the README.
#[derive(Parser)]
#[command(version, after_help = releases())]
struct Arguments {
    /// Whose appliance: truenas, fortiauthenticator, nimble or foreman
    #[arg(long)]
    vendor: Vendor,
    /// Which release of it to imitate [default: the first in the list below]
    #[arg(long)]
    release: Option<String>,
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Speak TLS, with a fresh self-signed certificate unless --certificate names one
    #[arg(long)]
    tls: bool,
    /// The API user's name [default: the vendor's built-in administrator]
    #[arg(long)]
    username: Option<String>,
    /// The API user's password [default: a random one, printed at the start]
    #[arg(long, env = "APPLIANCE_SIM_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// The API key or personal access token, where the vendor has one
    #[arg(long, env = "APPLIANCE_SIM_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// A certificate (chain), PEM; implies --tls
    #[arg(long, requires = "key")]
    certificate: Option<PathBuf>,
    /// The private key of --certificate, PEM
    #[arg(long, requires = "certificate")]
    key: Option<PathBuf>,
}

/// What `--release` takes.
fn releases() -> String {
    let mut text = String::from("Releases (the first one is the default):");
    for vendor in Vendor::ALL {
        text.push_str(&format!("\n  {vendor}: {}", vendor.releases().join(", ")));
    }
    text
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let generated = arguments.password.is_none();
    let simulator = start(options(arguments)).await?;
    let mut line = format!(
        "{} simulator at {}",
        simulator.options().vendor,
        simulator.url()
    );
    if generated {
        let options = simulator.options();
        line.push_str(&format!(
            ", user {}, password {}",
            options.username, options.password
        ));
    }
    // Not `println!`: a closed pipe is no reason to panic, nor to stop serving.
    writeln!(std::io::stdout(), "{line}").ok();
    asked_to_stop().await?;
    simulator.stop().await;
    Ok(())
}

/// Waits for Ctrl-C, or for SIGTERM, by which containers and services are stopped.
async fn asked_to_stop() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot wait for Ctrl-C"),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c()
        .await
        .context("cannot wait for Ctrl-C")
}

fn options(arguments: Arguments) -> SimulatorOptions {
    let mut options = SimulatorOptions::new(arguments.vendor);
    options.release = arguments.release;
    options.listen = arguments.listen;
    options.token = arguments.token;
    if let Some(username) = arguments.username {
        options.username = username;
    }
    if let Some(password) = arguments.password {
        options.password = password;
    }
    options.tls = match (arguments.certificate, arguments.key) {
        (Some(certificate), Some(key)) => Tls::Files { certificate, key },
        _ if arguments.tls => Tls::SelfSigned,
        _ => Tls::None,
    };
    options
}
