//! `scim-bridge status`: how every user and group stands on every appliance.

mod report;
mod show;
mod tolerances;

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use super::{ConfigurationArguments, OutputFormat, print_json, print_line};
use crate::scim::ResourceKind;
use crate::store::sqlite::SqliteStore;
use crate::store::{LinkFilter, LinkState};
use crate::telemetry::{Clock as _, SystemClock};
use report::StatusReport;

/// Options of `status`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    scim-bridge status --config scim-bridge.toml\n  \
    scim-bridge status --config scim-bridge.toml --state held --state refused\n  \
    scim-bridge status --config scim-bridge.toml --user jane.doe@example.com --output json\n\n\
    The database is read beside a running daemon; nothing is locked or changed. Which \
    deviations identity providers need is asked of the daemon, on ops.listen.")]
pub(super) struct StatusArguments {
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// Only this appliance.
    #[arg(long, value_name = "NAME")]
    appliance: Option<String>,
    /// Only users and groups of this directory.
    #[arg(long, value_name = "NAME")]
    directory: Option<String>,
    /// Only links in this state; may be repeated.
    #[arg(long = "state", value_enum, value_name = "STATE")]
    states: Vec<StateName>,
    /// Only this user, by userName or id.
    #[arg(long, value_name = "NAME", conflicts_with = "group")]
    user: Option<String>,
    /// Only this group, by displayName or id.
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// At most so many lines; 0 means all.
    #[arg(long, default_value_t = 0)]
    limit: u32,
    /// For people or for scripts.
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
}

/// The states, as `status` writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum StateName {
    /// Waits for its turn, or for the next attempt.
    Pending,
    /// Is being worked on.
    InFlight,
    /// The appliance is as desired.
    InSync,
    /// Waits for a name that another account still has.
    Waiting,
    /// Held until an operator decides.
    Held,
    /// Cannot be done as it is; waits for another change.
    Refused,
    /// Disabled in place of deletion, until the purge.
    PurgeWaiting,
}

impl From<StateName> for LinkState {
    fn from(name: StateName) -> Self {
        match name {
            StateName::Pending => Self::Pending,
            StateName::InFlight => Self::InFlight,
            StateName::InSync => Self::InSync,
            StateName::Waiting => Self::Waiting,
            StateName::Held => Self::Held,
            StateName::Refused => Self::Refused,
            StateName::PurgeWaiting => Self::PurgeWaiting,
        }
    }
}

/// Prints the report.
pub(super) async fn run(arguments: StatusArguments) -> Result<ExitCode> {
    let config = arguments.configuration.load()?;
    let path = &config.store.path;
    let store = SqliteStore::open_read_only(path).with_context(|| {
        format!(
            "the database {} cannot be read; has `scim-bridge serve` been started once?",
            path.display()
        )
    })?;
    let mut report = StatusReport::read(&store, arguments.filter()).await?;
    if arguments.is_whole() {
        report.tolerances = Some(tolerances::read(config.ops.listen).await);
    }
    match arguments.output {
        OutputFormat::Text => print_line(&show::text(&report, SystemClock.now_ms()))?,
        OutputFormat::Json => print_json(&show::json(&report))?,
    }
    Ok(ExitCode::SUCCESS)
}

impl StatusArguments {
    /// Whether everything is asked for, and not only some links.
    fn is_whole(&self) -> bool {
        self.appliance.is_none()
            && self.directory.is_none()
            && self.states.is_empty()
            && self.user.is_none()
            && self.group.is_none()
    }

    fn filter(&self) -> LinkFilter {
        let kind = match (&self.user, &self.group) {
            (Some(_), _) => Some(ResourceKind::User),
            (None, Some(_)) => Some(ResourceKind::Group),
            (None, None) => None,
        };
        LinkFilter {
            appliance: self.appliance.clone(),
            directory: self.directory.clone(),
            states: self.states.iter().copied().map(LinkState::from).collect(),
            name: self.user.clone().or_else(|| self.group.clone()),
            kind,
            limit: self.limit,
        }
    }
}
