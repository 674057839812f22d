//! Which API a TrueNAS is spoken to by: REST of the older releases, the websocket of the newer ones.

use appliance_sim::{Fault, FaultKind, SimulatorOptions, Vendor};
use regex::Regex;
use serde_json::json;

use super::lifecycle::{account, site_of};
use crate::support::{Site, SiteBuilder, read_account, read_accounts};

async fn site(release: &str, more: &str) -> Site {
    site_of(Vendor::TrueNas, release, more).await
}

/// What the bridge called over the socket, and whatever else it asked for, in their order.
fn calls(site: &Site) -> Vec<String> {
    let journal = site.control("box").journal();
    let calls = journal.iter();
    calls
        .map(|call| match call.method.as_str() {
            "RPC" => call.path.clone(),
            method => format!("{method} {}", call.path),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_logs_in_once_and_everything_goes_over_one_socket() {
    let options = SimulatorOptions {
        release: Some("25.10.6".to_owned()),
        token: Some(format!("3-{}", "k".repeat(64))),
        ..SimulatorOptions::new(Vendor::TrueNas)
    };
    let site = SiteBuilder::default()
        .simulated("box", options, "")
        .start()
        .await;
    let id = site.scim.create_user("ann@corp.example").await;
    site.settled(&[]).await;
    site.scim.set(&id, "displayName", json!("Ann")).await;
    site.settled(&[]).await;
    let calls = calls(&site);
    assert_eq!(
        calls,
        [
            "GET /api/versions",
            "GET /api/current",
            "auth.login_with_api_key",
            "auth.me",
            "user.query",
            "user.create",
            "user.update",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_over_the_websocket_is_settled_by_looking() {
    let creation = Regex::new("^user.create$").unwrap();
    for kind in [FaultKind::DropAfterHandling, FaultKind::Silence] {
        let site = site("25.10.6", "request_timeout_seconds = 2").await;
        let fault = Fault::new(kind.clone()).on_path(creation.clone()).times(1);
        site.control("box").inject(fault);
        let id = site.scim.create_user("ann@corp.example").await;
        site.settled(&[]).await;
        assert_eq!(read_accounts(site.simulator("box")).await.len(), 1);
        assert_eq!(site.link("box", &id).await.link.state.as_str(), "in_sync");
        let created = calls(&site)
            .iter()
            .filter(|call| *call == "user.create")
            .count();
        assert_eq!(created, 1, "{kind:?}: looked up, not sent again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_characters_are_the_limit_only_where_they_are() {
    for (release, fits) in [
        ("13.0-U6.8", false),
        ("22.02.4", false),
        ("24.10.2.4", true),
        ("26", true),
    ] {
        let site = site(release, "").await;
        let id = site
            .scim
            .create_user("bartholomew.smith@corp.example")
            .await;
        site.settled(&[]).await;
        let made = read_account(site.simulator("box"), "bartholomew.smith").await;
        assert_eq!(made.is_some(), fits, "{release}");
        let link = site.link("box", &id).await.link;
        let state = link.state.as_str();
        assert_eq!(state == "in_sync", fits, "{release}: {:?}", link.error);
        let asked = calls(&site).iter().any(|call| call.contains("create"));
        assert!(fits || !asked, "{release}: not even tried");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_takes_the_rest_api_away_is_followed() {
    let mut site = site("24.10.2.4", "").await;
    let id = site.scim.create_user("ann@corp.example").await;
    site.settled(&[]).await;
    assert!(
        calls(&site)
            .iter()
            .any(|call| call == "POST /api/v2.0/user")
    );
    site.replace_simulator("box", "26").await;
    site.scim.set(&id, "displayName", json!("Ann")).await;
    site.settled(&[]).await;
    // The new one came up empty, so the account was made anew, over the socket.
    assert_eq!(account(&site, "ann").await.raw["full_name"], json!("Ann"));
    assert!(calls(&site).iter().any(|call| call == "user.create"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_accepted_is_named_as_the_reason() {
    let options = SimulatorOptions {
        release: Some("25.10.6".to_owned()),
        ..SimulatorOptions::new(Vendor::TrueNas)
    };
    let simulator = appliance_sim::start(options).await.unwrap();
    let table = format!(
        "[[appliance]]\nname = \"nas\"\nvendor = \"truenas\"\nurl = \"{}\"\ntoken = \"3-revoked\"\n",
        simulator.url()
    );
    let site = SiteBuilder::default().settings(&table).start().await;
    site.scim.create_user("ann@corp.example").await;
    let refused = async || {
        let links = site.links().await;
        let errors = links
            .iter()
            .map(|report| format!("{:?}", report.link.error));
        let mut told = errors.filter(|error| error.contains("unauthenticated"));
        told.any(|error| error.contains("credentials") && !error.contains("revoked"))
    };
    site.until(refused).await;
    let journal = simulator.control().journal();
    assert!(
        journal.iter().all(|call| !call.path.starts_with("user.")),
        "nothing is asked for without a login"
    );
}
