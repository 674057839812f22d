//! Reads accounts by the appliances' own APIs, as an auditor with a browser would.

use std::collections::BTreeSet;

use appliance_sim::{RunningSimulator, Vendor};
use serde_json::{Value, json};

use super::operator::Operator;
use super::truenas_rpc::rpc_query;

/// An account, in one form for all vendors; `raw` is the vendor's own object.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    pub key: String,
    pub active: bool,
    pub raw: Value,
}

/// All users or groups of a TrueNAS, whose latest release has no REST API.
async fn truenas(simulator: &RunningSimulator, what: &str) -> Value {
    match simulator.options().release.as_deref() {
        Some("26") => rpc_query(simulator, &format!("{what}.query")).await,
        _ => {
            let reader = Operator::of(simulator);
            reader.get(&format!("/api/v2.0/{what}")).await
        }
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Every account that is not the vendor's own.
pub async fn read_accounts(simulator: &RunningSimulator) -> Vec<Account> {
    let reader = Operator::of(simulator);
    let own = simulator.options().username.clone();
    let (rows, key, active): (Value, &str, fn(&Value) -> bool) = match simulator.options().vendor {
        Vendor::TrueNas => (truenas(simulator, "user").await, "username", |row| {
            row["locked"] == json!(false)
        }),
        Vendor::FortiAuthenticator => (
            reader.get("/api/v1/localusers/?limit=1000").await["objects"].clone(),
            "username",
            // Firmware of 2014 does not say, and knows no other state.
            |row| row["active"] != json!(false),
        ),
        Vendor::Nimble => (
            reader.get("/v1/users/detail").await["data"].clone(),
            "name",
            |row| row["disabled"] == json!(false),
        ),
        Vendor::Foreman => (
            reader.get("/api/users?per_page=all").await["results"].clone(),
            "login",
            // Nor do releases before 2.2.
            |row| row["disabled"] != json!(true),
        ),
    };
    let mut accounts: Vec<Account> = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["builtin"] != json!(true))
        .map(|row| Account {
            id: text(&row["id"]),
            key: text(&row[key]),
            active: active(row),
            raw: row.clone(),
        })
        .filter(|account| account.key != own && account.key != "admin")
        .collect();
    accounts.sort_by(|left, right| left.key.cmp(&right.key));
    accounts
}

/// One account by its key.
pub async fn read_account(simulator: &RunningSimulator, key: &str) -> Option<Account> {
    read_accounts(simulator)
        .await
        .into_iter()
        .find(|account| account.key == key)
}

/// The account keys of a group's members; `None` if there is no such group.
pub async fn group_members(simulator: &RunningSimulator, group: &str) -> Option<BTreeSet<String>> {
    let reader = Operator::of(simulator);
    let accounts = read_accounts(simulator).await;
    let key_of = |id: &str| {
        accounts
            .iter()
            .find(|account| account.id == id)
            .map_or_else(|| format!("#{id}"), |account| account.key.clone())
    };
    match simulator.options().vendor {
        Vendor::TrueNas => {
            let groups = truenas(simulator, "group").await;
            let row = groups
                .as_array()?
                .iter()
                .find(|row| row["group"] == json!(group) || row["name"] == json!(group))?
                .clone();
            Some(
                row["users"]
                    .as_array()?
                    .iter()
                    .map(|id| key_of(&text(id)))
                    .collect(),
            )
        }
        Vendor::FortiAuthenticator => {
            let groups = reader.get("/api/v1/usergroups/?limit=1000").await;
            let row = groups["objects"]
                .as_array()?
                .iter()
                .find(|row| row["name"] == json!(group))?
                .clone();
            let path = format!(
                "/api/v1/localgroup-memberships/?limit=1000&group={}",
                row["id"]
            );
            let memberships = reader.get(&path).await;
            Some(
                memberships["objects"]
                    .as_array()?
                    .iter()
                    .map(|row| text(&row["username"]))
                    .collect(),
            )
        }
        Vendor::Foreman => {
            let groups = reader.get("/api/usergroups?per_page=all").await;
            let row = groups["results"]
                .as_array()?
                .iter()
                .find(|row| row["name"] == json!(group))?
                .clone();
            let shown = reader.get(&format!("/api/usergroups/{}", row["id"])).await;
            Some(
                shown["users"]
                    .as_array()?
                    .iter()
                    .map(|user| text(&user["login"]))
                    .collect(),
            )
        }
        Vendor::Nimble => None,
    }
}
