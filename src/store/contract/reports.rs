//! Reports and upkeep.

use super::fixture::{
    NAS, START, converge_all, create, delete, drive_nas, edit, group, linked_group, outcome,
    record, take, update, user,
};
use crate::scim::ResourceKind::{Group, User};
use crate::store::{LinkCount, LinkFilter, LinkState, PruneLimits, Store, Verdict};

async fn names(store: &dyn Store, filter: LinkFilter) -> Vec<String> {
    store
        .link_report(filter)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.name)
        .collect()
}

pub(crate) async fn links_are_listed_by_filter(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("Ann")).await;
    create(store, user("ben")).await;
    converge_all(store, epoch, START).await;
    create(store, linked_group("Admins", &[])).await;
    delete(store, User, "ben", START + 1).await;

    let all = LinkFilter::default();
    assert_eq!(names(store, all.clone()).await, ["ann", "ben", "Admins"]);
    let limited = LinkFilter {
        limit: 2,
        ..all.clone()
    };
    assert_eq!(names(store, limited).await, ["ann", "ben"]);
    let groups = LinkFilter {
        kind: Some(Group),
        ..all.clone()
    };
    assert_eq!(names(store, groups).await, ["Admins"]);
    for name in ["ANN", "id-Ann", "the ann"] {
        let named = LinkFilter {
            name: Some(name.to_owned()),
            ..all.clone()
        };
        assert_eq!(names(store, named).await, ["ann"], "{name}");
    }
    let due = LinkFilter {
        states: vec![LinkState::Pending, LinkState::Held],
        ..all.clone()
    };
    assert_eq!(names(store, due).await, ["ben", "Admins"]);
    let elsewhere = LinkFilter {
        appliance: Some("firewall".to_owned()),
        ..all
    };
    assert!(names(store, elsewhere).await.is_empty());
}

pub(crate) async fn links_are_counted_by_state(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for name in ["a", "b", "c"] {
        create(store, user(name)).await;
    }
    converge_all(store, epoch, START).await;
    update(store, edit("b", "changed", START + 20)).await;
    update(store, edit("c", "changed", START + 30)).await;
    let count = |state, count, oldest_since_ms| LinkCount {
        appliance: NAS.to_owned(),
        state,
        count,
        oldest_since_ms,
    };
    let mut counts = store.link_counts().await.unwrap();
    counts.sort_by_key(|count| count.count);
    let expected = [
        count(LinkState::InSync, 1, None),
        count(LinkState::Pending, 2, Some(START + 20)),
    ];
    assert_eq!(counts, expected);
}

pub(crate) async fn old_rows_are_forgotten(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, group("g", &["nobody"])).await;
    create(store, user("a")).await;
    for work in take(store, epoch, START).await {
        record(store, outcome(&work.link, epoch, Verdict::Done, START)).await;
    }
    let limits = |before_ms| PruneLimits {
        now_ms: START,
        parked_before_ms: before_ms,
        passwords_before_ms: before_ms,
        attempts_before_ms: before_ms,
        guard_before_ms: before_ms,
        audit_before_ms: before_ms,
    };
    store.prune(limits(START)).await.unwrap();
    assert_eq!(store.parked_members().await.unwrap().len(), 1);
    store.prune(limits(START + 1)).await.unwrap();
    assert_eq!(store.parked_members().await.unwrap(), []);
    // What was pruned is history; the directory stands.
    assert_eq!(
        store
            .page("default", User, 0, 10, false)
            .await
            .unwrap()
            .total,
        1
    );
    store.ping().await.unwrap();
}
