//! Writes whose success proves nothing are looked at.

use appliance_sim::{Fault, FaultKind, RunningSimulator, SimulatorOptions, Vendor};
use serde_json::{Value, json};

use super::lifecycle::{account, site};
use crate::support::{Operator, SiteBuilder, read_account, user};

/// 202, and nothing has changed.
fn ignored() -> Fault {
    Fault::new(FaultKind::Status {
        status: 202,
        body: String::new(),
        content_type: "text/html".to_owned(),
    })
    .on_method("PATCH")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_whom_the_appliance_did_not_disable_is_not_called_disabled() {
    let site = site(Vendor::FortiAuthenticator, "").await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    site.control("box").inject(ignored().times(1));
    site.scim.set(&id, "active", json!(false)).await;
    site.until(|| async { site.link("box", &id).await.link.error.is_some() })
        .await;
    let error = site.link("box", &id).await.link.error.unwrap();
    assert_eq!(error.class, "refused");
    assert!(
        error.message.contains("the account can still be used"),
        "{}",
        error.message
    );
    assert!(account(&site, key).await.active);
    // The next attempt disables it, whatever it was made for.
    site.scim.set(&id, "name.familyName", json!("Roe")).await;
    site.settled(&[]).await;
    assert!(!account(&site, key).await.active);
    assert_eq!(site.link("box", &id).await.link.state.as_str(), "in_sync");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_the_appliance_ignored_is_named_and_written_again() {
    let site = site(Vendor::FortiAuthenticator, "").await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    site.control("box").inject(ignored().times(1));
    site.scim.set(&id, "name.familyName", json!("Roe")).await;
    site.until(|| async { site.link("box", &id).await.link.error.is_some() })
        .await;
    let error = site.link("box", &id).await.link.error.unwrap();
    assert_eq!(error.class, "refused");
    assert!(error.message.contains("last_name"), "{}", error.message);
    site.scim.set(&id, "name.givenName", json!("Janet")).await;
    site.settled(&[]).await;
    let shown = account(&site, key).await.raw;
    assert_eq!(shown["last_name"], "Roe");
    assert_eq!(shown["first_name"], "Janet");
}

async fn old_foreman() -> RunningSimulator {
    let options = SimulatorOptions {
        release: Some("1.24".to_owned()),
        ..SimulatorOptions::new(Vendor::Foreman)
    };
    appliance_sim::start(options).await.unwrap()
}

async fn roles(simulator: &RunningSimulator, key: &str) -> Value {
    let id = read_account(simulator, key).await.unwrap().id;
    let path = format!("/api/users/{id}");
    let shown = Operator::of(simulator).get(&path).await;
    let roles = shown["roles"].as_array().unwrap();
    roles.iter().map(|role| role["name"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_can_be_disabled_a_leaver_is_locked_out_by_other_means() {
    const PASSWORD: &str = "Correct-Horse-7";
    let simulator = old_foreman().await;
    let more =
        "account_password = \"sync\"\n[appliance.user.fields.role_ids]\nvalue = [\"Viewer\"]";
    let site = SiteBuilder::default()
        .existing("box", &simulator, more)
        .start()
        .await;
    let key = "jane.doe@corp.example";
    let mut jane = user(key);
    jane["password"] = json!(PASSWORD);
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    let opens = || {
        let body = json!({"username": key, "password": PASSWORD});
        let answer = simulator.control().ask("POST", "/_sim/password", &body);
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        answer["matches"] == json!(true)
    };
    assert!(opens());
    assert_eq!(roles(&simulator, key).await, json!(["Viewer"]));

    site.scim.set(&id, "active", json!(false)).await;
    site.settled(&[]).await;
    assert!(!opens(), "the password is one that nobody knows");
    assert_eq!(roles(&simulator, key).await, json!([]));
    let link = site.link("box", &id).await;
    assert_eq!(link.link.state.as_str(), "in_sync");
    let notes = link.link.progress.notes.join("; ");
    assert!(notes.contains("locked out by other means"), "{notes}");

    // Nothing gives the roles back while the person is out.
    site.scim.set(&id, "name.familyName", json!("Roe")).await;
    site.settled(&[]).await;
    assert_eq!(roles(&simulator, key).await, json!([]));

    site.scim.set(&id, "active", json!(true)).await;
    site.settled(&[]).await;
    assert_eq!(roles(&simulator, key).await, json!(["Viewer"]));
}
