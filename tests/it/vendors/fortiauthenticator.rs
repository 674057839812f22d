//! FortiAuthenticator.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::groups;
use super::lifecycle::{
    Passwords, account, deleted, every_field, field, on_each_release, site, site_of, states,
};

on_each_release!(
    [classic = "classic", release_8_0 = "v8"],
    [
        every_mapped_field_is_changed_and_cleared,
        fields_of_newer_firmware_are_changed_and_cleared,
        rows_of_the_appliance_are_changed_and_cleared,
        an_expiry_is_changed_and_cleared,
        an_account_is_disabled_enabled_and_deleted,
        a_password_is_generated,
        a_password_is_not_delivered_twice,
        a_group_lives_its_whole_life,
    ]
);

// The firmware of 2014 has no `active`.
on_each_release!(
    [classic_2014 = "classic-2014"],
    [
        every_mapped_field_is_changed_and_cleared,
        rows_of_the_appliance_are_changed_and_cleared,
        a_leaver_who_cannot_be_disabled_is_not_reported_as_disabled,
        an_account_is_deleted,
        a_password_is_generated,
        a_password_is_not_delivered_twice,
        a_group_lives_its_whole_life,
    ]
);

const JANE: &str = "jane.doe@corp.example";

const PASSWORDS: Passwords = Passwords {
    vendor: Vendor::FortiAuthenticator,
    user_name: JANE,
    key: JANE,
    pointer: "/password",
    changeable: false,
};

/// The firmware answers with success and ignores what it does not know.
async fn a_leaver_who_cannot_be_disabled_is_not_reported_as_disabled(release: &str) {
    let site = site_of(Vendor::FortiAuthenticator, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    site.scim.set(&id, "active", json!(false)).await;
    let error = site.failure("box", &id).await;
    assert_eq!(error.class, "refused");
    assert!(
        error
            .message
            .contains("does not show that it cannot be used"),
        "{}",
        error.message
    );
    let state = site.link("box", &id).await.link.state;
    assert_ne!(state.as_str(), "in_sync");
}

fn empty() -> Option<Value> {
    Some(json!(""))
}

async fn every_mapped_field_is_changed_and_cleared(release: &str) {
    let site = site_of(Vendor::FortiAuthenticator, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let fields = [
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
            empty(),
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
        field("externalId", "ext-2", "/custom1", "ext-2", empty()),
    ];
    every_field(&site, &id, JANE, &fields).await;
}

async fn fields_of_newer_firmware_are_changed_and_cleared(release: &str) {
    let site = site_of(Vendor::FortiAuthenticator, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    let organization = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization";
    let fields = [
        field(department, "Grid", "/department", "Grid", empty()),
        field(organization, "Corp", "/company", "Corp", empty()),
    ];
    every_field(&site, &id, JANE, &fields).await;
}

/// Rows that have a source only where an appliance gives them one.
async fn rows_of_the_appliance_are_changed_and_cleared(release: &str) {
    let rows = r#"
[appliance.user.fields.custom2]
from = ["displayName"]
[appliance.user.fields.custom3]
from = ["title"]
[appliance.user.fields.token_auth]
choose = [{ role = "remote", value = true }]
default = false
[appliance.user.fields.token_type]
choose = [{ role = "remote", value = "ftk" }]
"#;
    let site = site_of(Vendor::FortiAuthenticator, release, rows).await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let fields = [
        field("displayName", "Jané", "/custom2", "Jané", empty()),
        field("title", "Engineer", "/custom3", "Engineer", empty()),
    ];
    every_field(&site, &id, JANE, &fields).await;

    site.scim
        .set(&id, "roles", json!([{"value": "remote"}]))
        .await;
    site.settled(&[]).await;
    let given = account(&site, JANE).await.raw;
    assert_eq!(
        (&given["token_auth"], &given["token_type"]),
        (&json!(true), &json!("ftk"))
    );
    assert_ne!(given["token_serial"], "", "the next token of the stock");
    site.scim.clear(&id, "roles").await;
    site.settled(&[]).await;
    let taken = account(&site, JANE).await.raw;
    assert_eq!(
        (&taken["token_auth"], &taken["token_type"]),
        (&json!(false), &Value::Null)
    );
}

async fn an_expiry_is_changed_and_cleared(release: &str) {
    let rows = "[appliance.user.fields.expires_at]\nfrom = [\"title\"]";
    let site = site_of(Vendor::FortiAuthenticator, release, rows).await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    site.scim
        .set(&id, "title", json!("2099-12-31T00:00:00"))
        .await;
    site.settled(&[]).await;
    let expiry = account(&site, JANE).await.raw["expires_at"].clone();
    assert!(
        expiry.as_str().unwrap().starts_with("2099-12-31T00:00:00"),
        "{expiry}"
    );
    site.scim.clear(&id, "title").await;
    site.settled(&[]).await;
    let expiry = account(&site, JANE).await.raw["expires_at"].clone();
    assert!(expiry.is_null() || expiry == "", "{expiry}");
}

async fn an_account_is_disabled_enabled_and_deleted(release: &str) {
    let site = site_of(Vendor::FortiAuthenticator, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    states(&site, &id, JANE).await;
}

async fn an_account_is_deleted(release: &str) {
    let site = site_of(Vendor::FortiAuthenticator, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    deleted(&site, &id, JANE).await;
}

async fn a_password_is_generated(release: &str) {
    PASSWORDS.are_generated(release).await;
}

async fn a_password_is_not_delivered_twice(release: &str) {
    PASSWORDS.are_synchronised(release).await;
}

async fn a_group_lives_its_whole_life(release: &str) {
    groups::lives_its_whole_life(Vendor::FortiAuthenticator, release).await;
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
