//! Heron: accounts by name, upserts, numbers in a header, members as a map.

use std::collections::BTreeSet;

use reqwest::Method;
use scim_bridge::store::LinkState;
use serde_json::{Value, json};

use super::heron::{Heron, KEY};
use super::server::Server;
use super::{failure, site, state};
use crate::support::{Site, USER};

async fn bridge(server: &Server) -> Site {
    site("heron", &server.url, KEY, "groups = \"all\"").await
}

fn jane() -> Value {
    json!({
        "schemas": [USER],
        "userName": "jane@corp.example",
        "displayName": "Jane Doe",
        "preferredLanguage": "sv",
        "emails": [{"value": "jane@corp.example", "primary": true}],
        "active": true,
    })
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_follows_its_person_from_the_first_day_to_the_last() {
    let (heron, server) = Heron::start();
    let site = bridge(&server).await;

    let id = site.scim.create("/Users", jane()).await;
    site.settled(&[]).await;
    let made = heron.badge("jane").unwrap();
    assert_eq!(
        made,
        json!({"number": 1, "holder": "Jane Doe", "mail": "jane@corp.example", "language": "sv", "enabled": true})
    );

    site.scim.set(&id, "displayName", "Jane Roe".into()).await;
    site.settled(&[]).await;
    assert_eq!(heron.badge("jane").unwrap()["holder"], "Jane Roe");
    site.scim.clear(&id, "preferredLanguage").await;
    site.settled(&[]).await;
    assert_eq!(heron.badge("jane").unwrap()["language"], "");

    site.scim
        .set(&id, "userName", "jane.roe@corp.example".into())
        .await;
    site.settled(&[]).await;
    assert_eq!(heron.badge("jane"), None);
    assert_eq!(
        heron.badge("jane.roe").unwrap()["number"],
        1,
        "the same badge"
    );

    for active in [false, true] {
        site.scim.set(&id, "active", active.into()).await;
        site.settled(&[]).await;
        assert_eq!(heron.badge("jane.roe").unwrap()["enabled"], active);
    }

    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    assert_eq!(heron.badge("jane.roe"), None);
    assert!(site.links().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upsert_does_not_take_over_a_badge_that_is_there() {
    let (heron, server) = Heron::start();
    heron.make_by_hand("jane", None);
    let before = heron.badge("jane");
    let site = bridge(&server).await;
    let id = site.scim.create("/Users", jane()).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::Held);
    assert_eq!(heron.badge("jane"), before);
    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    assert_eq!(heron.badge("jane"), before);
    assert_eq!(heron.writes(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_that_vanished_is_made_anew_whole_and_not_by_a_change() {
    let (heron, server) = Heron::start();
    let site = bridge(&server).await;
    let id = site.scim.create("/Users", jane()).await;
    site.settled(&[]).await;
    heron.remove_by_hand("jane");
    site.scim.set(&id, "displayName", "Jane Roe".into()).await;
    site.settled(&[]).await;
    assert_eq!(
        heron.badge("jane").unwrap(),
        json!({"number": 2, "holder": "Jane Roe", "mail": "jane@corp.example", "language": "sv", "enabled": true})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_somebody_elses_by_now_is_not_written_to() {
    let (heron, server) = Heron::start();
    let site = bridge(&server).await;
    let id = site.scim.create("/Users", jane()).await;
    site.settled(&[]).await;
    heron.remove_by_hand("jane");
    heron.make_by_hand("jane", None);
    let foreign = heron.badge("jane");

    site.scim.set(&id, "displayName", "Jane Roe".into()).await;
    site.settled(&[]).await;
    assert_eq!(heron.badge("jane"), foreign);
    assert_eq!(state(&site, &id).await, LinkState::Held);
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_is_it_switched_off_or_deleted() {
    for leave in ["active", "deletion"] {
        let (heron, server) = Heron::start();
        let site = bridge(&server).await;
        let id = site.scim.create("/Users", jane()).await;
        site.settled(&[]).await;
        heron.remove_by_hand("jane");
        heron.make_by_hand("jane", None);
        let foreign = heron.badge("jane");
        if leave == "active" {
            site.scim.set(&id, "active", false.into()).await;
        } else {
            site.scim.delete(&format!("/Users/{id}")).await;
        }
        site.settled(&[]).await;
        assert_eq!(heron.badge("jane"), foreign, "{leave}");
        assert_eq!(heron.writes().len(), 1, "{leave}: the creation");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_settled_by_looking() {
    let (heron, server) = Heron::start();
    let site = bridge(&server).await;
    heron.lose_next_answer();
    let id = site.scim.create("/Users", jane()).await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    assert_eq!(heron.writes(), ["PUT /v1/badges/jane"]);

    heron.lose_next_answer();
    site.scim
        .set(&id, "userName", "jane.roe@corp.example".into())
        .await;
    site.settled(&[]).await;
    assert_eq!(state(&site, &id).await, LinkState::InSync);
    assert_eq!(heron.badge("jane.roe").unwrap()["number"], 1);
    assert_eq!(heron.writes().len(), 2, "{:?}", heron.writes());

    heron.lose_next_answer();
    site.scim.delete(&format!("/Users/{id}")).await;
    site.settled(&[]).await;
    assert_eq!(heron.badge("jane.roe"), None);
    assert!(site.links().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_keeps_the_members_that_others_gave_it() {
    let (heron, server) = Heron::start();
    let site = bridge(&server).await;
    let jane = site.scim.create("/Users", jane()).await;
    let john = site.scim.create_user("john@corp.example").await;
    let team = site.scim.create_group("Night Watch", &[&jane, &john]).await;
    site.settled(&[]).await;
    assert_eq!(heron.team("night watch"), Some(names(&["jane", "john"])));

    heron.make_by_hand("porter", Some("night watch"));
    site.scim
        .patch(
            &format!("/Groups/{team}"),
            json!([{"op": "remove", "path": format!("members[value eq \"{john}\"]")}]),
        )
        .await;
    site.settled(&[]).await;
    assert_eq!(heron.team("night watch"), Some(names(&["jane", "porter"])));

    site.scim.delete(&format!("/Groups/{team}")).await;
    site.settled(&[]).await;
    assert_eq!(heron.team("night watch"), None);
    assert!(heron.badge("jane").is_some() && heron.badge("porter").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_the_server_refuses_is_named() {
    let (heron, server) = Heron::start();
    let overrides = "[appliance.user.fields.holder]\nmax_length = 500";
    let site = site("heron", &server.url, KEY, overrides).await;
    let mut long = jane();
    long["displayName"] = "J".repeat(200).into();
    let id = site.scim.create("/Users", long).await;
    let error = failure(&site, &id).await;
    assert_eq!(error.class, "invalid");
    assert!(error.message.contains("holder"), "{}", error.message);
    assert_eq!(heron.badge("jane"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_told_as_that() {
    let (heron, server) = Heron::start();
    let site = site("heron", &server.url, "not-the-key", "").await;
    let reply = site.scim.send(Method::POST, "/Users", Some(&jane())).await;
    assert_eq!(reply.status, 201, "the identity provider does not wait");
    let id = reply.body["id"].as_str().unwrap().to_owned();
    assert_eq!(failure(&site, &id).await.class, "unauthenticated");
    assert_eq!(heron.badge("jane"), None);
}
