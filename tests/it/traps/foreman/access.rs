//! Foreman: who may do what, and how it says no.

use appliance_sim::Vendor;
use scim_bridge::store::LinkState;
use serde_json::json;

use super::{JANE, made_by_hand};
use crate::support::{SiteBuilder, read_accounts};
use crate::traps::{LONG_PAUSE, answer, failure, person, state};

const MANAGER: i64 = 2;
const VIEWER: i64 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn trap_10_a_refused_login_is_not_repeated_until_everybody_is_locked_out() {
    let mut site = SiteBuilder::default()
        .appliance("box", Vendor::Foreman, "")
        .delivery(LONG_PAUSE)
        .start()
        .await;
    let refusal = json!({"error": {"message": "Unable to authenticate user bridge"}});
    site.control("box").inject(answer(401, &refusal));
    for number in 0..40 {
        site.scim
            .create_user(&format!("p{number}@corp.example"))
            .await;
    }
    let resting = || async {
        let links = site.links().await;
        let working = links
            .iter()
            .any(|link| link.link.state == LinkState::InFlight);
        !working && links.iter().any(|link| link.link.error.is_some())
    };
    site.until(resting).await;
    let refused = site.control("box").journal().len();
    assert!(refused <= 4, "{refused} calls; 30 would lock everybody out");

    site.control("box").clear_faults();
    site.stop_bridge().await;
    site.start_bridge().await;
    site.settled(&[]).await;
    assert_eq!(read_accounts(site.simulator("box")).await.len(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_11_no_cookie_stands_in_for_a_password_that_is_wrong_by_now() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Foreman, "")
        .delivery(LONG_PAUSE)
        .start()
        .await;
    let id = person(&site, JANE).await;
    let operator = site.operator("box");
    let own = operator.get("/api/current_user").await["id"].to_string();
    let options = site.simulator("box").options();
    let change = json!({"user": {
        "password": "Another-43-open", "current_password": options.password,
    }});
    operator.put(&format!("/api/users/{own}"), change).await;
    site.scim.set(&id, "title", json!("Engineer")).await;
    assert_eq!(failure(&site, &id).await.class, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_12_a_missing_permission_is_named() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Foreman, "")
        .login("box", "svc", "Sesame-42-open")
        .start()
        .await;
    let viewer = json!({"role_ids": [VIEWER], "organization_ids": [1], "location_ids": [2]});
    made_by_hand(&site, "svc", &viewer).await;
    let id = site.scim.create_user(JANE).await;
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "denied");
    assert!(error.message.contains("create_users"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_03_a_right_that_the_bridge_may_not_give_is_dropped_and_reported() {
    let rows = "[appliance.user.fields.admin]\nvalue = true\n\
                [appliance.user.fields.organization_ids]\nvalue = [\"Default Organization\"]\n\
                [appliance.user.fields.location_ids]\nvalue = [\"Default Location\"]\n";
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Foreman, rows)
        .login("box", "svc", "Sesame-42-open")
        .start()
        .await;
    let manager = json!({"role_ids": [MANAGER], "organization_ids": [1], "location_ids": [2]});
    made_by_hand(&site, "svc", &manager).await;
    let id = site.scim.create_user(JANE).await;
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "refused", "{}", error.message);
    assert!(error.message.contains("admin"), "{}", error.message);
    let accounts = read_accounts(site.simulator("box")).await;
    let jane = accounts.iter().find(|account| account.key == JANE);
    assert_eq!(jane.unwrap().raw["admin"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_12_and_23_the_bridges_own_account_is_never_touched() {
    let site = SiteBuilder::default()
        .appliance("box", Vendor::Foreman, "")
        .login("box", "svc", "Sesame-42-open")
        .start()
        .await;
    let manager = json!({"role_ids": [MANAGER], "organization_ids": [1], "location_ids": [2]});
    made_by_hand(&site, "svc", &manager).await;
    site.control("box").clear_journal();
    for name in ["SVC", "admin", "foreman_admin", "foreman_api_admin"] {
        let id = person(&site, name).await;
        assert_eq!(state(&site, &id).await, LinkState::Refused, "{name}");
    }
    assert!(site.writes("box").is_empty());
}
