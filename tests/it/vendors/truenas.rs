//! TrueNAS, over the REST API of the older releases and the websocket of the newer ones.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::groups;
use super::lifecycle::{
    Passwords, account, every_field, field, on_each_release, renamed, site_of, states,
};

// REST up to 24.10, JSON-RPC over a websocket from 25.04 on.
on_each_release!(
    [
        core_12_0 = "12.0-U8.1",
        core_13_0 = "13.0-U6.8",
        scale_22_02 = "22.02.4",
        scale_22_12 = "22.12.4.2",
        scale_23_10 = "23.10.2",
        scale_24_04 = "24.04.2.5",
        scale_24_10 = "24.10.2.4",
        release_25_04 = "25.04.2.6",
        release_25_10 = "25.10.6",
        release_26 = "26",
    ],
    [
        every_mapped_field_is_changed_and_cleared,
        rows_of_the_appliance_are_changed_and_cleared,
        an_account_is_renamed_disabled_enabled_and_deleted,
        a_password_is_generated,
        a_password_is_synchronised,
        a_group_lives_its_whole_life,
    ]
);

const JANE: &str = "Jane.Doe@corp.example";

const PASSWORDS: Passwords = Passwords {
    vendor: Vendor::TrueNas,
    user_name: JANE,
    key: "jane.doe",
    pointer: "/password",
    changeable: true,
};

async fn every_mapped_field_is_changed_and_cleared(release: &str) {
    let site = site_of(Vendor::TrueNas, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let created = account(&site, "jane.doe").await;
    assert_eq!(created.raw["smb"], json!(false), "no SMB account unasked");
    assert_eq!(
        created.raw["sudo_commands"],
        json!([]),
        "no privilege unasked"
    );
    assert_eq!(created.raw["group"]["bsdgrp_group"], "jane.doe");
    let fields = [
        field(
            "displayName",
            "Jane:Doe",
            "/full_name",
            "Jane Doe",
            // The given and the family name take its place.
            Some(json!("Jane Doe")),
        ),
        field(
            "emails[type eq \"work\"].value",
            "jd@corp.example",
            "/email",
            "jd@corp.example",
            Some(Value::Null),
        ),
    ];
    every_field(&site, &id, "jane.doe", &fields).await;
}

/// Rows that have a source only where an appliance gives them one.
async fn rows_of_the_appliance_are_changed_and_cleared(release: &str) {
    let rows = r#"
[appliance.user.fields.home]
value = "/mnt/tank/jane"
[appliance.user.fields.shell]
from = ["title"]
[appliance.user.fields.sshpubkey]
from = ["nickName"]
[appliance.user.fields.uid]
value = 4711
[appliance.user.fields.sudo_commands]
choose = [{ role = "storage", value = ["/usr/sbin/zpool"] }]
default = []
"#;
    let site = site_of(Vendor::TrueNas, release, rows).await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    let created = account(&site, "jane.doe").await;
    assert_eq!(created.raw["home"], "/mnt/tank/jane");
    assert_eq!(created.raw["uid"], 4711);
    let fields = [
        field(
            "title",
            "/usr/sbin/nologin",
            "/shell",
            "/usr/sbin/nologin",
            None,
        ),
        field(
            "nickName",
            "ssh-ed25519 AAAAC3Nz jane",
            "/sshpubkey",
            "ssh-ed25519 AAAAC3Nz jane",
            Some(Value::Null),
        ),
        field(
            "roles",
            json!([{"value": "storage"}]),
            "/sudo_commands",
            json!(["/usr/sbin/zpool"]),
            Some(json!([])),
        ),
    ];
    every_field(&site, &id, "jane.doe", &fields).await;
}

async fn an_account_is_renamed_disabled_enabled_and_deleted(release: &str) {
    let site = site_of(Vendor::TrueNas, release, "").await;
    let id = site.scim.create_user(JANE).await;
    site.settled(&[]).await;
    renamed(&site, &id, "jane.roe@corp.example", "jane.doe", "jane.roe").await;
    states(&site, &id, "jane.roe").await;
}

async fn a_password_is_generated(release: &str) {
    PASSWORDS.are_generated(release).await;
}

async fn a_password_is_synchronised(release: &str) {
    PASSWORDS.are_synchronised(release).await;
}

async fn a_group_lives_its_whole_life(release: &str) {
    groups::lives_its_whole_life(Vendor::TrueNas, release).await;
}
