//! HPE Nimble Storage.

use appliance_sim::Vendor;
use serde_json::json;

use super::lifecycle::{
    Passwords, account, every_field, field, on_each_release, renamed, site, site_of, states,
};
use crate::support::SiteBuilder;

on_each_release!(
    [
        release_4_4 = "4.4",
        release_5_2 = "5.2",
        release_6_0 = "6.0"
    ],
    [
        every_mapped_field_is_changed_and_cleared,
        rows_of_the_appliance_are_changed_and_cleared,
        an_account_is_renamed_disabled_enabled_and_deleted,
        a_password_is_generated,
        a_password_is_synchronised,
    ]
);

const JANE: &str = "jane.doe@corp.example";

const PASSWORDS: Passwords = Passwords {
    vendor: Vendor::Nimble,
    user_name: JANE,
    key: "janedoe",
    pointer: "/data/password",
    changeable: true,
};

async fn every_mapped_field_is_changed_and_cleared(release: &str) {
    let site = site_of(Vendor::Nimble, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let created = account(&site, "janedoe").await;
    assert_eq!(created.raw["role"], "guest", "no privilege unasked");
    assert_eq!(created.raw["description"], format!("scim:{id}"));
    let fields = [
        field(
            "displayName",
            "Jané O'Dea Jr.",
            "/full_name",
            "Jane O'Dea Jr",
            // The given and the family name take its place.
            Some(json!("Jane Doe")),
        ),
        field(
            "emails[type eq \"work\"].value",
            "jd@corp.example",
            "/email_addr",
            "jd@corp.example",
            Some(json!("")),
        ),
    ];
    every_field(&site, &id, "janedoe", &fields).await;
}

/// Rows that have a source only where an appliance gives them one.
async fn rows_of_the_appliance_are_changed_and_cleared(release: &str) {
    let rows = format!(
        "[appliance.user.fields.role]\n\
         choose = [{{ role = \"storage\", value = \"operator\" }}]\n\
         [appliance.user.fields.inactivity_timeout]\nfrom = [\"{IDLE_SECONDS}\"]\n"
    );
    let site = SiteBuilder::default()
        .directory(IDLE_SCHEMA)
        .appliance("box", Vendor::Nimble, &rows)
        .release("box", release)
        .start()
        .await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let fields = [
        field(
            "roles",
            json!([{"value": "storage"}]),
            "/role",
            "operator",
            Some(json!("guest")),
        ),
        field(
            IDLE_SECONDS,
            900,
            "/inactivity_timeout",
            900,
            Some(json!(0)),
        ),
    ];
    every_field(&site, &id, "janedoe", &fields).await;
}

/// A schema of the site's own, as the standard ones have no number.
const IDLE_SCHEMA: &str = "[[directory.default.schema]]\n\
    id = \"urn:example:params:scim:schemas:idle:2.0:User\"\n\
    name = \"Idle\"\nresource = \"User\"\n\
    [[directory.default.schema.attribute]]\nname = \"seconds\"\ntype = \"integer\"\n";

const IDLE_SECONDS: &str = "urn:example:params:scim:schemas:idle:2.0:User:seconds";

async fn an_account_is_renamed_disabled_enabled_and_deleted(release: &str) {
    let site = site_of(Vendor::Nimble, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    renamed(&site, &id, "jane.roe@corp.example", "janedoe", "janeroe").await;
    states(&site, &id, "janeroe").await;
}

async fn a_password_is_generated(release: &str) {
    PASSWORDS.are_generated(release).await;
}

async fn a_password_is_synchronised(release: &str) {
    PASSWORDS.are_synchronised(release).await;
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
