//! Foreman.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::lifecycle::{account, every_field, field, site, states};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_lives_its_whole_life() {
    let site = site(Vendor::Foreman, "").await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    let created = account(&site, key).await;
    assert_eq!(created.raw["admin"], json!(false));
    every_field(
        &site,
        &id,
        key,
        &[
            field(
                "name.givenName",
                "Jané",
                "/firstname",
                "Jané",
                Some(Value::Null),
            ),
            field(
                "name.familyName",
                "Doe-Roe",
                "/lastname",
                "Doe-Roe",
                Some(Value::Null),
            ),
            field(
                "emails[type eq \"work\"].value",
                "jd@corp.example",
                "/mail",
                "jd@corp.example",
                Some(Value::Null),
            ),
            field(
                "title",
                "Engineer",
                "/description",
                "Engineer",
                Some(Value::Null),
            ),
            field("locale", "sv-SE", "/locale", "sv-SE", Some(Value::Null)),
            field(
                "timezone",
                "Europe/Stockholm",
                "/timezone",
                "Europe/Stockholm",
                Some(Value::Null),
            ),
        ],
    )
    .await;
    site.scim
        .set(&id, "userName", json!("jane.roe@corp.example"))
        .await;
    site.settled(&[]).await;
    assert_eq!(account(&site, "jane.roe@corp.example").await.id, created.id);
    states(&site, &id, "jane.roe@corp.example").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_who_owns_hosts_is_disabled_in_place_of_deleted() {
    let site = site(Vendor::Foreman, "").await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    let owner = account(&site, key).await;
    let options = site.simulator("box").options().clone();
    let made = reqwest::Client::new()
        .post(format!("{}/api/hosts", site.simulator("box").url()))
        .basic_auth(&options.username, Some(&options.password))
        .json(&json!({"host": {"name": "h1.corp.example", "owner_id": owner.id.parse::<u64>().unwrap()}}))
        .send()
        .await
        .unwrap();
    assert!(made.status().is_success(), "{made:?}");
    site.scim.delete(&format!("/Users/{id}")).await;
    site.until(|| async { site.link("box", &id).await.link.error.is_some() })
        .await;
    assert!(!account(&site, key).await.active, "locked out all the same");
    let error = site.link("box", &id).await.link.error.unwrap();
    assert_eq!(error.class, "refused");
}
