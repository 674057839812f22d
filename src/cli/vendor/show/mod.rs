//! `scim-bridge vendor show`: what a profile makes possible, its calls, and the translation table
//! that is in force.

mod calls;
mod fields;
mod view;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::{ConfigurationArguments, OutputFormat, print_json, print_line};
use crate::config::{Config, Profiles};
use crate::vendor::Profile;
use view::View;

/// Options of `vendor show`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    scim-bridge vendor show foreman\n  \
    scim-bridge vendor show --config scim-bridge.toml --appliance foreman-1\n\n\
    With --appliance the rows are those in force there; * marks what the appliance says itself. Of a\n\
    product that speaks several APIs by turns the one is shown that is assumed until an appliance has\n\
    been asked, or the one that --variant names.")]
pub(super) struct ShowArguments {
    /// The vendor, as configurations name it.
    #[arg(value_name = "NAME", required_unless_present = "appliance")]
    name: Option<String>,
    /// One of the APIs that the product speaks by turns.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// An appliance of the configuration, with its own rows.
    #[arg(long, value_name = "NAME", requires = "config")]
    appliance: Option<String>,
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// For people or for scripts.
    #[arg(long, visible_alias = "format", value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
}

/// Prints the profile.
pub(super) fn run(arguments: &ShowArguments) -> Result<ExitCode> {
    let mut view = match (&arguments.appliance, &arguments.name) {
        (Some(appliance), vendor) => {
            let config = arguments.configuration.load()?;
            of_appliance(&config, appliance, vendor.as_deref())?
        }
        (None, Some(vendor)) => of_vendor(&arguments.configuration.profiles()?, vendor)?,
        // The command line asks for one of them.
        (None, None) => bail!("name a vendor, or an appliance by --appliance"),
    };
    view.choose(arguments.variant.as_deref())?;
    match arguments.output {
        OutputFormat::Text => print_line(&view.text())?,
        OutputFormat::Json => print_json(&view.json())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn of_vendor(profiles: &Profiles, vendor: &str) -> Result<View> {
    let known = profiles.names().join(", ");
    let source = profiles
        .source(vendor)?
        .with_context(|| format!("there is no vendor profile {vendor:?}; there are {known}"))?;
    let nothing = toml::Table::new();
    Ok(View {
        profile: Profile::compile(&source.name, &source.text, &nothing)?,
        variants: Vec::new(),
        source: source.name,
        appliance: None,
        own: nothing,
    })
}

fn of_appliance(config: &Config, name: &str, vendor: Option<&str>) -> Result<View> {
    let names: Vec<&str> = config
        .appliances
        .iter()
        .map(|appliance| appliance.settings.name.as_str())
        .collect();
    let appliance = config
        .appliances
        .iter()
        .find(|appliance| appliance.settings.name == name)
        .with_context(|| {
            format!(
                "there is no appliance {name:?}; there are {}",
                names.join(", ")
            )
        })?;
    // The name of its folder, which the configuration says; the profile may call itself otherwise.
    let configured = appliance.vendor.as_str();
    if vendor.is_some_and(|vendor| vendor != configured) {
        bail!("the appliance {name:?} is of the vendor {configured:?}; leave the vendor out");
    }
    let source = config
        .profiles
        .source(configured)?
        .with_context(|| format!("the vendor profile {configured:?} is gone"))?;
    Ok(View {
        profile: (*appliance.profile).clone(),
        variants: Vec::new(),
        source: source.name,
        appliance: Some(name.to_owned()),
        own: appliance.own_rows.clone(),
    })
}
