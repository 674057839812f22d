//! Account keys that move between people.

use std::time::Duration;

use appliance_sim::{Fault, FaultKind};

use super::{Site, all_in_sync, policy};
use crate::delivery::{AppliancePolicy, Removal};
use crate::store::{Link, LinkState};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_returns_gets_the_same_account_back() {
    let site = Site::start(AppliancePolicy {
        on_delete: Removal::Disable,
        purge_after: Some(Duration::from_secs(86_400)),
        ..policy()
    })
    .await;
    site.create("first", "jane", "hr-1").await;
    let before = site.until("created", all_in_sync).await;
    site.delete("first").await;
    site.until("disabled", |links| {
        links[0].state == LinkState::PurgeWaiting
    })
    .await;
    site.create("second", "jane", "hr-1").await;
    let after = site
        .until("taken over", |links| {
            links.len() == 1 && links[0].resource_id == "second" && all_in_sync(links)
        })
        .await;
    assert_eq!(after[0].progress.remote_id, before[0].progress.remote_id);
    assert_eq!(after[0].progress.account_state.as_str(), "active");
    assert_eq!(site.creations(), 1);
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_free_again_when_its_account_is_deleted() {
    let site = Site::start(policy()).await;
    site.create("first", "jane", "hr-1").await;
    site.until("created", all_in_sync).await;
    site.control().set_down(true);
    site.delete("first").await;
    site.create("second", "jane", "hr-2").await;
    site.until("waiting", |links| {
        links.len() == 2 && links[1].state == LinkState::Waiting
    })
    .await;
    site.control().set_down(false);
    site.until("made anew", |links| links.len() == 1 && all_in_sync(links))
        .await;
    assert_eq!(site.creations(), 2);
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_swap_names() {
    let site = Site::start(policy()).await;
    site.create("first", "jane", "first").await;
    site.create("second", "john", "second").await;
    site.until("created", all_in_sync).await;
    site.control().set_down(true);
    // On their way through the directory, one name has to be free for a moment.
    site.rename("first", "between").await;
    site.rename("second", "jane").await;
    site.rename("first", "john").await;
    site.control().set_down(false);
    let swapped = |links: &[Link]| {
        let key = |at: usize| links[at].progress.account_key.as_deref();
        all_in_sync(links) && key(0) == Some("john") && key(1) == Some("jane")
    };
    site.until("swapped", swapped).await;
    assert_eq!(site.creations(), 2);
    site.delivery.stop().await;
}

/// Accounts of the array besides the administrator's own.
fn accounts(site: &Site) -> usize {
    let answered = |status: u16| (200..300).contains(&status);
    let journal = site.control().journal();
    let count = |method: &str, wanted: &dyn Fn(&str) -> bool| {
        journal
            .iter()
            .filter(|call| call.method == method && wanted(&call.path) && answered(call.status))
            .count()
    };
    count("POST", &|path| path.ends_with("/users"))
        - count("DELETE", &|path| path.contains("/users/"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_whose_creation_was_not_answered_goes_with_its_person() {
    let site = Site::start(policy()).await;
    let lost = Fault::new(FaultKind::DropAfterHandling)
        .on_method("POST")
        .on_path("/users$".parse().unwrap())
        .times(1);
    site.control().inject(lost);
    site.create("first", "jane", "hr-1").await;
    site.until("tried", |_| site.creations() == 1).await;
    site.delete("first").await;
    site.until("gone", <[Link]>::is_empty).await;
    assert_eq!(accounts(&site), 0);
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_a_lost_rename_may_have_taken_goes_to_nobody_else() {
    let site = Site::start(policy()).await;
    site.create("first", "jane", "first").await;
    site.until("created", all_in_sync).await;
    let lost = Fault::new(FaultKind::DropAfterHandling)
        .on_method("PUT")
        .times(1);
    let unreadable = Fault::new(FaultKind::Throttle {
        retry_after_seconds: None,
    })
    .on_method("GET")
    .on_path("/users/.+$".parse().unwrap());
    site.control().inject(lost);
    site.control().inject(unreadable);
    site.rename("first", "joan").await;
    site.until("uncertain", |links| links[0].progress.uncertain)
        .await;
    // The directory moves on; no attempt can look what came of the first rename.
    site.rename("first", "jill").await;
    let throttled = |link: &Link| link.error.as_ref().is_some_and(|e| e.class == "throttled");
    site.until("throttled", |links| throttled(&links[0])).await;
    site.create("second", "joan", "second").await;
    site.until("waiting", |links| {
        links.len() == 2 && links[1].state == LinkState::Waiting
    })
    .await;
    site.control().clear_faults();
    let settled = |links: &[Link]| {
        let key = |at: usize| links[at].progress.account_key.as_deref();
        all_in_sync(links) && key(0) == Some("jill") && key(1) == Some("joan")
    };
    site.until("renamed", settled).await;
    assert_eq!(site.creations(), 2);
    site.delivery.stop().await;
}
