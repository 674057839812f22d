//! One appliance away for the whole of a run.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Site, read_accounts};

#[tokio::test(flavor = "multi_thread")]
async fn an_appliance_that_is_down_delays_nobody_and_catches_up_with_one_write_a_user() {
    const USERS: usize = 50;
    let site = Site::with_all_vendors().await;
    let mut people = Vec::new();
    for number in 0..USERS {
        people.push(
            site.scim
                .create_user(&format!("p{number}@corp.example"))
                .await,
        );
    }
    site.settled(&[]).await;
    site.control("nas").clear_journal();

    site.control("nas").set_down(true);
    let mut slowest = Duration::ZERO;
    for round in 0..4 {
        for id in &people {
            let started = Instant::now();
            site.scim
                .set(id, "displayName", json!(format!("Round {round}")))
                .await;
            slowest = slowest.max(started.elapsed());
        }
    }
    // 200 changes; the identity provider would have given up long after this.
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    site.settled(&["vpn", "array", "foreman"]).await;
    assert!(
        site.links()
            .await
            .iter()
            .filter(|link| link.link.appliance == "nas")
            .all(|link| link.link.state.as_str() != "in_sync"),
        "what the appliance has not got is not called in sync"
    );

    site.control("nas").set_down(false);
    site.settled(&[]).await;
    for account in read_accounts(site.simulator("nas")).await {
        assert_eq!(account.raw["full_name"], "Round 3");
    }
    let writes = site
        .control("nas")
        .journal()
        .iter()
        .filter(|call| call.method == "PUT" && call.status == 200)
        .count();
    assert_eq!(writes, USERS, "ten changes become one write");
}
