//! Appliances that are added, removed and put back.

use appliance_sim::Vendor;
use serde_json::json;

use crate::support::{Site, SiteBuilder, read_accounts};

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_added_to_ten_thousand_users_is_filled_by_a_sweep() {
    const USERS: usize = 10_000;
    let mut site = SiteBuilder::default().start().await;
    let mut creations = tokio::task::JoinSet::new();
    for worker in 0..16 {
        let scim = site.scim.clone();
        creations.spawn(async move {
            for number in (worker..USERS).step_by(16) {
                scim.create_user(&format!("user{number}@corp.example"))
                    .await;
            }
        });
    }
    creations.join_all().await;
    assert!(site.links().await.is_empty(), "no appliance, no link");

    site.stop_bridge().await;
    site.add_simulator("nas", Vendor::TrueNas).await;
    site.reconfigure(|builder| builder.appliance("nas", Vendor::TrueNas, "concurrency = 8"));
    site.start_bridge().await;
    site.settled(&[]).await;

    assert_eq!(read_accounts(site.simulator("nas")).await.len(), USERS);
    let links = site.links().await;
    assert_eq!(links.len(), USERS);
    assert!(
        links
            .iter()
            .all(|link| link.link.state.as_str() == "in_sync")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_removed_and_put_back_gets_no_call_for_what_did_not_change() {
    let mut site = Site::with_all_vendors().await;
    let ann = site.scim.create_user("ann@corp.example").await;
    site.scim.create_user("bob@corp.example").await;
    site.settled(&[]).await;

    let mut removed = None;
    site.stop_bridge().await;
    site.reconfigure(|builder| {
        let (without, nas) = builder.without("nas");
        removed = Some(nas);
        without
    });
    site.control("nas").clear_journal();
    site.start_bridge().await;
    site.scim.set(&ann, "displayName", json!("Ann Other")).await;
    site.settled(&["vpn", "array", "foreman"]).await;
    assert!(
        site.control("nas").journal().is_empty(),
        "a removed appliance gets no call"
    );

    site.stop_bridge().await;
    site.reconfigure(|builder| builder.with(removed.unwrap()));
    site.start_bridge().await;
    site.settled(&[]).await;
    let writes: Vec<String> = site
        .control("nas")
        .journal()
        .iter()
        .filter(|call| call.method != "GET")
        .map(|call| format!("{} {}", call.method, call.body))
        .collect();
    assert_eq!(
        writes.len(),
        1,
        "only what changed meanwhile is written: {writes:?}"
    );
    assert!(writes[0].contains("Ann Other"), "{writes:?}");

    // And once more, with nothing changed at all.
    site.stop_bridge().await;
    site.control("nas").clear_journal();
    site.start_bridge().await;
    site.settled(&[]).await;
    assert!(site.control("nas").journal().is_empty());
}
