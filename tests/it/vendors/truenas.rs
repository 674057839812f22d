//! TrueNAS.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::lifecycle::{account, every_field, field, site, states};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_lives_its_whole_life() {
    let site = site(Vendor::TrueNas, "").await;
    let id = site.scim.create_user("Jane.Doe@corp.example").await;
    site.settled(&[]).await;
    let created = account(&site, "jane.doe").await;
    assert_eq!(created.raw["smb"], json!(false), "no SMB account unasked");
    assert_eq!(
        created.raw["sudo_commands"],
        json!([]),
        "no privilege unasked"
    );
    every_field(
        &site,
        &id,
        "jane.doe",
        &[
            field("displayName", "Jane:Doe", "/full_name", "Jane Doe", None),
            field(
                "emails[type eq \"work\"].value",
                "jd@corp.example",
                "/email",
                "jd@corp.example",
                Some(Value::Null),
            ),
        ],
    )
    .await;
    site.scim
        .set(&id, "userName", json!("jane.roe@corp.example"))
        .await;
    site.settled(&[]).await;
    assert_eq!(
        account(&site, "jane.roe").await.id,
        created.id,
        "renamed, not made anew"
    );
    states(&site, &id, "jane.roe").await;
}
