//! Scopes: who goes where, by group.

use appliance_sim::Vendor;
use serde_json::json;

use crate::support::{SiteBuilder, read_account, read_accounts};

#[tokio::test(flavor = "multi_thread")]
async fn joining_a_group_brings_the_account_and_leaving_it_disables_the_account() {
    let site = SiteBuilder::default()
        .appliance(
            "array",
            Vendor::Nimble,
            "users = 'groups.display eq \"Storage people\"'",
        )
        .start()
        .await;
    let ann = site.scim.create_user("ann@corp.example").await;
    let bob = site.scim.create_user("bob@corp.example").await;
    let group = site.scim.create_group("Storage people", &[&ann]).await;
    site.settled(&[]).await;
    let keys: Vec<String> = read_accounts(site.simulator("array"))
        .await
        .into_iter()
        .map(|account| account.key)
        .collect();
    assert_eq!(keys, ["ann"]);
    assert!(
        site.links()
            .await
            .iter()
            .all(|link| link.link.resource_id != bob),
        "who never was in scope has no link"
    );

    site.scim
        .patch(
            &format!("/Groups/{group}"),
            json!([
                {"op": "remove", "path": format!("members[value eq \"{ann}\"]")},
                {"op": "add", "path": "members", "value": [{"value": bob}]},
            ]),
        )
        .await;
    site.settled(&[]).await;
    let ann_account = read_account(site.simulator("array"), "ann").await.unwrap();
    assert!(!ann_account.active, "on_leave_scope = disable");
    assert!(
        read_account(site.simulator("array"), "bob")
            .await
            .unwrap()
            .active
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_follows_the_group_and_is_lost_with_it() {
    let site = SiteBuilder::default()
        .appliance(
            "array",
            Vendor::Nimble,
            "[appliance.user.fields.role]\n\
             choose = [{ group = \"Storage admins\", value = \"administrator\" }]",
        )
        .start()
        .await;
    let id = site.scim.create_user("ann@corp.example").await;
    let group = site.scim.create_group("Storage admins", &[&id]).await;
    site.settled(&[]).await;
    let role = async || {
        read_account(site.simulator("array"), "ann")
            .await
            .unwrap()
            .raw["role"]
            .clone()
    };
    assert_eq!(role().await, "administrator");

    site.scim.delete(&format!("/Groups/{group}")).await;
    site.settled(&[]).await;
    assert_eq!(
        role().await,
        "guest",
        "least privilege when the group is gone"
    );
    let ann = read_account(site.simulator("array"), "ann").await.unwrap();
    assert!(!ann.active, "and nobody gets in without a role");

    site.scim.create_group("Storage admins", &[&id]).await;
    site.settled(&[]).await;
    assert_eq!(role().await, "administrator");
    let ann = read_account(site.simulator("array"), "ann").await.unwrap();
    assert!(ann.active, "who has one again gets in again");
}
