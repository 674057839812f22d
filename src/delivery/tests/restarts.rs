//! What a restart with another configuration brings.

use std::time::Duration;

use super::{Site, all_in_sync, policy, settings};
use crate::delivery::{AppliancePolicy, DeliverySettings};
use crate::store::AccountState;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appliance_given_to_another_directory_lets_go_of_the_people_of_the_one_before() {
    let site = Site::start(policy()).await;
    site.create("first", "jane", "first").await;
    site.until("created", all_in_sync).await;
    let elsewhere = AppliancePolicy {
        directories: ["other".to_owned()].into(),
        ..policy()
    };
    let password = site.simulator.options().password.clone();
    let site = site.restart(elsewhere, settings(), &password).await;
    site.until("disabled", |links| {
        all_in_sync(links) && links[0].progress.account_state == AccountState::Disabled
    })
    .await;
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn corrected_credentials_are_tried_at_once_after_a_restart() {
    // The pause after a refused login is the longest delay of the list.
    let patient = DeliverySettings {
        retry_delays: vec![Duration::from_millis(20), Duration::from_secs(86_400)],
        ..settings()
    };
    let site = Site::start(policy()).await;
    let right = site.simulator.options().password.clone();
    let site = site.restart(policy(), patient.clone(), "wrong").await;
    site.create("first", "jane", "first").await;
    site.until("refused", |links| {
        let error = links.first().and_then(|link| link.error.as_ref());
        error.is_some_and(|error| error.class == "unauthenticated")
    })
    .await;
    let site = site.restart(policy(), patient, &right).await;
    site.until("created", all_in_sync).await;
    site.delivery.stop().await;
}
