//! `scim-bridge vendor list`: which profiles there are and what they make possible.

use std::process::ExitCode;

use anyhow::Result;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use serde_json::{Value, json};

use super::{ConfigurationArguments, OutputFormat, print_json, print_line, words};
use crate::config::Profiles;
use crate::vendor::{Capabilities, Profile};

/// Options of `vendor list`.
#[derive(Debug, clap::Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// For people or for scripts.
    #[arg(long, visible_alias = "format", value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
}

/// A profile of the list.
struct Entry {
    name: String,
    source: String,
    /// What it makes possible, or why it is of no use.
    profile: Result<(String, Capabilities), String>,
}

/// Prints the list; without a configuration that of the built-in profiles.
pub(super) fn run(arguments: &ListArguments) -> Result<ExitCode> {
    let profiles = arguments.configuration.profiles()?;
    let entries: Vec<Entry> = profiles
        .names()
        .iter()
        .map(|name| Entry::of(&profiles, name))
        .collect();
    match arguments.output {
        OutputFormat::Text => print_line(&table(&entries).to_string())?,
        OutputFormat::Json => print_json(&Value::from(
            entries.iter().map(Entry::json).collect::<Vec<_>>(),
        ))?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Entry {
    fn of(profiles: &Profiles, name: &str) -> Self {
        let (source, profile) = match profiles.source(name) {
            Ok(Some(source)) => {
                let compiled = Profile::compile(&source.name, &source.text, &toml::Table::new())
                    .map(|profile| (profile.title.clone(), profile.capabilities()))
                    .map_err(|errors| match errors.0.len() {
                        1 => "1 error; run scim-bridge vendor check".to_owned(),
                        count => format!("{count} errors; run scim-bridge vendor check"),
                    });
                (source.name, compiled)
            }
            Ok(None) => (String::new(), Err("the profile is gone".to_owned())),
            Err(error) => (String::new(), Err(error.to_string())),
        };
        Self {
            name: name.to_owned(),
            source,
            profile,
        }
    }

    fn json(&self) -> Value {
        let profile = self.profile.as_ref();
        json!({
            "name": self.name,
            "source": self.source,
            "title": profile.ok().map(|(title, _)| title),
            "capabilities": profile.ok().map(|(_, capabilities)| capabilities),
            "error": profile.err(),
        })
    }

    fn row(&self) -> Vec<String> {
        let source = if self.source.starts_with("built-in") {
            "built in".to_owned()
        } else {
            self.source.clone()
        };
        let mut row = vec![self.name.clone()];
        match &self.profile {
            Ok((title, able)) => {
                let yes_or_dash = |can: bool| if can { "yes" } else { "-" }.to_owned();
                let groups = able.groups.as_ref();
                let passwords = able.users.passwords.map(words::passwords);
                row.extend([
                    title.clone(),
                    able.transports.join(", "),
                    yes_or_dash(able.users.rename),
                    yes_or_dash(able.users.disable),
                    yes_or_dash(able.users.delete),
                    groups
                        .map_or("-", |groups| words::members(groups.members))
                        .to_owned(),
                    passwords.unwrap_or_else(|| "-".to_owned()),
                    able.users.marker.clone().unwrap_or_else(|| "-".to_owned()),
                    listed(&words::special(&able.users)),
                    listed(&able.variants),
                ]);
            }
            Err(problem) => {
                row.push(problem.clone());
                row.extend(std::iter::repeat_n("?".to_owned(), 9));
            }
        }
        row.push(source);
        row
    }
}

fn listed(words: &[String]) -> String {
    if words.is_empty() {
        "-".to_owned()
    } else {
        words.join(", ")
    }
}

fn table(entries: &[Entry]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header([
            "name",
            "title",
            "transport",
            "rename",
            "disable",
            "delete",
            "groups",
            "passwords",
            "marker",
            "also",
            "variants",
            "from",
        ]);
    for entry in entries {
        table.add_row(entry.row());
    }
    table
}
