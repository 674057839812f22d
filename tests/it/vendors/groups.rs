//! Groups and memberships on the vendors that have them.

use std::collections::BTreeSet;

use appliance_sim::Vendor;
use serde_json::json;

use super::lifecycle::{no_collection_was_deleted, site, site_of};
use crate::support::{Site, group_members};

async fn members(site: &Site, group: &str) -> Option<BTreeSet<String>> {
    group_members(site.simulator("box"), group).await
}

fn set(keys: &[&str]) -> Option<BTreeSet<String>> {
    Some(keys.iter().map(|key| (*key).to_owned()).collect())
}

/// A group is made with members, loses one, gets another name, and goes. Run for each release.
pub async fn lives_its_whole_life(vendor: Vendor, release: &str) {
    let site = site_of(vendor, release, "groups = \"all\"").await;
    let key = |local: &str| match vendor {
        Vendor::TrueNas => local.to_owned(),
        _ => format!("{local}@corp.example"),
    };
    let ann = site.scim.create_user("ann@corp.example").await;
    let bob = site.scim.create_user("bob@corp.example").await;
    let group = site.scim.create_group("operators", &[&ann, &bob]).await;
    site.settled(&[]).await;
    let both = set(&[&key("ann"), &key("bob")]);
    assert_eq!(members(&site, "operators").await, both);

    let path = format!("/Groups/{group}");
    let leaves = json!([{"op": "remove", "path": format!("members[value eq \"{ann}\"]")}]);
    site.scim.patch(&path, leaves).await;
    site.settled(&[]).await;
    assert_eq!(members(&site, "operators").await, set(&[&key("bob")]));

    let name = json!([{"op": "replace", "path": "displayName", "value": "night-shift"}]);
    site.scim.patch(&path, name).await;
    site.settled(&[]).await;
    assert_eq!(members(&site, "operators").await, None);
    assert_eq!(members(&site, "night-shift").await, set(&[&key("bob")]));

    site.scim
        .patch(&path, json!([{"op": "remove", "path": "members"}]))
        .await;
    site.settled(&[]).await;
    assert_eq!(members(&site, "night-shift").await, set(&[]));

    site.scim.delete(&path).await;
    site.settled(&[]).await;
    assert_eq!(members(&site, "night-shift").await, None);
    no_collection_was_deleted(&site);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_is_pushed_after_the_group_joins_when_the_account_is_there() {
    for vendor in [Vendor::TrueNas, Vendor::FortiAuthenticator, Vendor::Foreman] {
        let site = site(vendor, "groups = \"all\"").await;
        // The group names somebody whom only the identity provider knows so far.
        site.scim
            .create_group("operators", &["ext-late.comer"])
            .await;
        site.settled(&[]).await;
        assert_eq!(members(&site, "operators").await, set(&[]), "{vendor}");
        site.scim.create_user("late.comer@corp.example").await;
        site.settled(&[]).await;
        assert_eq!(
            members(&site, "operators").await.unwrap().len(),
            1,
            "{vendor}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_group_gets_members_and_keeps_its_own() {
    let site = site(
        Vendor::TrueNas,
        "groups = \"all\"\nbind_groups = { \"NAS admins\" = \"builtin_administrators\" }",
    )
    .await;
    let before = members(&site, "builtin_administrators").await.unwrap();
    let ann = site.scim.create_user("ann@corp.example").await;
    let group = site.scim.create_group("NAS admins", &[&ann]).await;
    site.settled(&[]).await;
    let during = members(&site, "builtin_administrators").await.unwrap();
    assert!(
        during.contains("ann") && during.is_superset(&before),
        "{during:?}"
    );

    site.scim.delete(&format!("/Groups/{group}")).await;
    site.settled(&[]).await;
    assert_eq!(
        members(&site, "builtin_administrators").await,
        Some(before),
        "as it was"
    );
}
