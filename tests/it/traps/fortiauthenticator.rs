//! FortiAuthenticator: accounts.

mod answers;
mod groups;

use appliance_sim::Vendor;
use scim_bridge::store::LinkState;
use serde_json::{Value, json};

use super::{SOON, count, failure, keys, lost_reply, person, state};
use crate::support::{Site, SiteBuilder, group_members, read_accounts, user};
use crate::vendors::lifecycle::{account, no_collection_was_deleted, site, site_of};

const VENDOR: Vendor = Vendor::FortiAuthenticator;
const JANE: &str = "jane.doe@corp.example";

/// Everything that can happen to a person and a group.
async fn whole_life(site: &Site) {
    let jane = person(site, JANE).await;
    let bob = person(site, "bob@corp.example").await;
    let group = site.scim.create_group("vpn", &[&jane, &bob]).await;
    site.settled(&[]).await;
    for (attribute, value) in [
        ("name.familyName", json!("Roe")),
        ("active", json!(false)),
        ("active", json!(true)),
    ] {
        site.scim.set(&jane, attribute, value).await;
        site.settled(&[]).await;
    }
    let leaves = json!([{"op": "remove", "path": format!("members[value eq \"{bob}\"]")}]);
    site.scim.patch(&format!("/Groups/{group}"), leaves).await;
    site.settled(&[]).await;
    site.scim.delete(&format!("/Users/{jane}")).await;
    site.scim.delete(&format!("/Groups/{group}")).await;
    site.settled(&[]).await;
}

/// An account that somebody made by hand.
async fn made_by_hand(site: &Site, username: &str) -> String {
    let account = json!({"username": username, "password": "Sesame-42-open"});
    let operator = site.operator("box");
    operator.post("/api/v1/localusers/", account).await;
    let found = operator
        .get(&format!("/api/v1/localusers/?username={username}"))
        .await;
    found["objects"][0]["id"].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_07_a_name_that_a_hidden_administrator_has_is_tried_once() {
    for release in ["classic", "v8"] {
        let site = site_of(VENDOR, release, "").await;
        let id = person(&site, "maintenance").await;
        assert_eq!(state(&site, &id).await, LinkState::Held, "{release}");
        let error = failure(&site, &id).await;
        assert_eq!(error.class, "existing", "{}", error.message);
        let creations = count(&site.writes("box"), |call| call.method == "POST");
        assert_eq!(creations, 1, "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_09_no_change_carries_the_name() {
    let site = site(VENDOR, "groups = \"all\"").await;
    whole_life(&site).await;
    let writes = site.writes("box");
    let patches = writes.iter().filter(|call| call.method == "PATCH");
    let bodies: Vec<Vec<&str>> = patches.map(|call| keys(&call.body)).collect();
    assert_eq!(
        bodies,
        [vec!["last_name"], vec!["active", "reason"], vec!["active"]]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_10_an_account_that_exists_although_its_creation_was_refused_is_ours() {
    for release in ["classic", "v8"] {
        let mobile_token = r#"
[appliance.user.fields.token_auth]
value = true
[appliance.user.fields.token_type]
value = "ftm"
"#;
        let site = site_of(VENDOR, release, mobile_token).await;
        site.set("box", &json!({"activation_fails": true}));
        let id = person(&site, JANE).await;
        assert_eq!(state(&site, &id).await, LinkState::InSync, "{release}");
        let creations = count(&site.writes("box"), |call| call.method == "POST");
        assert_eq!(creations, 1, "{release}");
        assert_eq!(read_accounts(site.simulator("box")).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_11_an_empty_stock_of_tokens_keeps_nobody_else_waiting() {
    let hardware_token = r#"
[appliance.user.fields.token_auth]
choose = [{ role = "remote", value = true }]
[appliance.user.fields.token_type]
choose = [{ role = "remote", value = "ftk" }]
"#;
    for release in ["classic", "v8"] {
        let site = site_of(VENDOR, release, hardware_token).await;
        let mut people = Vec::new();
        // There are three, and one of them is locked.
        for number in 0..4 {
            let mut person = user(&format!("p{number}@corp.example"));
            person["roles"] = json!([{"value": "remote"}]);
            people.push(site.scim.create("/Users", person).await);
        }
        let without_token = site.scim.create_user(JANE).await;
        let decided = || async {
            let links = site.links().await;
            links
                .iter()
                .all(|link| link.link.state == LinkState::InSync || link.link.error.is_some())
        };
        site.until(decided).await;
        assert_eq!(state(&site, &without_token).await, LinkState::InSync);
        let mut refused = 0;
        for id in &people {
            if let Some(error) = site.link("box", id).await.link.error {
                assert_eq!(error.class, "refused", "{}", error.message);
                refused += 1;
            }
        }
        assert_eq!(refused, 2, "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_12_lengths_are_counted_in_letters_and_nothing_is_mailed() {
    let site = site(VENDOR, "").await;
    let mut jane = user(JANE);
    jane["name"] = json!({"givenName": "é".repeat(30), "familyName": "ö".repeat(31)});
    jane["phoneNumbers"] = json!([{"type": "mobile", "value": "070 123 45 67"}]);
    jane["emails"] = json!([]);
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    let shown = account(&site, JANE).await.raw;
    assert_eq!(shown["first_name"], "é".repeat(30));
    assert_eq!(shown["last_name"], "ö".repeat(30));
    assert_eq!(shown["mobile_number"], "", "without a country code");
    let mails = site.control("box").ask("GET", "/_sim/mails", &Value::Null);
    let mails: Value = serde_json::from_slice(&mails.body).unwrap();
    assert_eq!(mails["mails"], json!([]), "no password by mail");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_13_an_expiry_in_the_past_is_refused_with_the_field() {
    let rows = "[appliance.user.fields.expires_at]\nfrom = [\"title\"]";
    let site = site(VENDOR, rows).await;
    let id = person(&site, JANE).await;
    site.scim
        .set(&id, "title", json!("2001-01-01T00:00:00Z"))
        .await;
    site.settled(&[]).await;
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "invalid");
    assert!(error.message.contains("expires_at"), "{}", error.message);
    // The others still change, once the directory has corrected it.
    site.scim.clear(&id, "title").await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_14_a_token_alone_and_a_password_are_never_asked_for_together() {
    let rows = r#"
[appliance.user.fields.token_auth]
value = true
[appliance.user.fields.token_type]
value = "ftk"
[appliance.user.fields.ftk_only]
value = true
"#;
    let site = site(VENDOR, rows).await;
    person(&site, JANE).await;
    let writes = site.writes("box");
    assert_eq!(writes.len(), 1);
    assert_eq!(writes[0].body["ftk_only"], true);
    assert_eq!(writes[0].body.get("password"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_15_an_account_that_the_appliance_switched_off_stays_off() {
    for reason in 1..=8 {
        let site = site(VENDOR, "").await;
        let id = person(&site, JANE).await;
        let lockout = json!({"username": JANE, "reason": reason});
        site.turn("box", "POST", "lockout", &lockout);
        // The lost answer makes the bridge look, and so see the state.
        site.control("box").inject(lost_reply("PATCH"));
        site.scim.set(&id, "name.familyName", json!("Roe")).await;
        site.settled(&[]).await;
        let shown = account(&site, JANE).await;
        assert_eq!(shown.raw["last_name"], "Roe");
        assert!(!shown.active, "reason {reason}");
        assert_eq!(shown.raw["reason"], reason);
        let writes = site.writes("box");
        let switched = count(&writes, |call| {
            call.method == "PATCH" && call.body["active"].is_boolean()
        });
        assert_eq!(switched, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_16_a_full_licence_keeps_nobody_else_waiting_and_a_free_seat_is_taken() {
    for release in ["classic", "v8"] {
        let site = SiteBuilder::default()
            .appliance("box", VENDOR, "")
            .release("box", release)
            .delivery(SOON)
            .start()
            .await;
        let jane = person(&site, JANE).await;
        site.set("box", &json!({"max_users": 1}));
        let bob = site.scim.create_user("bob@corp.example").await;
        assert_eq!(failure(&site, &bob).await.class, "refused", "{release}");
        site.scim.delete(&format!("/Users/{jane}")).await;
        site.settled(&[]).await;
        let left = read_accounts(site.simulator("box")).await;
        let names: Vec<&str> = left.iter().map(|account| account.key.as_str()).collect();
        assert_eq!(names, ["bob@corp.example"], "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_19_firmware_that_does_not_say_who_is_active_enables_and_disables_nobody() {
    let site = site_of(VENDOR, "classic-2014", "").await;
    let id = person(&site, JANE).await;
    site.control("box").clear_journal();
    site.control("box").inject(lost_reply("PATCH"));
    site.scim.set(&id, "name.familyName", json!("Roe")).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    let writes = site.writes("box");
    assert_eq!(writes.len(), 1);
    assert_eq!(keys(&writes[0].body), ["last_name"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_22_a_collection_is_never_deleted_although_release_8_would() {
    let site = site_of(VENDOR, "v8", "groups = \"all\"").await;
    made_by_hand(&site, "foreign").await;
    whole_life(&site).await;
    no_collection_was_deleted(&site);
    let left = read_accounts(site.simulator("box")).await;
    assert_eq!(left.len(), 2, "bob, and who was there before");
    assert_eq!(group_members(site.simulator("box"), "vpn").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_23_flags_are_flags_and_ids_stay_out_of_bodies() {
    let site = site(VENDOR, "groups = \"all\"").await;
    whole_life(&site).await;
    for call in site.writes("box") {
        assert!(call.body.get("id").is_none(), "{call:?}");
        let active = call.body.get("active");
        assert!(active.is_none_or(Value::is_boolean), "{call:?}");
    }
}
