//! Foreman.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::groups;
use super::lifecycle::{
    Passwords, account, deleted, every_field, field, on_each_release, renamed, site, site_of,
    states,
};
use crate::support::user;

on_each_release!(
    [release_2_5 = "2.5", release_3_12 = "3.12.0"],
    [
        every_mapped_field_is_changed_and_cleared,
        rows_of_the_appliance_are_changed_and_cleared,
        an_account_is_renamed,
        an_account_is_disabled_enabled_and_deleted,
        a_password_is_generated,
        a_password_is_synchronised,
        a_group_lives_its_whole_life,
    ]
);

// Accounts of 1.24 cannot be disabled: they are locked out by other means.
on_each_release!(
    [release_1_24 = "1.24"],
    [
        every_mapped_field_is_changed_and_cleared,
        rows_of_the_appliance_are_changed_and_cleared,
        an_account_is_renamed,
        an_account_is_locked_out_let_in_and_deleted,
        a_password_is_generated,
        a_password_is_synchronised,
        a_group_lives_its_whole_life,
    ]
);

const JANE: &str = "jane.doe@corp.example";

const PASSWORDS: Passwords = Passwords {
    vendor: Vendor::Foreman,
    user_name: JANE,
    key: JANE,
    pointer: "/user/password",
    changeable: true,
};

async fn every_mapped_field_is_changed_and_cleared(release: &str) {
    let site = site_of(Vendor::Foreman, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let created = account(&site, JANE).await;
    assert_eq!(created.raw["admin"], json!(false));
    assert_eq!(created.raw["auth_source_name"], "Internal");
    let fields = [
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
    ];
    every_field(&site, &id, JANE, &fields).await;
}

/// Rows that have a source only where an appliance gives them one. Lists do not show roles, so
/// that the account is asked for.
async fn rows_of_the_appliance_are_changed_and_cleared(release: &str) {
    let rows = r#"
[appliance.user.fields.role_ids]
choose = [{ role = "linux", value = "System admin" }]
default = []
[appliance.user.fields.admin]
choose = [{ role = "chief", value = true }]
default = false
[appliance.user.fields.location_ids]
value = ["Default Location"]
[appliance.user.fields.organization_ids]
value = ["Default Organization"]
"#;
    let site = site_of(Vendor::Foreman, release, rows).await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let path = format!("/api/users/{}", account(&site, JANE).await.id);
    let operator = site.operator("box");
    let created = operator.get(&path).await;
    assert_eq!(created["locations"][0]["id"], 2);
    assert_eq!(created["organizations"][0]["id"], 1);
    assert_eq!(
        (&created["admin"], &created["roles"]),
        (&json!(false), &json!([]))
    );

    let roles = json!([{"value": "linux"}, {"value": "chief"}]);
    site.scim.set(&id, "roles", roles).await;
    site.settled(&[]).await;
    let raised = operator.get(&path).await;
    assert_eq!(
        (&raised["admin"], &raised["roles"][0]["id"]),
        (&json!(true), &json!(7))
    );

    site.scim.clear(&id, "roles").await;
    site.settled(&[]).await;
    let lowered = operator.get(&path).await;
    assert_eq!(
        (&lowered["admin"], &lowered["roles"]),
        (&json!(false), &json!([]))
    );
}

async fn an_account_is_renamed(release: &str) {
    let site = site_of(Vendor::Foreman, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let new = "jane.roe@corp.example";
    renamed(&site, &id, new, JANE, new).await;
}

async fn an_account_is_disabled_enabled_and_deleted(release: &str) {
    let site = site_of(Vendor::Foreman, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    states(&site, &id, JANE).await;
}

/// Without a switch, a leaver's roles go, and the password becomes one that nobody knows.
async fn an_account_is_locked_out_let_in_and_deleted(release: &str) {
    const PASSWORD: &str = "Sesame-42-open";
    let rows = "account_password = \"sync\"\n\
                [appliance.user.fields.role_ids]\nvalue = [\"Viewer\"]";
    let site = site_of(Vendor::Foreman, release, rows).await;
    let mut jane = user(JANE);
    jane["password"] = json!(PASSWORD);
    let id = site.scim.create("/Users", jane).await;
    site.settled(&[]).await;
    let before = account(&site, JANE).await.id;
    let operator = site.operator("box");
    assert!(operator.password_opens(JANE, PASSWORD).await);

    site.scim.set(&id, "active", json!(false)).await;
    site.settled(&[]).await;
    assert!(!operator.password_opens(JANE, PASSWORD).await);
    let path = format!("/api/users/{before}");
    assert_eq!(operator.get(&path).await["roles"], json!([]));

    site.scim.set(&id, "active", json!(true)).await;
    site.settled(&[]).await;
    assert_eq!(operator.get(&path).await["roles"][0]["name"], "Viewer");
    assert_eq!(account(&site, JANE).await.id, before, "the same account");
    assert_eq!(site.link("box", &id).await.link.state.as_str(), "in_sync");
    deleted(&site, &id, JANE).await;
}

async fn a_password_is_generated(release: &str) {
    PASSWORDS.are_generated(release).await;
}

async fn a_password_is_synchronised(release: &str) {
    PASSWORDS.are_synchronised(release).await;
}

async fn a_group_lives_its_whole_life(release: &str) {
    groups::lives_its_whole_life(Vendor::Foreman, release).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_who_owns_hosts_is_disabled_in_place_of_deleted() {
    let site = site(Vendor::Foreman, "").await;
    let key = "jane.doe@corp.example";
    let id = site.scim.create_user(key).await;
    site.settled(&[]).await;
    let owner = account(&site, key).await;
    let host = json!({"name": "h1.corp.example", "owner_id": owner.id.parse::<u64>().unwrap()});
    let body = json!({"host": host});
    site.operator("box").post("/api/hosts", body).await;
    site.scim.delete(&format!("/Users/{id}")).await;
    let error = site.failure("box", &id).await;
    assert!(!account(&site, key).await.active, "locked out all the same");
    assert_eq!(error.class, "refused");
}
