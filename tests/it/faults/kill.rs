//! The daemon is killed in the middle of its work, again and again; nothing acknowledged is lost, and
//! nothing is made twice.

use std::collections::BTreeSet;

use appliance_sim::{Fault, FaultKind, Vendor};
use reqwest::Method;
use serde_json::json;

use crate::support::{Process, Scim, SiteBuilder, USER, read_accounts};

/// Creates users until the server is gone; returns those that were acknowledged.
async fn push_until_killed(scim: Scim, round: usize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let name = format!("p{round}x{number}");
        let user = json!({
            "schemas": [USER],
            "userName": format!("{name}@corp.example"),
            "displayName": name,
        });
        match scim.try_send(Method::POST, "/Users", &user).await {
            Some(201) => acknowledged.push(name),
            Some(status) => panic!("{name} was answered with {status}"),
            None => break,
        }
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_daemon_loses_nothing_and_repeats_nothing() {
    let mut site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "")
        .appliance("array", Vendor::Nimble, "")
        .start()
        .await;
    site.stop_bridge().await;
    for name in ["nas", "array"] {
        // Slow enough for the kill to meet calls in flight.
        site.control(name)
            .inject(Fault::new(FaultKind::Latency { milliseconds: 15 }));
    }
    let mut acknowledged = BTreeSet::new();
    for round in 0..4 {
        let process = Process::start(&site.config_file());
        let scim = site.client_of(&process.scim_url);
        let pushing = tokio::spawn(push_until_killed(scim, round));
        let before = site.control("array").journal().len();
        site.until(|| async { site.control("array").journal().len() > before + 20 })
            .await;
        process.kill();
        acknowledged.extend(pushing.await.unwrap());
    }
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());

    site.start_bridge().await;
    site.settled(&[]).await;
    for name in ["nas", "array"] {
        let accounts: Vec<String> = read_accounts(site.simulator(name))
            .await
            .into_iter()
            .map(|account| account.key)
            .collect();
        let unique: BTreeSet<String> = accounts.iter().cloned().collect();
        assert_eq!(accounts.len(), unique.len(), "{name} has doubles");
        let lost: Vec<&String> = acknowledged.difference(&unique).collect();
        assert!(lost.is_empty(), "{name} lost {lost:?}");
    }
    let links = site.links().await;
    assert!(
        links
            .iter()
            .all(|link| link.link.state.as_str() == "in_sync"),
        "no account was taken for somebody else's"
    );
}
