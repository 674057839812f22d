//! `scim-bridge check`: is the configuration right, and are the appliances? Or, as a client: is a
//! SCIM server?

mod dialect;
mod findings;
mod live;

use std::process::ExitCode;

use anyhow::Result;
use futures_util::future::join_all;
use serde_json::json;

use super::{ConfigurationArguments, OutputFormat, print_json, print_line};
use crate::config::{Config, ConfigErrors, ConfiguredAppliance};
use dialect::DialectArguments;
use findings::{Finding, Subject};

/// Options of `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    scim-bridge check --config scim-bridge.toml\n  \
    scim-bridge check --config scim-bridge.toml --live\n  \
    scim-bridge check --as okta --config scim-bridge.toml --token-file okta-token\n  \
    scim-bridge check --as entra --url https://scim.example.com/scim/v2 --token-file token\n\n\
    The exit status is 1 if anything fails. --live logs in to each appliance and looks for an\n\
    account that does not exist; nothing is changed. --as makes users and groups on the server\n\
    and deletes them again; a bridge delivers them to its appliances like any others.")]
pub(super) struct CheckArguments {
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// Contact each appliance: reachability, certificate, credentials, permission.
    #[arg(long)]
    live: bool,
    /// For people or for scripts.
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
    #[command(flatten)]
    dialect: DialectArguments,
}

/// Checks, prints, and fails if anything did.
pub(super) async fn run(arguments: CheckArguments) -> Result<ExitCode> {
    if let Some(client) = &arguments.dialect.client {
        let configuration = &arguments.configuration;
        return dialect::run(client, &arguments.dialect, configuration, arguments.output).await;
    }
    let subjects = match arguments.configuration.load() {
        Ok(config) => check(&config, arguments.live).await,
        Err(error) => vec![refused(&error)],
    };
    let ok = subjects.iter().all(Subject::ok);
    match arguments.output {
        OutputFormat::Text => {
            let lines: Vec<String> = subjects.iter().map(Subject::text).collect();
            print_line(&lines.join("\n"))?;
        }
        OutputFormat::Json => print_json(&json!({
            "ok": ok,
            "checks": subjects.iter().map(Subject::json).collect::<Vec<_>>(),
        }))?,
    }
    Ok(if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn check(config: &Config, live: bool) -> Vec<Subject> {
    let mut subjects = vec![configuration(config)];
    let appliances = config.appliances.iter().map(|appliance| async move {
        let mut subject = Subject::new(format!(
            "{} ({}, {})",
            appliance.settings.name,
            appliance.profile.vendor,
            appliance.settings.url.origin().ascii_serialization()
        ));
        subject.push(profile(appliance));
        if config.directories.len() > 1 {
            let served: Vec<&str> = appliance
                .policy
                .directories
                .iter()
                .map(String::as_str)
                .collect();
            subject.push(Finding::good("serves", served.join(", ")));
        }
        if live {
            live::check(appliance, &mut subject).await;
        }
        subject
    });
    subjects.extend(join_all(appliances).await);
    subjects
}

fn configuration(config: &Config) -> Subject {
    let mut subject = Subject::new("configuration".to_owned());
    let tokens: usize = config
        .directories
        .iter()
        .map(|directory| directory.tokens.len())
        .sum();
    subject.push(Finding::good(
        "keys",
        format!(
            "{}{} and {}",
            directories(config),
            count(config.appliances.len(), "appliance"),
            count(tokens, "token")
        ),
    ));
    for warning in &config.warnings {
        subject.push(Finding::warning("keys", warning));
    }
    subject
}

/// Who has one directory needs not hear of it.
fn directories(config: &Config) -> String {
    match config.directories.len() {
        1 => String::new(),
        several => format!("{several} directories, "),
    }
}

fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A profile carries its own tests; with rows of the appliance's own they say nothing.
fn profile(appliance: &ConfiguredAppliance) -> Finding {
    if appliance.has_own_rows {
        return Finding::good("profile", "compiled with the appliance's own rows");
    }
    let failures = appliance.profile.run_tests();
    if failures.is_empty() {
        let tests = count(appliance.profile.test_count(), "test");
        return Finding::good("profile", format!("{tests} of its own passed"));
    }
    let listed: Vec<String> = failures.iter().map(ToString::to_string).collect();
    Finding::bad(
        "profile",
        listed.join("; "),
        "correct the profile, or its [[test]] that expects something else",
    )
}

/// What is wrong with the configuration, an error a finding.
fn refused(error: &anyhow::Error) -> Subject {
    let mut subject = Subject::new("configuration".to_owned());
    match error.downcast_ref::<ConfigErrors>() {
        Some(errors) => {
            for error in &errors.errors {
                let key = if error.key.is_empty() {
                    "file"
                } else {
                    &error.key
                };
                subject.push(Finding::bad(
                    key,
                    format!("{}: {}", error.place, error.problem),
                    &error.remedy,
                ));
            }
        }
        None => subject.push(Finding::bad("file", format!("{error:#}"), "")),
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::{check, refused};
    use crate::config::load;

    const TOKEN: &str = "[[directory.default.token]]\nname = \"okta\"\n\
        sha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\n";

    /// An appliance at an address where nobody listens.
    const ABSENT: &str = "[[appliance]]\nname = \"nas-1\"\nvendor = \"truenas\"\n\
        url = \"http://127.0.0.1:1\"\nusername = \"bridge\"\npassword = \"hidden\"\n";

    fn configuration(text: &str) -> anyhow::Result<crate::config::Config> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("scim-bridge.toml");
        std::fs::write(&file, text)?;
        Ok(load(Some(&file), std::iter::empty())?)
    }

    #[tokio::test]
    async fn an_appliance_is_only_contacted_when_asked_for() {
        let config = configuration(&format!("{TOKEN}{ABSENT}")).unwrap();
        let subjects = check(&config, false).await;
        assert!(subjects.iter().all(super::Subject::ok), "{subjects:?}");
        let text = subjects[1].text();
        assert!(
            text.contains("nas-1 (truenas, http://127.0.0.1:1)"),
            "{text}"
        );
        assert!(text.contains("tests of its own passed"), "{text}");
    }

    #[tokio::test]
    async fn an_appliance_that_is_away_fails_with_a_remedy() {
        let config = configuration(&format!("{TOKEN}{ABSENT}")).unwrap();
        let subjects = check(&config, true).await;
        assert!(!subjects[1].ok(), "{subjects:?}");
        let text = subjects[1].text();
        assert!(
            text.contains("failed   credentials: nas-1: probe failed"),
            "{text}"
        );
        assert!(text.contains("remedy: check `url`"), "{text}");
        assert!(!text.contains("hidden"), "{text}");
    }

    #[test]
    fn every_error_of_the_configuration_is_a_finding() {
        let error = configuration("[scim]\nlistne = \"x\"\n").unwrap_err();
        let subject = refused(&error);
        assert!(!subject.ok());
        let findings = subject.json()["findings"].as_array().unwrap().len();
        assert_eq!(findings, 2, "{}", subject.text());
        assert!(
            subject.text().contains("did you mean `listen`?"),
            "{}",
            subject.text()
        );
    }
}
