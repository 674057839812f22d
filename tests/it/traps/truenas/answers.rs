//! TrueNAS: what its answers may look like.

use appliance_sim::{Call, Fault, FaultKind, SimulatorOptions, Vendor};
use scim_bridge::store::{LinkError, LinkState};
use serde_json::json;

use super::{JANE, updates};
use crate::support::{SiteBuilder, read_accounts};
use crate::traps::{LONG_PAUSE, count, failure, lost_update, path, person, state};
use crate::vendors::lifecycle::{account, site, site_of};

fn text(status: u16, body: &str) -> Fault {
    Fault::new(FaultKind::Status {
        status,
        body: body.to_owned(),
        content_type: "text/plain; charset=utf-8".to_owned(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_14_an_unknown_key_that_is_answered_with_500_costs_nobody_the_account() {
    let site = site_of(Vendor::TrueNas, "25.10.6", "").await;
    site.control("box")
        .inject(text(500, "500 Internal Server Error").times(3));
    let id = site.scim.create_user(JANE).await;
    assert_eq!(failure(&site, &id).await.class, "unavailable");
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
}

/// Everybody waits for an appliance that does not know the key; what it answered.
async fn unknown_key(release: &str, more: &str) -> (LinkError, Vec<Call>) {
    let options = SimulatorOptions {
        release: Some(release.to_owned()),
        ..SimulatorOptions::new(Vendor::TrueNas)
    };
    let nas = appliance_sim::start(options).await.unwrap();
    let table = format!(
        "[[appliance]]\nname = \"box\"\nvendor = \"truenas\"\nurl = \"{}\"\n\
         token = \"77-unknown\"\n{more}\n",
        nas.url()
    );
    let site = SiteBuilder::default()
        .settings(&table)
        .delivery(LONG_PAUSE)
        .start()
        .await;
    let id = site.scim.create_user(JANE).await;
    let error = failure(&site, &id).await;
    let journal = nas.control().journal();
    assert!(read_accounts(&nas).await.is_empty());
    assert!(!error.message.contains("77-unknown"), "{}", error.message);
    (error, journal)
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_14_an_unknown_key_is_no_fault_of_the_account() {
    // Over the websocket it is a refused login; REST of 25.10 breaks down over it.
    for (release, more, class) in [
        ("13.0-U6.8", "", "unauthenticated"),
        ("24.10.2.4", "", "unauthenticated"),
        ("25.10.6", "variant = \"rest\"", "unavailable"),
        ("25.10.6", "", "unauthenticated"),
        ("26", "", "unauthenticated"),
    ] {
        let (error, _) = unknown_key(release, more).await;
        assert_eq!(error.class, class, "{release}: {}", error.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_17_a_refused_login_that_is_a_result_stops_the_calls() {
    for release in ["25.04.2.6", "25.10.6", "26"] {
        let (_, journal) = unknown_key(release, "").await;
        let logins = count(&journal, |call| call.path.starts_with("auth.login"));
        assert_eq!(logins, 1, "{release}: more than 20 a minute are refused");
        assert!(journal.iter().all(|call| !call.path.starts_with("user.")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_15_a_401_in_plain_text_stops_the_calls() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::TrueNas, "")
        .delivery(LONG_PAUSE)
        .start()
        .await;
    site.control("box").inject(text(401, "401: Unauthorized"));
    let id = site.scim.create_user(JANE).await;
    assert_eq!(failure(&site, &id).await.class, "unauthenticated");
    // What API there is, is asked without credentials.
    let journal = site.control("box").journal();
    assert_eq!(count(&journal, |call| call.path != "/api/versions"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_15_json_that_is_called_plain_text_is_json() {
    let site = site_of(Vendor::TrueNas, "12.0-U8.1", "").await;
    let nobody = text(200, "[]").on_method("GET");
    site.control("box")
        .inject(nobody.on_path(path("^/api/v2.0/user$")).times(1));
    let id = person(&site, JANE).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    let journal = site.control("box").journal();
    let looked = |call: &Call| call.method == "GET" && call.path == "/api/v2.0/user";
    assert_eq!(count(&journal, looked), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_21_a_redirect_is_never_followed() {
    let site = site(Vendor::TrueNas, "").await;
    let elsewhere = appliance_sim::start(SimulatorOptions::new(Vendor::TrueNas))
        .await
        .unwrap();
    let location = format!("{}/api/v2.0/user", elsewhere.url());
    site.control("box")
        .inject(Fault::new(FaultKind::Redirect { location }).times(3));
    let id = site.scim.create_user(JANE).await;
    let message = failure(&site, &id).await.message;
    assert!(message.contains("redirects"), "{message}");
    site.settled(&[]).await;
    assert!(elsewhere.control().journal().is_empty());
    assert_eq!(read_accounts(site.simulator("box")).await.len(), 1);
    elsewhere.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_22_dates_and_secrets_among_the_fields_disturb_no_comparison() {
    for release in ["25.04.2.6", "25.10.6", "26"] {
        let site = site_of(Vendor::TrueNas, release, "").await;
        let id = person(&site, JANE).await;
        site.control("box").inject(lost_update());
        site.scim.set(&id, "displayName", json!("Jane Roe")).await;
        site.settled(&[]).await;
        assert_eq!(state(&site, &id).await, LinkState::InSync, "{release}");
        assert_eq!(
            account(&site, "jane.doe").await.raw["full_name"],
            "Jane Roe"
        );
        assert_eq!(updates(&site.writes("box")).len(), 1, "{release}");
    }
}
