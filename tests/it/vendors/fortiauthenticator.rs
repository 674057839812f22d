//! FortiAuthenticator.

use appliance_sim::Vendor;
use serde_json::json;

use super::lifecycle::{account, every_field, field, site, states};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[tokio::test(flavor = "multi_thread")]
async fn an_account_lives_its_whole_life() {
    let site = site(Vendor::FortiAuthenticator, "").await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    let empty = || Some(json!(""));
    let department: &'static str =
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    let organization: &'static str =
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization";
    assert!(department.starts_with(ENTERPRISE) && organization.starts_with(ENTERPRISE));
    every_field(
        &site,
        &id,
        key,
        &[
            field("name.givenName", "Jané", "/first_name", "Jané", empty()),
            field(
                "name.familyName",
                "Doe-Roe",
                "/last_name",
                "Doe-Roe",
                empty(),
            ),
            field(
                "emails[type eq \"work\"].value",
                "jd@corp.example",
                "/email",
                "jd@corp.example",
                None,
            ),
            field(
                "phoneNumbers[type eq \"mobile\"].value",
                "+46 70 000 17 17",
                "/mobile_number",
                "+46-700001717",
                empty(),
            ),
            field(
                "phoneNumbers[type eq \"work\"].value",
                "+46 8 000 17",
                "/phone_number",
                "+46 8 000 17",
                empty(),
            ),
            field(
                "addresses[type eq \"work\"].streetAddress",
                "Storgatan 1",
                "/address",
                "Storgatan 1",
                empty(),
            ),
            field(
                "addresses[type eq \"work\"].locality",
                "Umeå",
                "/city",
                "Umeå",
                empty(),
            ),
            field(
                "addresses[type eq \"work\"].region",
                "AC",
                "/state",
                "AC",
                empty(),
            ),
            field(
                "addresses[type eq \"work\"].country",
                "Sweden",
                "/country",
                "SE",
                empty(),
            ),
            field(department, "Grid", "/department", "Grid", empty()),
            field(organization, "Corp", "/company", "Corp", empty()),
            field("externalId", "ext-2", "/custom1", "ext-2", empty()),
        ],
    )
    .await;
    states(&site, &id, key).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_change_but_everything_else_still_does() {
    let site = site(Vendor::FortiAuthenticator, "").await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    site.scim
        .set(&id, "userName", json!("jane.roe@corp.example"))
        .await;
    site.scim.set(&id, "name.familyName", json!("Roe")).await;
    site.settled(&[]).await;
    let link = site.link("box", &id).await;
    assert_eq!(link.link.state.as_str(), "refused");
    assert!(link.link.error.unwrap().message.contains("cannot rename"));
    assert_eq!(account(&site, key).await.raw["last_name"], "Roe");
    // A leaver is locked out all the same.
    site.scim.set(&id, "active", json!(false)).await;
    site.settled(&[]).await;
    assert!(!account(&site, key).await.active);
}
