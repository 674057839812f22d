//! Larch: JSON-RPC over plain HTTP.

use scim_bridge::store::LinkState;
use serde_json::{Value, json};

use super::larch::{Larch, TOKEN};
use super::{failure, site, state};
use crate::support::USER;

fn jane() -> Value {
    json!({
        "schemas": [USER],
        "userName": "jane@corp.example",
        "displayName": "Jane Doe",
        "phoneNumbers": [{"type": "work", "value": "41-07"}],
        "active": true,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_follows_its_person_from_the_first_day_to_the_last() {
    let (larch, server) = Larch::start();
    let site = site("larch", &server.url, TOKEN, "").await;
    let id = site.scim.create("/Users", jane()).await;
    site.settled(&[]).await;
    assert_eq!(
        larch.subscriber("jane").unwrap(),
        json!({"ref": "S-1", "login": "jane", "label": "Jane Doe", "extension": "4107", "barred": false})
    );

    site.scim.set(&id, "displayName", "Jane Roe".into()).await;
    site.scim
        .set(&id, "userName", "jane.roe@corp.example".into())
        .await;
    site.settled(&[]).await;
    let renamed = larch.subscriber("jane.roe").unwrap();
    assert_eq!(renamed["ref"], "S-1");
    assert_eq!(renamed["label"], "Jane Roe");

    for active in [false, true] {
        site.scim.set(&id, "active", active.into()).await;
        site.settled(&[]).await;
        assert_eq!(larch.subscriber("jane.roe").unwrap()["barred"], !active);
    }

    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    assert_eq!(larch.subscriber("jane.roe"), None);
    assert!(site.links().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_is_there_is_not_taken_over() {
    let (larch, server) = Larch::start();
    larch.make_by_hand("jane");
    let before = larch.subscriber("jane");
    let site = site("larch", &server.url, TOKEN, "").await;
    let id = site.scim.create("/Users", jane()).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::Held);
    assert_eq!(larch.subscriber("jane"), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_addition_whose_answer_was_lost_is_not_repeated() {
    let (larch, server) = Larch::start();
    let site = site("larch", &server.url, TOKEN, "").await;
    larch.lose_next_addition();
    let id = site.scim.create("/Users", jane()).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    let methods = larch.methods();
    let additions = methods.iter().filter(|name| *name == "subscriber.add");
    assert_eq!(additions.count(), 1, "{methods:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_a_success_is_an_error() {
    let (larch, server) = Larch::start();
    let overrides = "[appliance.user.fields.extension]\napply = []";
    let site = site("larch", &server.url, TOKEN, overrides).await;
    let id = site.scim.create("/Users", jane()).await;
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "invalid");
    assert!(error.message.contains("extension"), "{}", error.message);
    assert_eq!(larch.subscriber("jane"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_told_as_that() {
    let (larch, server) = Larch::start();
    let site = site("larch", &server.url, "not-the-token", "").await;
    let id = site.scim.create("/Users", jane()).await;
    assert_eq!(failure(&site, &id).await.class, "unauthenticated");
    assert_eq!(larch.methods(), Vec::<String>::new());
}
