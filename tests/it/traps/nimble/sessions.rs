//! HPE Nimble Storage: sessions, of which there are few, and 401, which has two meanings.

use appliance_sim::Vendor;
use scim_bridge::store::LinkState;
use serde_json::{Value, json};

use super::JANE;
use crate::support::{Site, SiteBuilder, read_accounts};
use crate::traps::{LONG_PAUSE, answer, count, failure, path, person, state};
use crate::vendors::lifecycle::{account, site};

/// The bridge's own logins.
fn logins(site: &Site) -> usize {
    let journal = site.control("box").journal();
    count(&journal, |call| {
        call.method == "POST"
            && call.path == "/v1/tokens"
            && call.body["data"]["app_name"] == "scim-bridge"
    })
}

/// The names of those who have a session, the operator who asks apart.
async fn sessions(site: &Site) -> Vec<String> {
    let tokens = site.operator("box").get("/v1/tokens").await;
    let rows = tokens["data"].as_array().unwrap().iter();
    let apps = rows.map(|row| row["app_name"].as_str().unwrap().to_owned());
    apps.filter(|app| !app.is_empty()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_04_a_missing_right_costs_one_new_login_and_no_more() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Nimble, "")
        .login("box", "svc", "Sesame-42-open")
        .delivery(LONG_PAUSE)
        .start()
        .await;
    let operator = site.operator("box");
    let weak = json!({"data": {"name": "svc", "password": "Sesame-42-open", "role": "guest"}});
    operator.post("/v1/users", weak).await;
    let id = site.scim.create_user(JANE).await;
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "unauthenticated");
    assert!(error.message.contains("lack a right"), "{}", error.message);
    assert_eq!(logins(&site), 2);
    assert!(sessions(&site).await.is_empty(), "both are closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_04_a_session_that_ended_costs_one_login_and_no_change() {
    let site = site(Vendor::Nimble, "").await;
    let id = person(&site, JANE).await;
    site.turn("box", "DELETE", "sessions", &Value::Null);
    site.scim.set(&id, "displayName", json!("Jane Roe")).await;
    site.settled(&[]).await;
    assert_eq!(account(&site, "janedoe").await.raw["full_name"], "Jane Roe");
    assert_eq!(logins(&site), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_04_the_session_is_closed_by_its_id_at_the_end() {
    let mut site = site(Vendor::Nimble, "").await;
    person(&site, JANE).await;
    assert_eq!(sessions(&site).await, ["scim-bridge"]);
    site.stop_bridge().await;
    assert!(sessions(&site).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_13_all_changes_share_one_session() {
    let site = site(Vendor::Nimble, "concurrency = 8").await;
    site.set("box", &json!({"max_sessions": 1}));
    for number in 0..20 {
        site.scim
            .create_user(&format!("p{number}@corp.example"))
            .await;
    }
    site.settled(&[]).await;
    assert_eq!(logins(&site), 1);
    site.set("box", &json!({"max_sessions": 0}));
    assert_eq!(read_accounts(site.simulator("box")).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_13_an_array_without_a_free_session_is_waited_for() {
    let site = site(Vendor::Nimble, "").await;
    let options = site.simulator("box").options();
    let login = json!({"data": {
        "username": options.username, "password": options.password, "app_name": "somebody",
    }});
    site.operator("box").post("/v1/tokens", login).await;
    site.set("box", &json!({"max_sessions": 1}));
    let id = site.scim.create_user(JANE).await;
    assert_eq!(failure(&site, &id).await.class, "unavailable");
    site.turn("box", "DELETE", "sessions", &Value::Null);
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_15_a_failover_that_ends_the_session_leaves_one_account() {
    let site = site(Vendor::Nimble, "").await;
    person(&site, "bob@corp.example").await;
    let busy = answer(503, &Value::Null).on_method("POST");
    site.control("box")
        .inject(busy.on_path(path("^/v1/users$")).times(1));
    site.turn("box", "DELETE", "sessions", &Value::Null);
    let id = person(&site, JANE).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    assert_eq!(read_accounts(site.simulator("box")).await.len(), 2);
}
