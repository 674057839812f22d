//! What a leaver still holds ends with the account.

use appliance_sim::{Fault, FaultKind, Vendor};
use serde_json::{Value, json};

use super::lifecycle::{account, site};
use crate::support::Site;

/// Opens a session on the array and gives its token.
async fn log_in(site: &Site, username: &str, password: &str) -> String {
    let login = json!({"data": {"username": username, "password": password}});
    let answer: Value = reqwest::Client::new()
        .post(format!("{}/v1/tokens", site.simulator("box").url()))
        .json(&login)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["data"]["session_token"].as_str().unwrap().to_owned()
}

/// Whether a session's token still opens the array.
async fn is_open(site: &Site, token: &str) -> bool {
    let answer = reqwest::Client::new()
        .get(format!("{}/v1/users", site.simulator("box").url()))
        .header("x-auth-token", token)
        .send()
        .await
        .unwrap();
    answer.status().as_u16() != 401
}

const PASSWORD: &str = "Correct-Horse-7";

/// A person on the array whose password is known.
async fn person(site: &Site, user_name: &str) -> String {
    let mut user = crate::support::user(user_name);
    user["password"] = json!(PASSWORD);
    let id = site.scim.create("/Users", user).await;
    site.settled(&[]).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leavers_sessions_end_and_nobody_elses() {
    let site = site(Vendor::Nimble, "account_password = \"sync\"").await;
    let jane = person(&site, "jane.doe@corp.example").await;
    let joe = person(&site, "joe.roe@corp.example").await;
    let janes = [
        log_in(&site, "janedoe", PASSWORD).await,
        log_in(&site, "janedoe", PASSWORD).await,
    ];
    let joes = log_in(&site, "joeroe", PASSWORD).await;

    site.scim.set(&jane, "active", json!(false)).await;
    site.settled(&[]).await;
    assert!(!account(&site, "janedoe").await.active);
    for token in &janes {
        assert!(!is_open(&site, token).await);
    }
    assert!(is_open(&site, &joes).await);

    // Deleting an account is not known to end its sessions either.
    site.control("box").clear_journal();
    site.scim.delete(&format!("/Users/{joe}")).await;
    site.settled(&[]).await;
    let calls: Vec<String> = site
        .control("box")
        .journal()
        .iter()
        .map(|call| format!("{} {}", call.method, call.path.split('/').nth(2).unwrap()))
        .collect();
    assert_eq!(
        calls,
        ["PUT users", "GET tokens", "DELETE tokens", "DELETE users"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_could_not_be_ended_is_tried_again_and_not_hidden() {
    let site = site(Vendor::Nimble, "account_password = \"sync\"").await;
    let jane = person(&site, "jane.doe@corp.example").await;
    let token = log_in(&site, "janedoe", PASSWORD).await;
    let refusal = Fault::new(FaultKind::Status {
        status: 403,
        body: json!({"messages": [{"code": "SM_http_forbidden"}]}).to_string(),
        content_type: "application/json".to_owned(),
    });
    site.control("box").inject(
        refusal
            .on_method("DELETE")
            .on_path(regex::Regex::new("/tokens/").unwrap())
            .times(1),
    );
    site.scim.set(&jane, "active", json!(false)).await;
    site.until(|| async { site.link("box", &jane).await.link.error.is_some() })
        .await;
    assert!(
        !account(&site, "janedoe").await.active,
        "locked out all the same"
    );
    let link = site.link("box", &jane).await;
    let error = link.link.error.unwrap();
    assert_eq!(error.class, "denied");
    assert!(error.message.contains("revoke"), "{}", error.message);
    // Any later attempt goes on with it, although the account is disabled already.
    site.scim
        .set(&jane, "displayName", json!("Jane R Doe"))
        .await;
    site.settled(&[]).await;
    assert!(!is_open(&site, &token).await);
    assert_eq!(site.link("box", &jane).await.link.state.as_str(), "in_sync");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leavers_access_tokens_end() {
    let site = site(Vendor::Foreman, "").await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    let remote = account(&site, key).await.id;
    let path = format!("/api/users/{remote}/personal_access_tokens");
    let operator = site.operator("box");
    let body = json!({"personal_access_token": {"name": "cli"}});
    operator.post(&path, body).await;
    let shown = async || operator.get(&path).await["results"][0].clone();
    assert_eq!(shown().await["active?"], json!(true));
    site.scim.set(&id, "active", json!(false)).await;
    site.settled(&[]).await;
    assert_eq!(shown().await["revoked?"], json!(true));

    // Once ended they are left alone: nothing is revoked twice.
    site.scim.set(&id, "active", json!(true)).await;
    site.settled(&[]).await;
    site.control("box").clear_journal();
    site.scim.set(&id, "active", json!(false)).await;
    site.settled(&[]).await;
    let journal = site.control("box").journal();
    assert!(
        journal.iter().all(|call| call.method != "DELETE"),
        "{journal:?}"
    );
}
