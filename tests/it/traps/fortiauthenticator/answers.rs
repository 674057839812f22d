//! FortiAuthenticator: what its answers may look like.

use appliance_sim::{Fault, FaultKind, SimulatorOptions};
use scim_bridge::store::LinkState;
use serde_json::{Value, json};

use super::{JANE, VENDOR, made_by_hand, whole_life};
use crate::support::{SiteBuilder, group_members, read_accounts};
use crate::traps::{LONG_PAUSE, answer, count, failure, path, person};
use crate::vendors::lifecycle::{account, site, site_of};

#[tokio::test(flavor = "multi_thread")]
async fn trap_01_every_path_ends_in_a_slash_and_no_redirect_is_followed() {
    let site = site(VENDOR, "groups = \"all\"").await;
    let elsewhere = appliance_sim::start(SimulatorOptions::new(VENDOR))
        .await
        .unwrap();
    for location in [
        format!("{}/api/v1/localusers/", elsewhere.url()),
        "/api/v1/localusers/".to_owned(),
    ] {
        let redirect = Fault::new(FaultKind::Redirect { location });
        site.control("box").inject(redirect.times(2));
    }
    whole_life(&site).await;
    assert!(elsewhere.control().journal().is_empty(), "not followed");
    let journal = site.control("box").journal();
    assert!(journal.iter().all(|call| call.path.ends_with('/')));
    let creations = count(&journal, |call| {
        call.method == "POST" && call.path == "/api/v1/localusers/" && call.handled
    });
    assert_eq!(creations, 2, "a redirect is no success");
    elsewhere.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_03_each_shape_of_release_8s_answer_leads_to_the_account() {
    for shape in ["list", "object", "without_uri"] {
        let site = site_of(VENDOR, "v8", "").await;
        site.set("box", &json!({"create_reply": shape}));
        let id = person(&site, JANE).await;
        let link = site.link("box", &id).await.link;
        assert_eq!(link.state, LinkState::InSync, "{shape}");
        let made = account(&site, JANE).await;
        assert_eq!(link.progress.remote_id, Some(made.id), "{shape}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_04_a_filter_that_is_ignored_gives_nobodys_account_away() {
    let site = site(VENDOR, "").await;
    made_by_hand(&site, "ann").await;
    made_by_hand(&site, "bob").await;
    let everybody = site.operator("box").get("/api/v1/localusers/").await;
    site.control("box").clear_journal();
    let ignored = answer(200, &everybody).on_method("GET");
    site.control("box")
        .inject(ignored.on_path(path("^/api/v1/localusers/$")).times(1));
    let id = person(&site, JANE).await;
    site.scim.set(&id, "active", json!(false)).await;
    site.settled(&[]).await;
    let shown = read_accounts(site.simulator("box")).await;
    let active: Vec<(&str, bool)> = shown
        .iter()
        .map(|account| (account.key.as_str(), account.active))
        .collect();
    assert_eq!(active, [("ann", true), ("bob", true), (JANE, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_05_and_06_short_pages_and_their_links_lead_nowhere_else() {
    let site = site(VENDOR, "groups = \"all\"").await;
    let mut members = Vec::new();
    for name in ["ann", "bob", "carl"] {
        members.push(person(&site, name).await);
    }
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    let group = site.scim.create_group("vpn", &members).await;
    site.settled(&[]).await;
    // The look-up of one membership gets the first page of all, and a link to another host.
    let elsewhere = appliance_sim::start(SimulatorOptions::new(VENDOR))
        .await
        .unwrap();
    let memberships = "/api/v1/localgroup-memberships/";
    let mut first = site
        .operator("box")
        .get(&format!("{memberships}?limit=1"))
        .await;
    let next = format!("{}{memberships}?offset=1&limit=1", elsewhere.url());
    first["meta"]["next"] = json!(next);
    assert_eq!(first["objects"][0]["username"], "ann");
    site.set("box", &json!({"page_cap": 1}));
    site.control("box").clear_journal();
    let ignored = answer(200, &first).on_method("GET").times(1);
    site.control("box")
        .inject(ignored.on_path(path("^/api/v1/localgroup-memberships/$")));
    let carl_leaves = json!([{
        "op": "remove", "path": format!("members[value eq \"{}\"]", members[2]),
    }]);
    site.scim
        .patch(&format!("/Groups/{group}"), carl_leaves)
        .await;
    site.settled(&[]).await;
    let journal = site.control("box").journal();
    let pages = count(&journal, |call| {
        call.method == "GET" && call.path == memberships
    });
    assert_eq!(pages, 4, "the look-up, and a page for each member");
    assert!(elsewhere.control().journal().is_empty());
    site.set("box", &json!({"page_cap": null}));
    let left = group_members(site.simulator("box"), "vpn").await.unwrap();
    assert_eq!(left, ["ann".to_owned(), "bob".to_owned()].into());
    elsewhere.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_20_a_missing_right_is_named_and_works_once_it_is_given() {
    for permission in ["read_only", "nothing"] {
        let site = site(VENDOR, "").await;
        site.set("box", &json!({"permission": permission}));
        let id = site.scim.create_user(JANE).await;
        let error = failure(&site, &id).await;
        assert_eq!(error.class, "denied", "{}", error.message);
        site.set("box", &json!({"permission": "full"}));
        site.settled(&[]).await;
        assert!(account(&site, JANE).await.active);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_21_a_key_that_was_changed_stops_the_calls_after_the_first_refusals() {
    let mut site = SiteBuilder::default()
        .appliance("box", VENDOR, "")
        .delivery(LONG_PAUSE)
        .start()
        .await;
    site.control("box").inject(answer(401, &Value::Null));
    let mut people = Vec::new();
    for number in 0..10 {
        let name = format!("p{number}@corp.example");
        people.push(site.scim.create_user(&name).await);
    }
    let resting = || async {
        let links = site.links().await;
        let working = links
            .iter()
            .any(|link| link.link.state == LinkState::InFlight);
        !working && links.iter().any(|link| link.link.error.is_some())
    };
    site.until(resting).await;
    let refused = site.control("box").journal().len();
    assert!(
        refused <= 4,
        "{refused} calls, of which 4 run beside each other"
    );

    // The operator has put the new key into the configuration.
    site.control("box").clear_faults();
    site.stop_bridge().await;
    site.start_bridge().await;
    site.settled(&[]).await;
    assert_eq!(read_accounts(site.simulator("box")).await.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_21_a_fault_of_the_server_is_waited_for_and_its_text_not_shown() {
    let site = site(VENDOR, "").await;
    let text = "Sorry, this request could not be processed. Please try again later.";
    let fault = answer(500, &json!({"error_message": text})).times(3);
    site.control("box").inject(fault);
    let id = site.scim.create_user(JANE).await;
    let message = failure(&site, &id).await.message;
    assert!(
        message.contains("500") && !message.contains("Sorry"),
        "{message}"
    );
    site.settled(&[]).await;
    assert_eq!(read_accounts(site.simulator("box")).await.len(), 1);
}
