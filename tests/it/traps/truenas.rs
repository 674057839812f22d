//! TrueNAS: accounts and groups.

mod answers;

use appliance_sim::{Call, RunningSimulator, SimulatorOptions, Vendor};
use scim_bridge::store::LinkState;
use serde_json::{Value, json};

use super::{NUMBER, NUMBER_SCHEMA, count, failure, keys, lost_update, path, person, state};
use crate::support::{Operator, Site, SiteBuilder, group_members, read_account, user};
use crate::vendors::lifecycle::{account, site, site_of, written};

const JANE: &str = "jane.doe@corp.example";

/// One release of each family that answers differently; the last three over the websocket.
const RELEASES: [&str; 5] = ["13.0-U6.8", "24.10.2.4", "25.04.2.6", "25.10.6", "26"];

/// What somebody does by hand: over REST as long as there is one.
async fn by_hand(nas: &RunningSimulator, method: &str, param: &Value) -> Value {
    let operator = Operator::of(nas);
    if nas.options().release.as_deref() != Some("26") {
        return match method {
            "user.create" => operator.post("/api/v2.0/user", param.clone()).await,
            "group.create" => operator.post("/api/v2.0/group", param.clone()).await,
            _ => operator.delete(&format!("/api/v2.0/user/id/{param}")).await,
        };
    }
    let call = json!({"method": method, "params": [param]});
    let answer = nas.control().ask("POST", "/_sim/rpc", &call);
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer.get("error"), None, "{method}");
    answer["result"].clone()
}

/// The calls that change an account, its deletion apart.
fn updates(calls: &[Call]) -> Vec<&Call> {
    let updates = calls
        .iter()
        .filter(|call| call.method == "PUT" || call.path.ends_with(".update"));
    updates.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_02_a_missing_account_is_known_as_such_on_every_release() {
    for release in RELEASES {
        let site = site_of(Vendor::TrueNas, release, "").await;
        let jane = person(&site, JANE).await;
        let bob = person(&site, "bob@corp.example").await;
        let first = account(&site, "jane.doe").await.id;
        for name in ["jane.doe", "bob"] {
            let id: i64 = account(&site, name).await.id.parse().unwrap();
            by_hand(site.simulator("box"), "user.delete", &json!(id)).await;
        }
        site.scim.set(&jane, "displayName", json!("Jane Roe")).await;
        site.scim.delete(&format!("/Users/{bob}")).await;
        site.settled(&[]).await;
        let anew = account(&site, "jane.doe").await;
        assert_ne!(anew.id, first, "{release}");
        assert_eq!(anew.raw["full_name"], "Jane Roe");
        assert_eq!(site.links().await.len(), 1, "bob is done: {release}");
    }
}

async fn simulator(release: &str) -> RunningSimulator {
    let options = SimulatorOptions {
        release: Some(release.to_owned()),
        ..SimulatorOptions::new(Vendor::TrueNas)
    };
    appliance_sim::start(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_03_a_primary_group_goes_in_as_a_number_and_comes_back_as_an_object() {
    for release in RELEASES {
        let nas = simulator(release).await;
        let group = json!({"name": "staffers"});
        let group = by_hand(&nas, "group.create", &group).await;
        let rows = format!(
            "[appliance.user.fields.group_create]\nvalue = false\n\
             [appliance.user.fields.group]\nvalue = {group}\n"
        );
        let site = SiteBuilder::default()
            .existing("box", &nas, &rows)
            .start()
            .await;
        let id = person(&site, JANE).await;
        // The lost answer makes the bridge read the account.
        nas.control().inject(lost_update());
        site.scim.set(&id, "displayName", json!("Jane Roe")).await;
        site.settled(&[]).await;
        let shown = read_account(&nas, "jane.doe").await.unwrap().raw;
        assert_eq!(shown["group"]["id"], group, "{release}");
        assert_eq!(updates(&nas.control().journal()).len(), 1, "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_04_and_13_only_what_changed_is_put() {
    for release in RELEASES {
        let site = site_of(Vendor::TrueNas, release, "").await;
        let id = person(&site, JANE).await;
        for (attribute, value) in [
            ("displayName", json!("Jane Roe")),
            ("userName", json!("jane.roe@corp.example")),
            ("active", json!(false)),
        ] {
            site.scim.set(&id, attribute, value).await;
            site.settled(&[]).await;
        }
        let writes = site.writes("box");
        let updates = updates(&writes).into_iter();
        let updates: Vec<Vec<&str>> = updates.map(|call| keys(written(call))).collect();
        assert_eq!(
            updates,
            [["full_name"], ["username"], ["locked"]],
            "{release}"
        );
        assert!(writes.iter().all(|call| call.status == 200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_05_look_ups_stand_in_the_body_and_lists_have_no_pages() {
    let site = site_of(Vendor::TrueNas, "13.0-U6.8", "groups = \"all\"").await;
    // In a query string its name would be taken for a number.
    let digits = json!({
        "username": "4711", "full_name": "By hand", "password": "Sesame-42-open",
        "group_create": true, "smb": false,
    });
    site.operator("box").post("/api/v2.0/user", digits).await;
    site.control("box").clear_journal();
    let jane = person(&site, JANE).await;
    site.scim.create_group("4711", &[&jane]).await;
    site.settled(&[]).await;
    let journal = site.control("box").journal();
    assert!(journal.iter().all(|call| call.query.is_empty()));
    let members = group_members(site.simulator("box"), "4711").await;
    let owner = Some(["4711".to_owned()].into());
    assert_eq!(members, owner, "the group of somebody else is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_06_the_account_that_is_in_no_table_is_left_alone() {
    for release in ["25.04.2.6", "25.10.6", "26"] {
        let site = site_of(Vendor::TrueNas, release, "").await;
        let id = person(&site, "truenas_container_unpriv_root").await;
        assert_eq!(state(&site, &id).await, LinkState::Refused, "{release}");
        assert!(site.writes("box").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_07_a_name_that_one_release_cannot_have_is_refused_there_only() {
    for (release, expected) in [
        ("13.0-U6.8", LinkState::Refused),
        ("24.10.2.4", LinkState::InSync),
        ("25.10.6", LinkState::InSync),
    ] {
        let site = site_of(Vendor::TrueNas, release, "").await;
        let id = person(&site, "jane.doe-with-more@corp.example").await;
        assert_eq!(state(&site, &id).await, expected, "{release}");
        if expected == LinkState::Refused {
            let error = failure(&site, &id).await;
            assert_eq!(error.class, "invalid");
            assert!(error.message.contains("username"), "{}", error.message);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_08_an_address_that_some_releases_refuse_is_left_out() {
    for release in RELEASES {
        for address in ["jane@nas.local", "jane@localhost", "jane@x.test"] {
            let site = site_of(Vendor::TrueNas, release, "").await;
            let mut jane = user(JANE);
            jane["emails"] = json!([{"value": address, "primary": true}]);
            let id = site.scim.create("/Users", jane).await;
            site.settled(&[]).await;
            assert_eq!(state(&site, &id).await, LinkState::InSync, "{release}");
            let shown = account(&site, "jane.doe").await.raw;
            assert_eq!(shown["email"], Value::Null, "{release}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_09_nobody_gets_smb_unasked() {
    for release in RELEASES {
        let site = site_of(Vendor::TrueNas, release, "").await;
        person(&site, JANE).await;
        assert_eq!(account(&site, "jane.doe").await.raw["smb"], false);
        let users = group_members(site.simulator("box"), "builtin_users").await;
        assert!(!users.unwrap().contains("jane.doe"), "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_10_a_question_mark_in_a_password_is_not_sent_to_core() {
    let site = site_of(Vendor::TrueNas, "13.0-U6.8", "account_password = \"sync\"").await;
    let mut jane = user(JANE);
    jane["password"] = json!("Sesame-42-open?");
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::Refused);
    let error = failure(&site, &id).await;
    assert!(error.message.contains('?'), "{}", error.message);
    assert!(site.writes("box").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_11_an_empty_password_is_never_sent() {
    let site = site_of(Vendor::TrueNas, "25.04.2.6", "account_password = \"sync\"").await;
    let mut jane = user(JANE);
    jane["password"] = json!("");
    let reply = site
        .scim
        .send(reqwest::Method::POST, "/Users", Some(&jane))
        .await;
    assert!(matches!(reply.status, 201 | 400), "{}", reply.text);
    site.settled(&[]).await;
    let writes = site.writes("box");
    let empty = count(&writes, |call| written(call)["password"] == "");
    assert_eq!(empty, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_12_a_group_that_a_failed_creation_left_behind_is_used() {
    for release in RELEASES {
        let site = site_of(Vendor::TrueNas, release, "").await;
        let left = json!({"name": "jane.doe", "smb": false});
        let left = by_hand(site.simulator("box"), "group.create", &left).await;
        let id = person(&site, JANE).await;
        assert_eq!(state(&site, &id).await, LinkState::InSync, "{release}");
        assert_eq!(account(&site, "jane.doe").await.raw["group"]["id"], left);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_18_memberships_are_written_on_the_groups_side() {
    for release in RELEASES {
        let rows = "groups = \"all\"\n[appliance.user.fields.smb]\nvalue = true\n";
        let site = site_of(Vendor::TrueNas, release, rows).await;
        let jane = person(&site, JANE).await;
        let group = site.scim.create_group("ops", &[&jane]).await;
        site.settled(&[]).await;
        let leaves = json!([{"op": "remove", "path": "members"}]);
        site.scim.patch(&format!("/Groups/{group}"), leaves).await;
        site.scim.set(&jane, "displayName", json!("Jane Roe")).await;
        site.settled(&[]).await;
        let users = group_members(site.simulator("box"), "builtin_users").await;
        assert!(users.unwrap().contains("jane.doe"), "{release}");
        for call in site.writes("box") {
            assert!(written(&call).get("groups").is_none(), "{call:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_20_nobody_gets_the_uid_of_root() {
    let row = format!("[appliance.user.fields.uid]\nfrom = [\"{NUMBER}\"]\n");
    let site = SiteBuilder::default()
        .directory(NUMBER_SCHEMA)
        .appliance("box", Vendor::TrueNas, &row)
        .release("box", "13.0-U6.8")
        .start()
        .await;
    let mut jane = user(JANE);
    let (schema, _) = NUMBER.rsplit_once(':').unwrap();
    jane[schema] = json!({"number": 0});
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    let link = site.link("box", &id).await.link;
    assert_eq!(link.state, LinkState::InSync);
    assert!(link.progress.notes.iter().any(|note| note.contains("uid")));
    assert_eq!(account(&site, "jane.doe").await.raw["uid"], 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_23_the_bridges_own_account_is_never_touched() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::TrueNas, "")
        .login("box", "svc", "Sesame-42-open")
        .start()
        .await;
    let operator = site.operator("box");
    let groups = operator.get("/api/v2.0/group").await;
    let mut groups = groups.as_array().unwrap().iter();
    let administrators = groups.find(|group| group["group"] == "builtin_administrators");
    let administrators = administrators.unwrap()["id"].clone();
    let own = json!({
        "username": "svc", "full_name": "The bridge", "password": "Sesame-42-open",
        "group_create": true, "groups": [administrators], "smb": false,
    });
    operator.post("/api/v2.0/user", own).await;
    site.control("box").clear_journal();
    for name in ["svc", "root", "truenas_admin"] {
        let id = person(&site, &format!("{name}@corp.example")).await;
        assert_eq!(state(&site, &id).await, LinkState::Refused, "{name}");
    }
    assert!(site.writes("box").is_empty());
}

async fn delete_bodies(site: &Site) -> Vec<Value> {
    let writes = site.writes("box").into_iter();
    let deletions = writes.filter(|call| call.method == "DELETE" || call.path.ends_with(".delete"));
    deletions.map(|call| written(&call).clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_24_a_deletion_says_what_becomes_of_whoever_goes_with_it() {
    for release in RELEASES {
        let site = site_of(Vendor::TrueNas, release, "groups = \"all\"").await;
        let jane = person(&site, JANE).await;
        let group = site.scim.create_group("ops", &[&jane]).await;
        site.settled(&[]).await;
        // Somebody made by hand uses Jane's group as the primary one.
        let primary = account(&site, "jane.doe").await.raw["group"]["id"].clone();
        let foreign = json!({
            "username": "foreign", "full_name": "By hand", "password": "Sesame-42-open",
            "group": primary, "smb": false,
        });
        by_hand(site.simulator("box"), "user.create", &foreign).await;

        site.scim.delete(&format!("/Groups/{group}")).await;
        site.settled(&[]).await;
        assert!(account(&site, "jane.doe").await.active, "{release}");
        site.scim.delete(&format!("/Users/{jane}")).await;
        site.settled(&[]).await;
        assert_eq!(
            delete_bodies(&site).await,
            [
                json!({"delete_users": false}),
                json!({"delete_group": true})
            ]
        );
        let kept = account(&site, "foreign").await.raw;
        assert_eq!(kept["group"]["bsdgrp_group"], "jane.doe", "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_25_slow_writes_queue_and_all_arrive() {
    let site = site(Vendor::TrueNas, "").await;
    let slow = appliance_sim::FaultKind::Latency { milliseconds: 150 };
    site.control("box")
        .inject(appliance_sim::Fault::new(slow).on_path(path("^user\\.create$|/user$")));
    for number in 0..8 {
        site.scim
            .create_user(&format!("p{number}@corp.example"))
            .await;
    }
    site.settled(&[]).await;
    let accounts = crate::support::read_accounts(site.simulator("box")).await;
    assert_eq!(accounts.len(), 8);
    let mut uids: Vec<i64> = accounts
        .iter()
        .map(|account| account.raw["uid"].as_i64().unwrap())
        .collect();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), 8);
}
