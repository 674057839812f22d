//! Passwords: discarded by default, delivered once where an appliance asks for them.

use appliance_sim::Vendor;
use serde_json::json;

use crate::support::{Site, SiteBuilder, USER, read_accounts};

const PASSWORD: &str = "Sesame-42-open";

async fn create_with_password(site: &Site) -> String {
    site.scim
        .create(
            "/Users",
            json!({
                "schemas": [USER], "userName": "ann@corp.example", "displayName": "Ann",
                "name": {"givenName": "Ann", "familyName": "Other"},
                "emails": [{"value": "ann@corp.example", "type": "work"}],
                "password": PASSWORD, "active": true,
            }),
        )
        .await
}

fn creation_password(site: &Site) -> String {
    let journal = site.control("array").journal();
    let creation = journal
        .iter()
        .find(|call| call.method == "POST" && call.path == "/v1/users")
        .unwrap();
    creation.body["data"]["password"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn by_default_nobody_sees_the_password_that_the_identity_provider_sends() {
    let site = SiteBuilder::default()
        .appliance("array", Vendor::Nimble, "")
        .start()
        .await;
    create_with_password(&site).await;
    site.settled(&[]).await;
    let generated = creation_password(&site);
    assert_ne!(generated, PASSWORD);
    assert!(generated.len() >= 16, "{generated}");
    assert!(
        !generated.contains(['&', ';', '[', ']', '`', ' ']),
        "{generated}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_asked_for_a_password_is_delivered_once_and_never_stored_in_the_clear() {
    let mut site = SiteBuilder::default()
        .appliance("array", Vendor::Nimble, "account_password = \"sync\"")
        .start()
        .await;
    // The appliance is away, so that the password has to wait in the store.
    site.control("array").set_down(true);
    let id = create_with_password(&site).await;
    let folder = site.config_file().parent().unwrap().to_owned();
    site.stop_bridge().await;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let found = bytes
            .windows(PASSWORD.len())
            .any(|window| window == PASSWORD.as_bytes());
        assert!(!found, "the password lies in the clear on disk");
    }

    site.control("array").set_down(false);
    site.start_bridge().await;
    site.settled(&[]).await;
    assert_eq!(creation_password(&site), PASSWORD);

    site.control("array").clear_journal();
    site.scim.set(&id, "displayName", json!("Ann Second")).await;
    site.settled(&[]).await;
    site.scim
        .set(&id, "password", json!("Another-43-open"))
        .await;
    site.settled(&[]).await;
    let sent: Vec<String> = site
        .control("array")
        .journal()
        .iter()
        .filter(|call| call.method == "PUT")
        .filter_map(|call| call.body["data"]["password"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(
        sent,
        ["Another-43-open"],
        "a password travels once, and only when it changes"
    );
    assert_eq!(read_accounts(site.simulator("array")).await.len(), 1);
}

/// What the note on the link says of the password.
async fn password_note(site: &Site, appliance: &str, id: &str) -> Option<String> {
    let link = site.link(appliance, id).await.link;
    link.progress.lasting_notes.password
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_is_noted_as_no_appliance_shows_which_one_it_has() {
    let site = SiteBuilder::default()
        .appliance("array", Vendor::Nimble, "account_password = \"sync\"")
        .start()
        .await;
    let id = create_with_password(&site).await;
    site.settled(&[]).await;
    assert_eq!(password_note(&site, "array", &id).await, None);
    site.scim
        .set(&id, "password", json!("Another-43-open"))
        .await;
    site.settled(&[]).await;
    let note = password_note(&site, "array", &id).await.unwrap();
    assert!(note.contains("cannot be seen"), "{note}");
    assert!(!note.contains("Another-43-open"), "{note}");
    site.scim.set(&id, "displayName", json!("Ann")).await;
    site.settled(&[]).await;
    assert!(
        password_note(&site, "array", &id).await.is_some(),
        "it lasts"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_takes_a_password_once_is_not_sent_another_and_nothing_is_kept_for_it() {
    let site = SiteBuilder::default()
        .appliance(
            "vpn",
            Vendor::FortiAuthenticator,
            "account_password = \"sync\"",
        )
        .start()
        .await;
    let id = create_with_password(&site).await;
    site.settled(&[]).await;
    site.control("vpn").clear_journal();
    site.scim
        .set(&id, "password", json!("Another-43-open"))
        .await;
    site.settled(&[]).await;
    let sent = site.control("vpn").journal();
    assert!(
        sent.iter().all(|call| call.body.get("password").is_none()),
        "{sent:?}"
    );
    let note = password_note(&site, "vpn", &id).await.unwrap();
    assert!(note.contains("keeps the one it has"), "{note}");
    let link = site.link("vpn", &id).await.link;
    assert_eq!(link.progress.password_version, Some(2), "not waited for");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_password_login_is_made_where_the_vendor_can() {
    let site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "account_password = \"none\"")
        .start()
        .await;
    let id = create_with_password(&site).await;
    site.settled(&[]).await;
    let journal = site.control("nas").journal();
    let creation = journal.iter().find(|call| call.method == "POST").unwrap();
    assert_eq!(creation.body["password_disabled"], true);
    assert_eq!(creation.body.get("password"), None);
    let accounts = read_accounts(site.simulator("nas")).await;
    assert_eq!(accounts[0].raw["password_disabled"], true);
    assert_eq!(site.link("nas", &id).await.link.state.as_str(), "in_sync");
}
