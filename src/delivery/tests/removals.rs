//! Accounts that are disabled, and those that the guard holds.

use std::time::Duration;

use appliance_sim::{Fault, FaultKind};
use serde_json::json;

use super::{Site, all_in_sync, policy};
use crate::delivery::{AppliancePolicy, GuardSettings, Scope};
use crate::store::{AccountState, Link, LinkState};
use crate::telemetry::Clock as _;

/// A person's document; with the title `away` it is out of the scope of [`nobody_away`].
fn person(name: &str, title: Option<&str>, active: bool) -> String {
    json!({"userName": name, "displayName": name, "title": title, "active": active}).to_string()
}

fn nobody_away() -> AppliancePolicy {
    let filter = scim_filter_parser::parse_filter(r#"not (title eq "away")"#).unwrap();
    AppliancePolicy {
        users: Some(Scope::Matching(Box::new(filter))),
        ..policy()
    }
}

/// What the array was told of the state of accounts: whether they are disabled.
fn switches(site: &Site) -> Vec<bool> {
    let journal = site.control().journal();
    let puts = journal.iter().filter(|call| call.method == "PUT");
    puts.filter_map(|call| call.body["data"]["disabled"].as_bool())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_back_before_a_lost_disable_was_looked_at_is_enabled_again() {
    let site = Site::start(nobody_away()).await;
    site.create("first", "jane", "first").await;
    site.until("created", all_in_sync).await;
    let lost = Fault::new(FaultKind::DropAfterHandling)
        .on_method("PUT")
        .times(1);
    let unreadable = Fault::new(FaultKind::Throttle {
        retry_after_seconds: None,
    })
    .on_method("GET");
    site.control().inject(lost);
    site.control().inject(unreadable);
    let away = person("jane", Some("away"), true);
    site.change("first", "jane", away, false).await;
    site.until("uncertain", |links| links[0].progress.uncertain)
        .await;
    let back = person("jane", None, true);
    site.change("first", "jane", back, false).await;
    site.control().clear_faults();
    site.until("back", all_in_sync).await;
    assert_eq!(switches(&site), [true, false]);
    site.delivery.stop().await;
}

const WINDOW: Duration = Duration::from_secs(3600);

/// Allows one disable within the window.
fn one_disable() -> AppliancePolicy {
    AppliancePolicy {
        guard: GuardSettings {
            window: WINDOW,
            max_deletes: 0,
            max_deletes_percent: 0,
            max_disables: 1,
            max_disables_percent: 0,
        },
        ..policy()
    }
}

fn held(link: &Link) -> bool {
    link.state == LinkState::Held && link.error.as_ref().is_some_and(|e| e.class == "guard")
}

/// A site with two people who were deactivated, of whom the second is held.
async fn with_one_held() -> Site {
    let site = Site::start(one_disable()).await;
    for (id, name) in [("first", "jane"), ("second", "john")] {
        site.create(id, name, id).await;
    }
    site.until("created", |links| links.len() == 2 && all_in_sync(links))
        .await;
    site.change("first", "jane", person("jane", None, false), false)
        .await;
    site.until("disabled", |links| {
        links[0].progress.account_state == AccountState::Disabled
    })
    .await;
    site.change("second", "john", person("john", None, false), false)
        .await;
    site.until("held", |links| held(&links[1])).await;
    site
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_window_lets_nothing_through_that_is_held() {
    let site = with_one_held().await;
    site.put_forward(2 * WINDOW);
    let now_ms = site.clock.now_ms();
    // Something unrelated changes.
    let titled = person("john", Some("clerk"), false);
    site.change("second", "john", titled, false).await;
    let links = site
        .until("held anew", |links| {
            let seen = links[1].error.as_ref().is_some_and(|e| e.at_ms >= now_ms);
            held(&links[1]) && seen
        })
        .await;
    assert_eq!(links[1].progress.account_state, AccountState::Active);
    assert_eq!(switches(&site), [true]);
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_directory_takes_back_is_held_no_longer() {
    let site = with_one_held().await;
    site.put_forward(2 * WINDOW);
    let active = person("john", None, true);
    site.change("second", "john", active, true).await;
    site.until("taken back", all_in_sync).await;
    let inactive = person("john", None, false);
    site.change("second", "john", inactive, false).await;
    // Another deactivation, in a window that has room for it.
    site.until("disabled", |links| {
        all_in_sync(links) && links[1].progress.account_state == AccountState::Disabled
    })
    .await;
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_who_raises_the_guard_lets_the_held_through() {
    let site = with_one_held().await;
    let mut raised = one_disable();
    raised.guard.max_disables = 2;
    let password = site.simulator.options().password.clone();
    let site = site.restart(raised, super::settings(), &password).await;
    site.until("disabled", |links| {
        all_in_sync(links) && links[1].progress.account_state == AccountState::Disabled
    })
    .await;
    site.delivery.stop().await;
}
