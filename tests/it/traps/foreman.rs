//! Foreman: accounts and groups.

mod access;
mod answers;

use appliance_sim::Vendor;
use scim_bridge::store::LinkState;
use serde_json::{Value, json};

use super::{answer, count, failure, keys, lost_reply, person, state};
use crate::support::{Site, SiteBuilder, group_members, read_account, user};
use crate::vendors::lifecycle::{account, site, site_of};

const JANE: &str = "jane.doe@corp.example";
const ROLES: &str = "[appliance.user.fields.role_ids]\n\
    choose = [{ role = \"linux\", value = \"System admin\" }]\ndefault = []\n";

/// An account that somebody made by hand; its id.
async fn made_by_hand(site: &Site, login: &str, more: &Value) -> String {
    let mut made = json!({"login": login, "auth_source_id": 1, "password": "Sesame-42-open"});
    for (name, value) in more.as_object().into_iter().flatten() {
        made[name] = value.clone();
    }
    let operator = site.operator("box");
    let made = operator.post("/api/users", json!({"user": made})).await;
    made["id"].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_04_the_hidden_role_that_everybody_has_is_no_difference() {
    let site = site(Vendor::Foreman, ROLES).await;
    let id = person(&site, JANE).await;
    site.control("box").clear_journal();
    site.control("box").inject(lost_reply("PUT"));
    site.scim.set(&id, "title", json!("Engineer")).await;
    site.settled(&[]).await;
    let writes = site.writes("box");
    assert_eq!(writes.len(), 1, "{writes:#?}");
    assert_eq!(keys(&writes[0].body["user"]), ["description"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_05_an_account_in_other_letters_is_found_and_left() {
    let site = site(Vendor::Foreman, "").await;
    made_by_hand(&site, "Jane.DOE@corp.example", &Value::Null).await;
    site.control("box").clear_journal();
    let id = person(&site, JANE).await;
    assert_eq!(state(&site, &id).await, LinkState::Held);
    assert!(site.writes("box").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_05_a_login_of_digits_is_not_taken_for_an_id() {
    let site = site(Vendor::Foreman, "").await;
    person(&site, "bob@corp.example").await;
    let bob = account(&site, "bob@corp.example").await;
    let digits = person(&site, &bob.id).await;
    site.scim.set(&digits, "title", json!("Engineer")).await;
    site.settled(&[]).await;
    assert_eq!(account(&site, &bob.id).await.raw["description"], "Engineer");
    site.scim.delete(&format!("/Users/{digits}")).await;
    site.settled(&[]).await;
    assert!(read_account(site.simulator("box"), &bob.id).await.is_none());
    let untouched = account(&site, "bob@corp.example").await;
    assert_eq!(untouched.raw["description"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_06_a_look_up_sees_beyond_the_first_page() {
    let site = site(Vendor::Foreman, "").await;
    for number in 0..25 {
        let first = json!({"firstname": format!("A{number}")});
        made_by_hand(&site, &format!("ann{number}"), &first).await;
    }
    // Sorted behind all the others that the search finds.
    made_by_hand(&site, "ann", &json!({"firstname": "Zoe"})).await;
    site.control("box").clear_journal();
    let id = person(&site, "ann").await;
    assert_eq!(state(&site, &id).await, LinkState::Held);
    assert!(site.writes("box").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_07_what_a_list_does_not_show_is_read_before_an_account_is_taken_for_ours() {
    let site = site(Vendor::Foreman, ROLES).await;
    let mut jane = user(JANE);
    jane["roles"] = json!([{"value": "linux"}]);
    site.control("box").inject(lost_reply("POST"));
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    let path = format!("/api/users/{}", account(&site, JANE).await.id);
    let journal = site.control("box").journal();
    assert_eq!(count(&journal, |call| call.path == path), 1, "read once");
    assert_eq!(count(&journal, |call| call.method == "POST"), 1);
    let shown = site.operator("box").get(&path).await;
    assert_eq!(shown["roles"][0]["id"], 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_09_a_person_without_an_address_can_be_changed_on_every_release() {
    for release in ["1.24", "2.5", "3.12.0"] {
        let site = site_of(Vendor::Foreman, release, "").await;
        let mut jane = user(JANE);
        jane["emails"] = json!([]);
        let id = site.scim.create("/Users", jane).await;
        site.settled(&[]).await;
        site.scim.set(&id, "title", json!("Engineer")).await;
        site.settled(&[]).await;
        assert_eq!(state(&site, &id).await, LinkState::InSync, "{release}");
        assert_eq!(account(&site, JANE).await.raw["description"], "Engineer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_09_an_address_can_go_although_somebody_switched_mails_on() {
    let site = site(Vendor::Foreman, "").await;
    let id = person(&site, JANE).await;
    let path = format!("/api/users/{}", account(&site, JANE).await.id);
    let mails = json!({"user": {"mail_enabled": true}});
    site.operator("box").put(&path, mails).await;
    site.scim.clear(&id, "emails").await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    assert_eq!(account(&site, JANE).await.raw["mail"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_14_a_member_who_is_gone_does_not_take_the_group_along() {
    let site = site(Vendor::Foreman, "groups = \"all\"").await;
    let ann = person(&site, "ann").await;
    let bob = person(&site, "bob").await;
    let carl = person(&site, "carl").await;
    let group = site.scim.create_group("ops", &[&ann, &bob]).await;
    site.settled(&[]).await;
    let before = site.link("box", &group).await.link.progress.remote_id;
    let path = format!("/api/users/{}", account(&site, "ann").await.id);
    site.operator("box").delete(&path).await;
    let joins = json!([{"op": "add", "path": "members", "value": [{"value": carl}]}]);
    site.scim.patch(&format!("/Groups/{group}"), joins).await;
    site.until(|| async {
        let members = group_members(site.simulator("box"), "ops").await;
        members.is_some_and(|members| members.contains("bob") && members.contains("carl"))
    })
    .await;
    let after = site.link("box", &group).await.link.progress.remote_id;
    assert_eq!(after, before, "the same group");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_15_the_last_administrator_keeps_the_right() {
    let rows = "[appliance.user.fields.admin]\n\
                choose = [{ role = \"chief\", value = true }]\ndefault = false\n";
    let site = site(Vendor::Foreman, rows).await;
    let mut jane = user(JANE);
    jane["roles"] = json!([{"value": "chief"}]);
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    // The bridge is an administrator itself, so that the simulator would never refuse this.
    let refusal = json!({"error": {
        "id": 7, "errors": {"admin": ["cannot be removed from the last admin account"]},
        "full_messages": ["Admin cannot be removed from the last admin account"],
    }});
    site.control("box")
        .inject(answer(422, &refusal).on_method("PUT").times(1));
    site.scim.clear(&id, "roles").await;
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "refused");
    assert!(error.message.contains("admin"), "{}", error.message);
    assert_eq!(account(&site, JANE).await.raw["admin"], true);
    assert_eq!(site.writes("box").len(), 2, "the creation, and one try");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_17_bodies_are_wrapped_and_typed() {
    let site = site(Vendor::Foreman, "groups = \"all\"").await;
    let jane = person(&site, JANE).await;
    site.scim.set(&jane, "active", json!(false)).await;
    site.scim.create_group("ops", &[&jane]).await;
    site.settled(&[]).await;
    let writes = site.writes("box");
    assert!(writes.len() >= 4);
    for call in writes {
        let wrap = match call.path.contains("usergroups") {
            true => "usergroup",
            false => "user",
        };
        assert_eq!(keys(&call.body), [wrap]);
        let disabled = &call.body["user"]["disabled"];
        assert!(disabled.is_null() || disabled.is_boolean());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_18_a_group_waits_for_the_name_that_a_person_has() {
    let site = site(Vendor::Foreman, "groups = \"all\"").await;
    let person_ops = person(&site, "ops").await;
    let group = person(&site, "bob").await;
    let group = site.scim.create_group("ops", &[&group]).await;
    let told = || async {
        let link = site.link("box", &group).await.link;
        link.state == LinkState::Waiting || link.error.is_some()
    };
    site.until(told).await;
    assert_eq!(group_members(site.simulator("box"), "ops").await, None);
    site.scim.delete(&format!("/Users/{person_ops}")).await;
    site.settled(&[]).await;
    let members = group_members(site.simulator("box"), "ops").await;
    assert!(members.is_some_and(|members| members.contains("bob")));
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_18_a_person_whose_name_a_foreign_group_has_is_held() {
    let site = site(Vendor::Foreman, "").await;
    let group = json!({"usergroup": {"name": "ops"}});
    site.operator("box").post("/api/usergroups", group).await;
    site.control("box").clear_journal();
    let id = person(&site, "ops").await;
    assert_eq!(state(&site, &id).await, LinkState::Held);
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "existing");
    assert_eq!(site.writes("box").len(), 1, "tried once");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_19_organizations_and_locations_given_by_hand_stay() {
    let site = site(Vendor::Foreman, "").await;
    let id = person(&site, JANE).await;
    let path = format!("/api/users/{}", account(&site, JANE).await.id);
    let by_hand = json!({"user": {"organization_ids": [], "location_ids": [2]}});
    site.operator("box").put(&path, by_hand).await;
    site.scim.set(&id, "title", json!("Engineer")).await;
    site.settled(&[]).await;
    let shown = site.operator("box").get(&path).await;
    assert_eq!(shown["organizations"], json!([]));
    assert_eq!(shown["locations"][0]["id"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_23_a_password_that_the_directory_does_not_mention_stays() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Foreman, "account_password = \"sync\"")
        .start()
        .await;
    let mut jane = user(JANE);
    jane["password"] = json!("Sesame-42-open");
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    site.control("box").clear_journal();
    let mut without = user(JANE);
    without["title"] = json!("Engineer");
    let reply = site
        .scim
        .send(
            reqwest::Method::PUT,
            &format!("/Users/{id}"),
            Some(&without),
        )
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    site.settled(&[]).await;
    let writes = site.writes("box");
    assert_eq!(writes.len(), 1);
    assert_eq!(keys(&writes[0].body["user"]), ["description"]);
    let operator = site.operator("box");
    assert!(operator.password_opens(JANE, "Sesame-42-open").await);
}
