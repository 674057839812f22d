//! The bridge itself dies.

use appliance_sim::Vendor;
use serde_json::json;

use crate::support::{SiteBuilder, read_accounts};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_restart_arrives_after_it() {
    let mut site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "")
        .start()
        .await;
    site.control("nas").set_down(true);
    let ann = site.scim.create_user("ann@corp.example").await;
    let bob = site.scim.create_user("bob@corp.example").await;
    site.scim.delete(&format!("/Users/{bob}")).await;
    site.scim.set(&ann, "displayName", json!("Ann After")).await;
    site.stop_bridge().await;

    site.control("nas").set_down(false);
    site.start_bridge().await;
    site.settled(&[]).await;
    let accounts = read_accounts(site.simulator("nas")).await;
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].key, "ann");
    assert_eq!(accounts[0].raw["full_name"], "Ann After");
}
