//! `scim-bridge plan`: what a user or group would cause on each appliance. Nothing is changed.

mod change;
mod draft;
mod known;
mod look;
mod names;
mod show;
mod subject;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use clap::ValueEnum;
use futures_util::future::join_all;
use serde_json::json;

use super::targets::targets;
use super::{ConfigurationArguments, OutputFormat, print_json, print_line, warn};
use crate::appliance::{CallObserver, Unobserved};
use crate::config::{Config, DEFAULT_DIRECTORY};
use crate::directory::DirectorySettings;
use crate::scim::ResourceKind;
use draft::{Draft, Outcome};
use known::KnownAccounts;
use names::Names;
use subject::PlannedResource;

/// Options of `plan`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    scim-bridge plan --config scim-bridge.toml jane.json\n  \
    echo '{\"userName\": \"jane\"}' | scim-bridge plan --config scim-bridge.toml - --group 'Storage admins'\n  \
    scim-bridge plan --config scim-bridge.toml --id 0192f0c1-... --live\n\n\
    Without --live no appliance is contacted, and the account is taken to be absent.")]
pub(super) struct PlanArguments {
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// A file with a SCIM resource in JSON; `-` reads standard input.
    #[arg(value_name = "RESOURCE_FILE", required_unless_present = "id")]
    resource: Option<PathBuf>,
    /// A resource of the database, by its SCIM id.
    #[arg(long, conflicts_with = "resource")]
    id: Option<String>,
    /// The directory that the resource is of; `default` for one from a file, any for one by its id.
    #[arg(long, value_name = "NAME")]
    directory: Option<String>,
    /// What the resource is, where it does not say so itself.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// A group that the user is in, by its displayName; may be repeated.
    #[arg(long = "group", value_name = "DISPLAY")]
    groups: Vec<String>,
    /// Look at each appliance first, without changing anything.
    #[arg(long)]
    live: bool,
    /// For people or for scripts.
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    User,
    Group,
}

impl From<Kind> for ResourceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::User => Self::User,
            Kind::Group => Self::Group,
        }
    }
}

/// Prints the plan.
pub(super) async fn run(arguments: PlanArguments) -> Result<ExitCode> {
    let config = arguments.configuration.load()?;
    if arguments.live {
        // Without looking, nothing is sent and no secret used: the warnings are `check`'s to give.
        for warning in &config.warnings {
            warn(warning);
        }
    }
    let kind = arguments.kind.map(ResourceKind::from);
    let mut resource = match (&arguments.id, &arguments.resource) {
        (Some(id), _) => {
            let directories = match &arguments.directory {
                Some(name) => vec![directory(&config, name)?.name.as_str()],
                None => config
                    .directories
                    .iter()
                    .map(|one| one.name.as_str())
                    .collect(),
            };
            PlannedResource::stored(&config.store.path, &directories, id, kind).await?
        }
        (None, Some(file)) => {
            let name = arguments.directory.as_deref();
            let directory = directory(&config, name.unwrap_or(DEFAULT_DIRECTORY))?;
            PlannedResource::read(file, kind, directory)?
        }
        // The command line asks for one of them.
        (None, None) => anyhow::bail!("name a resource file, or a resource by --id"),
    };
    resource.add_groups(&arguments.groups);
    let observer: Arc<dyn CallObserver> = Arc::new(Unobserved);
    let targets = targets(&config.appliances, &observer)?;
    let known = KnownAccounts::read(&config.store.path, &resource).await;
    if let Some(id) = known.resource_id() {
        resource.recognise(id);
    }
    let names = Names::read(&config.store.path);
    let drafts = if arguments.live {
        join_all(targets.iter().map(|target| async {
            // The draft is of what the appliance speaks, if it can be asked.
            if let Err(failure) = target.connection.speaks().await {
                let mut draft = Draft::of(target, &resource);
                draft.end(Outcome::Failed, failure.to_string());
                return draft;
            }
            let looked = look::look(target, &resource, &names, &known).await;
            target.connection.close().await;
            looked
        }))
        .await
    } else {
        join_all(targets.iter().map(|target| async {
            let mut draft = Draft::of(target, &resource);
            let taken = BTreeSet::new();
            names.settle(target, &resource, &mut draft, &taken).await;
            draft
        }))
        .await
    };
    match arguments.output {
        OutputFormat::Text => print_line(&show::text(&resource, &drafts))?,
        OutputFormat::Json => print_json(&json!({
            "resource": resource.summary(),
            "live": arguments.live,
            "appliances": drafts.iter().map(show::json).collect::<Vec<_>>(),
        }))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn directory<'a>(config: &'a Config, name: &str) -> Result<&'a DirectorySettings> {
    config.directory(name).ok_or_else(|| {
        let names: Vec<&str> = config
            .directories
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        anyhow!(
            "the configuration has no directory {name:?}; there are {}",
            names.join(", ")
        )
    })
}
