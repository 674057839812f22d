//! FortiAuthenticator: memberships, each an object of its own.

use std::collections::BTreeSet;

use serde_json::json;

use super::{JANE, VENDOR, made_by_hand};
use crate::support::{Site, group_members};
use crate::traps::{answer, count, path, person};
use crate::vendors::lifecycle::{account, site_of};

async fn members(site: &Site) -> BTreeSet<String> {
    let members = group_members(site.simulator("box"), "vpn").await;
    members.expect("there is a group vpn")
}

/// The path of the group at the appliance.
async fn group_path(site: &Site) -> String {
    let groups = site.operator("box").get("/api/v1/usergroups/").await;
    format!("/api/v1/usergroups/{}/", groups["objects"][0]["id"])
}

async fn added_by_hand(site: &Site, user: &str) {
    let membership = json!({
        "user": format!("/api/v1/localusers/{user}/"), "group": group_path(site).await,
    });
    let operator = site.operator("box");
    operator
        .post("/api/v1/localgroup-memberships/", membership)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_07_members_whom_the_bridge_does_not_know_stay() {
    let site = site_of(VENDOR, "classic", "groups = \"all\"").await;
    let jane = person(&site, JANE).await;
    let group = site.scim.create_group("vpn", &[&jane]).await;
    site.settled(&[]).await;
    let foreign = made_by_hand(&site, "foreign").await;
    added_by_hand(&site, &foreign).await;
    site.scim
        .patch(
            &format!("/Groups/{group}"),
            json!([{"op": "remove", "path": "members"}]),
        )
        .await;
    site.settled(&[]).await;
    assert_eq!(members(&site).await, BTreeSet::from(["foreign".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_04_memberships_of_another_group_are_left_although_the_filter_is_ignored() {
    let site = site_of(VENDOR, "classic", "groups = \"all\"").await;
    let jane = person(&site, JANE).await;
    site.scim.create_group("staff", &[&jane]).await;
    site.settled(&[]).await;
    let group = site.scim.create_group("vpn", &[&jane]).await;
    site.settled(&[]).await;
    let memberships = "/api/v1/localgroup-memberships/";
    let everybodys = site.operator("box").get(memberships).await;
    assert_eq!(everybodys["objects"].as_array().unwrap().len(), 2);
    let unfiltered = answer(200, &everybodys).on_method("GET");
    site.control("box")
        .inject(unfiltered.on_path(path(&format!("^{memberships}$"))));
    let leaves = json!([{"op": "remove", "path": "members"}]);
    site.scim.patch(&format!("/Groups/{group}"), leaves).await;
    site.settled(&[]).await;
    site.control("box").clear_faults();
    assert!(members(&site).await.is_empty());
    let staff = group_members(site.simulator("box"), "staff").await;
    assert!(staff.unwrap().contains(JANE), "still one of the staff");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_17_a_membership_is_never_made_twice_and_a_group_never_replaced() {
    for release in ["classic", "v8"] {
        let site = site_of(VENDOR, release, "groups = \"all\"").await;
        let jane = person(&site, JANE).await;
        let bob = person(&site, "bob@corp.example").await;
        let group = site.scim.create_group("vpn", &[&bob]).await;
        site.settled(&[]).await;
        // Somebody was faster than the directory.
        let account = account(&site, JANE).await;
        added_by_hand(&site, &account.id).await;
        site.control("box").clear_journal();
        let joins = json!([{"op": "add", "path": "members", "value": [{"value": jane}]}]);
        site.scim.patch(&format!("/Groups/{group}"), joins).await;
        site.settled(&[]).await;
        assert_eq!(members(&site).await.len(), 2);
        assert!(site.writes("box").is_empty(), "{release}");

        // A user takes the memberships along.
        site.scim.delete(&format!("/Users/{bob}")).await;
        site.settled(&[]).await;
        assert_eq!(members(&site).await, BTreeSet::from([JANE.to_owned()]));
        let journal = site.control("box").journal();
        assert_eq!(count(&journal, |call| call.method == "PUT"), 0);
        assert!(journal.iter().all(|call| call.status != 500));
    }
}
