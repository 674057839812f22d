//! TrueNAS: what its answers may look like.

use appliance_sim::{Fault, FaultKind, SimulatorOptions, Vendor};
use scim_bridge::store::LinkState;
use serde_json::json;

use super::JANE;
use crate::support::{SiteBuilder, read_accounts};
use crate::traps::{LONG_PAUSE, count, failure, lost_reply, path, person, state};
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
    assert_eq!(site.control("box").journal().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_15_json_that_is_called_plain_text_is_json() {
    let site = site(Vendor::TrueNas, "").await;
    let nobody = text(200, "[]").on_method("GET");
    site.control("box")
        .inject(nobody.on_path(path("^/api/v2.0/user$")).times(1));
    let id = person(&site, JANE).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    let journal = site.control("box").journal();
    assert_eq!(count(&journal, |call| call.method == "GET"), 1);
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
    for release in ["25.04.2.6", "25.10.6"] {
        let site = site_of(Vendor::TrueNas, release, "").await;
        let id = person(&site, JANE).await;
        site.control("box").inject(lost_reply("PUT"));
        site.scim.set(&id, "displayName", json!("Jane Roe")).await;
        site.settled(&[]).await;
        assert_eq!(state(&site, &id).await, LinkState::InSync, "{release}");
        assert_eq!(
            account(&site, "jane.doe").await.raw["full_name"],
            "Jane Roe"
        );
        let puts = count(&site.writes("box"), |call| call.method == "PUT");
        assert_eq!(puts, 1, "{release}");
    }
}
