//! New names on an appliance that cannot rename.

use std::collections::BTreeSet;

use appliance_sim::{Fault, FaultKind, Vendor};
use serde_json::json;

use crate::support::{Site, SiteBuilder, group_members, read_account, read_accounts};

const OLD: &str = "ann.other@corp.example";
const NEW: &str = "ann.new@corp.example";

async fn vpn(more: &str) -> Site {
    SiteBuilder::default()
        .appliance(
            "vpn",
            Vendor::FortiAuthenticator,
            &format!("on_rename = \"recreate\"\n{more}"),
        )
        .start()
        .await
}

async fn keys(site: &Site) -> Vec<String> {
    read_accounts(site.simulator("vpn"))
        .await
        .into_iter()
        .map(|account| account.key)
        .collect()
}

async fn rename(site: &Site, id: &str) {
    site.scim.set(id, "userName", json!(NEW)).await;
}

fn lost_reply(method: &str, path: &str) -> Fault {
    Fault::new(FaultKind::DropAfterHandling)
        .on_method(method)
        .on_path(path.parse().unwrap())
        .times(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_takes_the_place_and_the_groups_of_the_former_one() {
    let site = vpn("groups = \"all\"").await;
    let id = site.scim.create_user(OLD).await;
    let bob = site.scim.create_user("bob@corp.example").await;
    site.scim.create_group("operators", &[&id, &bob]).await;
    site.settled(&[]).await;
    site.control("vpn").clear_journal();
    rename(&site, &id).await;
    site.settled(&[]).await;
    let journal = site.control("vpn").journal();

    assert_eq!(keys(&site).await, [NEW, "bob@corp.example"]);
    let members = group_members(site.simulator("vpn"), "operators").await;
    let expected: BTreeSet<String> = [NEW, "bob@corp.example"].map(str::to_owned).into();
    assert_eq!(members, Some(expected));
    // As docs/vendor-calls.md says: 2 for the creation, 4 for the group, 1 for the former account.
    assert_eq!(journal.len(), 7, "{journal:?}");
    let position = |method: &str, path: &str| {
        journal
            .iter()
            .position(|call| call.method == method && call.path.contains(path))
            .unwrap()
    };
    assert!(
        position("POST", "/localgroup-memberships/") < position("DELETE", "/localusers/"),
        "nobody is out of the group in between"
    );
    let link = site.link("vpn", &id).await.link;
    assert_eq!(link.state.as_str(), "in_sync");
    assert_eq!(link.progress.former, None);
    let note = link.progress.lasting_notes.recreated.unwrap();
    assert!(note.contains(OLD) && note.contains("password"), "{note}");

    // The next change neither repeats it nor forgets the note.
    site.scim.set(&id, "name.familyName", json!("Roe")).await;
    site.settled(&[]).await;
    let link = site.link("vpn", &id).await.link;
    assert!(link.progress.lasting_notes.recreated.is_some());
    assert_eq!(keys(&site).await, [NEW, "bob@corp.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_anywhere_on_the_way_leaves_one_account() {
    for (method, path) in [("POST", "/localusers/$"), ("DELETE", "/localusers/")] {
        let site = vpn("").await;
        let id = site.scim.create_user(OLD).await;
        site.settled(&[]).await;
        site.control("vpn").inject(lost_reply(method, path));
        rename(&site, &id).await;
        site.settled(&[]).await;
        assert_eq!(keys(&site).await, [NEW], "{method}");
        let link = site.link("vpn", &id).await.link;
        assert_eq!(link.state.as_str(), "in_sync", "{method}");
        assert_eq!(link.progress.former, None, "{method}");
    }
}

/// The former account cannot be deleted, and the bridge ends while both are there.
async fn stopped_between(site: &mut Site, id: &str) {
    let unwell = Fault::new(FaultKind::Status {
        status: 503,
        body: String::new(),
        content_type: "application/json".to_owned(),
    })
    .on_method("DELETE");
    site.control("vpn").inject(unwell);
    rename(site, id).await;
    let both = || async { keys(site).await.len() == 2 };
    site.until(both).await;
    site.stop_bridge().await;
    site.control("vpn").clear_faults();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_between_goes_on_where_it_was() {
    let mut site = vpn("").await;
    let id = site.scim.create_user(OLD).await;
    site.settled(&[]).await;
    stopped_between(&mut site, &id).await;
    site.start_bridge().await;
    site.settled(&[]).await;
    assert_eq!(keys(&site).await, [NEW]);
    assert_eq!(site.link("vpn", &id).await.link.progress.former, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_in_between_leaves_no_account() {
    let mut site = vpn("").await;
    let id = site.scim.create_user(OLD).await;
    site.settled(&[]).await;
    stopped_between(&mut site, &id).await;
    site.start_bridge().await;
    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    assert!(keys(&site).await.is_empty());
    assert!(site.links().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_is_asked_before_anything_is_made() {
    let site = vpn("guard = { max_deletes = 0, max_deletes_percent = 0 }").await;
    let id = site.scim.create_user(OLD).await;
    site.settled(&[]).await;
    rename(&site, &id).await;
    site.scim.set(&id, "name.familyName", json!("Roe")).await;
    site.settled(&[]).await;
    let link = site.link("vpn", &id).await.link;
    assert_eq!(link.state.as_str(), "held");
    assert_eq!(link.error.unwrap().class, "guard");
    assert_eq!(keys(&site).await, [OLD]);
    let account = read_account(site.simulator("vpn"), OLD).await.unwrap();
    assert_eq!(
        account.raw["last_name"], "Roe",
        "everything else is up to date"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_accounts_are_not_deleted_the_former_one_is_disabled() {
    let site = vpn("on_delete = \"disable\"").await;
    let id = site.scim.create_user(OLD).await;
    site.settled(&[]).await;
    rename(&site, &id).await;
    site.settled(&[]).await;
    let accounts = read_accounts(site.simulator("vpn")).await;
    let states: Vec<(&str, bool)> = accounts
        .iter()
        .map(|account| (account.key.as_str(), account.active))
        .collect();
    assert_eq!(states, [(NEW, true), (OLD, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_gets_the_new_name_when_the_person_returns() {
    let site = vpn("").await;
    let id = site.scim.create_user(OLD).await;
    site.settled(&[]).await;
    site.scim.set(&id, "active", json!(false)).await;
    rename(&site, &id).await;
    site.settled(&[]).await;
    assert_eq!(keys(&site).await, [OLD]);
    site.scim.set(&id, "active", json!(true)).await;
    site.settled(&[]).await;
    let accounts = read_accounts(site.simulator("vpn")).await;
    assert_eq!(accounts.len(), 1);
    assert!(accounts[0].active && accounts[0].key == NEW, "{accounts:?}");
}
