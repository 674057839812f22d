//! Names that move between people.

use appliance_sim::Vendor;
use serde_json::json;

use super::make_by_hand;
use crate::support::{Site, SiteBuilder, read_account, read_accounts};

#[tokio::test(flavor = "multi_thread")]
async fn two_people_swap_their_names_while_an_appliance_is_down() {
    let site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "")
        .appliance("foreman", Vendor::Foreman, "")
        .start()
        .await;
    let ann = site.scim.create_user("ann@corp.example").await;
    let bob = site.scim.create_user("bob@corp.example").await;
    site.settled(&[]).await;
    let before = read_account(site.simulator("nas"), "ann").await.unwrap();

    site.control("nas").set_down(true);
    site.scim
        .set(&ann, "userName", json!("parked@corp.example"))
        .await;
    site.scim
        .set(&bob, "userName", json!("ann@corp.example"))
        .await;
    site.scim
        .set(&ann, "userName", json!("bob@corp.example"))
        .await;
    site.settled(&["foreman"]).await;
    site.control("nas").set_down(false);
    site.settled(&[]).await;

    let swapped = read_account(site.simulator("nas"), "bob").await.unwrap();
    assert_eq!(
        swapped.id, before.id,
        "the account is the same, under its new name"
    );
    for appliance in ["nas", "foreman"] {
        let keys: Vec<String> = read_accounts(site.simulator(appliance))
            .await
            .into_iter()
            .map(|account| account.key.split('@').next().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(keys, ["ann", "bob"], "{appliance}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_name_goes_to_a_new_person_with_a_new_account() {
    let site = Site::with_all_vendors().await;
    let first = site.scim.create_user("kim.lee@corp.example").await;
    site.settled(&[]).await;
    let old = read_account(site.simulator("nas"), "kim.lee")
        .await
        .unwrap();

    site.control("nas").set_down(true);
    site.scim.delete(&format!("/Users/{first}")).await;
    let second = site.scim.create_user("kim.lee@corp.example").await;
    assert_ne!(first, second);
    site.settled(&["vpn", "array", "foreman"]).await;
    site.control("nas").set_down(false);
    site.settled(&[]).await;

    for (appliance, key) in [
        ("nas", "kim.lee"),
        ("vpn", "kim.lee@corp.example"),
        ("array", "kimlee"),
        ("foreman", "kim.lee@corp.example"),
    ] {
        let accounts = read_accounts(site.simulator(appliance)).await;
        let keys: Vec<&str> = accounts
            .iter()
            .map(|account| account.key.as_str())
            .collect();
        assert_eq!(keys, [key], "{appliance}");
    }
    let new = read_account(site.simulator("nas"), "kim.lee")
        .await
        .unwrap();
    assert_ne!(new.id, old.id, "the new person has an account of their own");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_the_bridge_did_not_make_is_held_and_left_alone() {
    let mut site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "")
        .start()
        .await;
    make_by_hand(&site, "handmade").await;
    let id = site.scim.create_user("handmade@corp.example").await;
    site.settled(&[]).await;
    let link = site.link("nas", &id).await;
    assert_eq!(link.link.state.as_str(), "held");
    let message = link.link.error.unwrap().message;
    assert!(
        message.contains("handmade") && message.contains("did not make"),
        "{message}"
    );

    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    site.stop_bridge().await;
    let account = read_account(site.simulator("nas"), "handmade")
        .await
        .unwrap();
    assert!(account.active);
    assert_eq!(account.raw["full_name"], "Made by hand");
}
