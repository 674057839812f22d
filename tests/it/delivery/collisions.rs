//! Two people whose attributes give one name on an appliance.

use appliance_sim::Vendor;
use serde_json::{Value, json};

use super::make_by_hand;
use crate::support::{Site, SiteBuilder, read_account, read_accounts, user};

const SUFFIX: &str = "on_collision = \"suffix\"";

async fn nas(more: &str) -> Site {
    SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, more)
        .start()
        .await
}

/// A user with an external id of its own, whatever the name.
fn person(user_name: &str, external_id: &str) -> Value {
    let mut body = user(user_name);
    body["externalId"] = json!(external_id);
    body
}

async fn create(site: &Site, user_name: &str, external_id: &str) -> String {
    site.scim
        .create("/Users", person(user_name, external_id))
        .await
}

async fn key_of(site: &Site, id: &str) -> Option<String> {
    site.link("nas", id).await.link.progress.account_key
}

async fn keys(site: &Site) -> Vec<String> {
    read_accounts(site.simulator("nas"))
        .await
        .into_iter()
        .map(|account| account.key)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn by_default_the_later_person_waits_and_is_told_for_whom() {
    let site = nas("").await;
    let first = create(&site, "jane.doe@corp.example", "1").await;
    site.settled(&[]).await;
    let second = create(&site, "jane.doe@corp.test", "2").await;
    let told = || async {
        let error = site.link("nas", &second).await.link.error;
        error.is_some_and(|error| error.message.contains("on_collision"))
    };
    site.until(told).await;
    let link = site.link("nas", &second).await.link;
    let message = link.error.unwrap().message;
    assert!(
        message.contains("jane.doe") && message.contains(&first),
        "{message}"
    );
    assert_eq!(keys(&site).await, ["jane.doe"]);
    assert_eq!(
        site.control("nas")
            .journal()
            .iter()
            .filter(|call| call.method == "POST")
            .count(),
        1
    );

    // The name goes over as soon as it is free.
    site.scim.delete(&format!("/Users/{first}")).await;
    site.settled(&[]).await;
    assert_eq!(key_of(&site, &second).await.as_deref(), Some("jane.doe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_made_at_once_are_numbered_in_their_order_and_no_number_is_lost() {
    let site = nas(SUFFIX).await;
    site.control("nas").set_down(true);
    let mut people = Vec::new();
    for number in 1..=6 {
        let name = format!("jane.doe@corp{number}.example");
        people.push(create(&site, &name, &number.to_string()).await);
    }
    site.control("nas").set_down(false);
    site.settled(&[]).await;
    let expected = [
        "jane.doe",
        "jane.doe2",
        "jane.doe3",
        "jane.doe4",
        "jane.doe5",
        "jane.doe6",
    ];
    for (id, expected) in people.iter().zip(expected) {
        assert_eq!(key_of(&site, id).await.as_deref(), Some(expected));
    }
    assert_eq!(keys(&site).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_stays_with_the_person() {
    let mut site = nas(&format!("{SUFFIX}\non_deactivate = \"delete\"")).await;
    let first = create(&site, "jane.doe@corp.example", "1").await;
    site.settled(&[]).await;
    let second = create(&site, "jane.doe@corp.test", "2").await;
    site.settled(&[]).await;
    assert_eq!(key_of(&site, &second).await.as_deref(), Some("jane.doe2"));
    let noted = site.link("nas", &second).await.link.progress.notes;
    assert!(
        noted.iter().any(|note| note.contains("number 2")),
        "{noted:?}"
    );

    // The plain name is free again, and the person changes.
    site.scim.delete(&format!("/Users/{first}")).await;
    site.scim.set(&second, "displayName", json!("Jane")).await;
    site.settled(&[]).await;
    assert_eq!(keys(&site).await, ["jane.doe2"]);

    // The account goes and comes back, over a restart and another policy.
    site.scim.set(&second, "active", json!(false)).await;
    site.settled(&[]).await;
    assert!(keys(&site).await.is_empty());
    site.stop_bridge().await;
    site.reconfigure(|builder| {
        let (builder, (name, vendor, _)) = builder.without("nas");
        builder.with((name, vendor, String::new()))
    });
    site.start_bridge().await;
    site.scim.set(&second, "active", json!(true)).await;
    site.settled(&[]).await;
    assert_eq!(keys(&site).await, ["jane.doe2"]);

    // A new name is a new beginning.
    site.scim
        .set(&second, "userName", json!("jane.roe@corp.test"))
        .await;
    site.settled(&[]).await;
    assert_eq!(keys(&site).await, ["jane.roe"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_onto_a_taken_name_is_numbered_too() {
    let site = nas(SUFFIX).await;
    create(&site, "jane.doe@corp.example", "1").await;
    let second = create(&site, "jane.roe@corp.test", "2").await;
    site.settled(&[]).await;
    let before = read_account(site.simulator("nas"), "jane.roe")
        .await
        .unwrap();
    site.scim
        .set(&second, "userName", json!("jane.doe@corp.test"))
        .await;
    site.settled(&[]).await;
    let after = read_account(site.simulator("nas"), "jane.doe2")
        .await
        .unwrap();
    assert_eq!(before.id, after.id, "it is the same account");
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_and_protected_accounts_are_stepped_around() {
    let site = nas(SUFFIX).await;
    make_by_hand(&site, "handmade").await;
    let stranger = create(&site, "handmade@corp.example", "1").await;
    let root = create(&site, "root@corp.example", "2").await;
    site.settled(&[]).await;
    assert_eq!(key_of(&site, &stranger).await.as_deref(), Some("handmade2"));
    assert_eq!(key_of(&site, &root).await.as_deref(), Some("root2"));
    let by_hand = read_account(site.simulator("nas"), "handmade")
        .await
        .unwrap();
    assert_eq!(by_hand.raw["full_name"], "Made by hand");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_about_to_be_free_is_no_collision() {
    let site = nas(SUFFIX).await;
    let ann = create(&site, "ann@corp.example", "1").await;
    let bob = create(&site, "bob@corp.example", "2").await;
    site.settled(&[]).await;
    site.control("nas").set_down(true);
    site.scim
        .set(&ann, "userName", json!("parked@corp.example"))
        .await;
    site.scim
        .set(&bob, "userName", json!("ann@corp.example"))
        .await;
    site.scim
        .set(&ann, "userName", json!("bob@corp.example"))
        .await;
    site.control("nas").set_down(false);
    site.settled(&[]).await;
    assert_eq!(keys(&site).await, ["ann", "bob"]);
    assert_eq!(key_of(&site, &ann).await.as_deref(), Some("bob"));
}
