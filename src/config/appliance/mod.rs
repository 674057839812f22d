//! `[[appliance]]`: how to reach each appliance, how to speak to it, what it gets.

mod directories;
mod edge;
mod policy;
mod profile;
mod scope;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use super::errors::{Findings, listing};
use super::file;
use super::places::KeyPath;
use super::secrets::Files;
use crate::appliance::ApplianceSettings;
use crate::delivery::{AppliancePolicy, PasswordPolicy};
use crate::directory::DirectorySettings;
use crate::scim::{ResourceKind, Tolerance};
use crate::vendor::{ObjectProfile, Profile};

pub use profile::{ProfileSource, Profiles, UnreadableProfile};

/// An appliance, as the configuration describes it.
#[derive(Debug, Clone)]
pub struct ConfiguredAppliance {
    /// How to reach it.
    pub settings: ApplianceSettings,
    /// The vendor, as the configuration names it.
    pub vendor: String,
    /// How its vendor speaks, with this appliance's own rows.
    pub profile: Arc<Profile>,
    /// Whether the configuration changes rows of the profile's table.
    pub has_own_rows: bool,
    /// Those rows, in the shape of a profile.
    pub own_rows: toml::Table,
    /// What it gets and what may be done to it.
    pub policy: AppliancePolicy,
}

/// Every appliance; those with errors are left out.
pub(super) fn appliances(
    appliances: &[file::Appliance],
    lease: Duration,
    profiles: &Profiles,
    directories: &[DirectorySettings],
    files: &Files,
    findings: &mut Findings,
) -> Vec<ConfiguredAppliance> {
    let list = KeyPath::new("appliance");
    unique_names(appliances, &list, findings);
    appliances
        .iter()
        .enumerate()
        .filter_map(|(index, appliance)| {
            let path = list.item(index);
            let served = directories::served(appliance, directories, &path, findings);
            let schemas = directories::schemas(&served, &path, findings);
            let settings = edge::settings(appliance, &path, files, findings);
            let profile = profiles.compile(appliance, &schemas, &path, findings);
            let policy = policy::policy(appliance, &served, &schemas, &path, findings);
            passwords_arrive(&served, &policy, &path, findings);
            lease_outlasts_calls(appliance, lease, &path, findings);
            let compiled = Arc::new(profile?);
            fits_the_vendor(&compiled, &policy, &path, findings);
            Some(ConfiguredAppliance {
                settings: settings?,
                vendor: appliance.vendor.clone()?,
                profile: compiled,
                own_rows: profile::overrides(appliance),
                has_own_rows: appliance.user.is_some() || appliance.group.is_some(),
                policy,
            })
        })
        .collect()
}

fn unique_names(appliances: &[file::Appliance], list: &KeyPath, findings: &mut Findings) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, appliance) in appliances.iter().enumerate() {
        let key = list.item(index).key("name");
        let name = appliance.name.as_deref().unwrap_or_default();
        if name.trim().is_empty() {
            findings.error(
                &key,
                "the appliance has no name",
                "name it, for example name = \"nas-1\"; the name must never change afterwards",
            );
        } else if seen.contains(&name) {
            findings.error(
                &key,
                format!("another appliance is called {name:?} too"),
                format!("choose another name; taken are {}", listing(seen.clone())),
            );
        } else {
            seen.push(name);
        }
    }
}

/// A call starts only while the lease outlasts its timeout: with a lease that is hardly longer,
/// most calls would wait for its renewal, and a slow one could end after it.
fn lease_outlasts_calls(
    appliance: &file::Appliance,
    lease: Duration,
    path: &KeyPath,
    findings: &mut Findings,
) {
    let timeout = appliance.request_timeout_seconds;
    if lease.as_secs_f64() < 2.0 * timeout {
        findings.error(
            &path.key("request_timeout_seconds"),
            format!(
                "a call may take {timeout} s, and the lease on the appliance lasts only {} s",
                lease.as_secs_f64()
            ),
            format!(
                "set delivery.lease_seconds to {} or more, or shorten the timeout",
                2.0 * timeout
            ),
        );
    }
}

/// A directory that refuses passwords has none to deliver.
fn passwords_arrive(
    served: &[&DirectorySettings],
    policy: &AppliancePolicy,
    path: &KeyPath,
    findings: &mut Findings,
) {
    if policy.password != PasswordPolicy::Sync {
        return;
    }
    for directory in served {
        if !directory.tolerances.permit(Tolerance::Password) {
            findings.warning(
                &path.key("account_password"),
                format!(
                    "the directory {:?} refuses passwords, so that none of its is delivered; set \
                     tolerate.password = true there, or account_password = \"generate\" here",
                    directory.name
                ),
            );
        }
    }
}

/// What the policy asks for must be among what the vendor has.
fn fits_the_vendor(
    profile: &Profile,
    policy: &AppliancePolicy,
    path: &KeyPath,
    findings: &mut Findings,
) {
    let passwords_optional = profile
        .object(ResourceKind::User)
        .is_none_or(ObjectProfile::can_do_without_password);
    if policy.password == PasswordPolicy::None && !passwords_optional {
        findings.error(
            &path.key("account_password"),
            format!("{} makes no account without a password", profile.title),
            "set account_password = \"generate\": the password is random, and nobody sees it",
        );
    }
    let has_groups = profile.object(ResourceKind::Group).is_some();
    if policy.groups.is_some() && !has_groups {
        findings.error(
            &path.key("groups"),
            format!("{} has no groups that could be managed", profile.title),
            "set groups = \"none\"; a field of the account can be chosen by SCIM group in \
             [appliance.user.fields.<field>]",
        );
    }
    if policy.groups.is_none() && !policy.bind_groups.is_empty() {
        findings.warning(
            &path.key("bind_groups"),
            "no group is pushed to this appliance, so that the bound ones are not followed; \
             let `groups` name them",
        );
    }
}
