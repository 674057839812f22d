//! HPE Nimble Storage.

use appliance_sim::Vendor;
use serde_json::json;

use super::lifecycle::{account, every_field, field, site, states};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_lives_its_whole_life() {
    let site = site(Vendor::Nimble, "").await;
    let id = site.scim.create_user("jane.doe@corp.example").await;
    site.settled(&[]).await;
    let created = account(&site, "janedoe").await;
    assert_eq!(created.raw["role"], "guest");
    every_field(
        &site,
        &id,
        "janedoe",
        &[
            field(
                "displayName",
                "Jané O'Dea Jr.",
                "/full_name",
                "Jane O'Dea Jr",
                None,
            ),
            field(
                "emails[type eq \"work\"].value",
                "jd@corp.example",
                "/email_addr",
                "jd@corp.example",
                Some(json!("")),
            ),
        ],
    )
    .await;
    site.scim
        .set(&id, "userName", json!("jane.roe@corp.example"))
        .await;
    site.settled(&[]).await;
    assert_eq!(
        account(&site, "janeroe").await.id,
        created.id,
        "renamed, not made anew"
    );
    states(&site, &id, "janeroe").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_the_array_cannot_have_is_refused_with_the_rule() {
    let site = site(Vendor::Nimble, "").await;
    let id = site.scim.create_user("1234@corp.example").await;
    site.settled(&[]).await;
    let link = site.link("box", &id).await;
    assert_eq!(link.link.state.as_str(), "refused");
    let error = link.link.error.unwrap();
    assert_eq!(error.class, "invalid");
    assert!(error.message.contains("name"), "{}", error.message);
}
