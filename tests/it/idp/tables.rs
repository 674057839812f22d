//! After each scenario, without its clean-up, every appliance is asked by its own API and compared
//! with a table that was written by hand (`tests/data/tables.toml`).

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Site, group_members, read_accounts};

use super::trace::{Player, Trace};

/// The word that makes names unique; the tables are written with it.
const RUN: &str = "it1";

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The scenario is cut before the step of this name; absent means that it is played to its end.
    stop_before: Option<String>,
    /// Appliance → account key → `active`, `disabled`, or the state of a link that could not be
    /// converged with a part of its reason.
    #[serde(default)]
    accounts: BTreeMap<String, BTreeMap<String, String>>,
    /// Appliance → group → account keys of its members.
    #[serde(default)]
    groups: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Resources that a vendor cannot represent: appliance → name → a part of the rule that says so.
    #[serde(default)]
    refused: BTreeMap<String, BTreeMap<String, String>>,
}

fn tables() -> BTreeMap<String, Vec<Table>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tables.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn traces() -> BTreeMap<String, Trace> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/traces");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let trace: Trace = serde_json::from_str(&text).unwrap();
            (trace.id.clone(), trace)
        })
        .collect()
}

#[test]
fn every_scenario_has_a_table() {
    let traces: BTreeSet<String> = traces().into_keys().collect();
    let tables: BTreeSet<String> = tables().into_keys().collect();
    assert_eq!(traces, tables);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_appliances_hold_what_the_tables_say() {
    let traces = traces();
    for (id, moments) in tables() {
        for table in moments {
            let site = Site::with_all_vendors().await;
            let trace = &traces[&id];
            let mut player = Player::new(&site.scim, trace, RUN);
            for step in &trace.steps {
                if table.stop_before.as_ref() == Some(&step.name) {
                    break;
                }
                player.play(step).await;
                // Each step is followed before the next one, so that the table does not depend on
                // whether an account was made before its person left.
                site.settled(&[]).await;
            }
            site.settled(&[]).await;
            let moment = table.stop_before.as_deref().unwrap_or("the end");
            compare(&site, &table, &format!("{id} before {moment}")).await;
        }
    }
}

async fn compare(site: &Site, table: &Table, moment: &str) {
    for appliance in ["nas", "vpn", "array", "foreman"] {
        let found: BTreeMap<String, String> = read_accounts(site.simulator(appliance))
            .await
            .into_iter()
            .map(|account| {
                let state = if account.active { "active" } else { "disabled" };
                (account.key, state.to_owned())
            })
            .collect();
        let expected = table.accounts.get(appliance).cloned().unwrap_or_default();
        assert_eq!(found, expected, "accounts on {appliance}, {moment}");
        for (group, members) in table.groups.get(appliance).into_iter().flatten() {
            let found = group_members(site.simulator(appliance), group).await;
            assert_eq!(
                found.as_ref(),
                Some(members),
                "{group} on {appliance}, {moment}"
            );
        }
    }
    compare_refusals(site, table, moment).await;
}

async fn compare_refusals(site: &Site, table: &Table, moment: &str) {
    let mut expected: BTreeMap<(String, String), String> = table
        .refused
        .iter()
        .flat_map(|(appliance, names)| {
            names
                .iter()
                .map(|(name, rule)| ((appliance.clone(), name.clone()), rule.clone()))
        })
        .collect();
    for link in site.links().await {
        let state = link.link.state.as_str();
        if state == "in_sync" {
            continue;
        }
        let key = (link.link.appliance.clone(), link.name.clone());
        let message = link
            .link
            .error
            .map(|error| error.message)
            .unwrap_or_default();
        let rule = expected
            .remove(&key)
            .unwrap_or_else(|| panic!("{key:?} is {state} ({message}), {moment}"));
        assert!(
            message.contains(&rule),
            "{key:?}: {message:?} lacks {rule:?}, {moment}"
        );
    }
    assert!(expected.is_empty(), "not refused: {expected:?}, {moment}");
}
