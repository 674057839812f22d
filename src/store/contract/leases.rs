//! Leases and epochs.

use super::fixture::{
    LEASE, NAS, START, create, drive_nas, lease, link_of, outcome, take, take_one, user,
};
use crate::store::{ClaimKey, LinkProgress, LinkState, Store, StoreError, Verdict};

pub(crate) async fn a_lease_has_one_holder(store: &dyn Store) {
    assert_eq!(
        store
            .acquire_lease(NAS, "early", START, LEASE)
            .await
            .unwrap(),
        None
    );
    let epoch = drive_nas(store).await;
    let refused = store
        .acquire_lease(NAS, "second", START + LEASE - 1, LEASE)
        .await
        .unwrap();
    assert_eq!(refused, None);
    assert!(
        store
            .renew_lease(NAS, epoch, START + LEASE - 1, LEASE)
            .await
            .unwrap()
    );
    let refused = store
        .acquire_lease(NAS, "second", START + LEASE, LEASE)
        .await
        .unwrap();
    assert_eq!(refused, None);

    let until = START + 2 * LEASE;
    let taken = store
        .acquire_lease(NAS, "second", until, LEASE)
        .await
        .unwrap()
        .unwrap();
    assert!(taken.epoch > epoch);
    assert_eq!(taken.until_ms, until + LEASE);
    assert!(!store.renew_lease(NAS, epoch, until, LEASE).await.unwrap());
    let report = store.appliance_report().await.unwrap();
    assert_eq!(report[0].lease_owner.as_deref(), Some("second"));
}

pub(crate) async fn a_take_over_makes_links_uncertain(store: &dyn Store) {
    drive_nas(store).await;
    let first = store
        .acquire_lease(NAS, "first", START + LEASE, LEASE)
        .await
        .unwrap()
        .unwrap();
    create(store, user("a")).await;
    take_one(store, first.epoch, START + LEASE).await;
    create(store, user("b")).await;

    // Even the same owner may have lost track of what it wrote.
    let second = lease(store, "first", START + 2 * LEASE).await;
    let mut work = take(store, second, START + 2 * LEASE).await;
    work.sort_by(|one, other| one.link.resource_id.cmp(&other.link.resource_id));
    let uncertain: Vec<bool> = work
        .iter()
        .map(|work| work.link.progress.uncertain)
        .collect();
    assert_eq!(uncertain, [true, false]);
}

pub(crate) async fn an_old_epoch_is_refused(store: &dyn Store) {
    let old = drive_nas(store).await;
    create(store, user("a")).await;
    let link = take_one(store, old, START).await.link;
    lease(store, "second", START + LEASE).await;
    let before = link_of(store, "a").await;

    let claim = ClaimKey {
        appliance: NAS.to_owned(),
        epoch: old,
        link_id: link.id,
        namespace: "users".to_owned(),
        key: "a".to_owned(),
        suffix: None,
    };
    let progress = LinkProgress {
        uncertain: true,
        ..LinkProgress::default()
    };
    let refusals = [
        store
            .record_outcome(outcome(&link, old, Verdict::Done, START))
            .await
            .err(),
        store.checkpoint(NAS, old, link.id, progress).await.err(),
        store.claim_key(claim).await.err(),
        store
            .take_due_links(NAS, old, START + LEASE, 10)
            .await
            .err(),
        store.save_breaker(NAS, old, "open".to_owned()).await.err(),
    ];
    for refusal in refusals {
        assert!(
            matches!(&refusal, Some(StoreError::LeaseLost { epoch, .. }) if *epoch == old),
            "{refusal:?}"
        );
    }
    assert_eq!(link_of(store, "a").await, before);
}

pub(crate) async fn a_released_lease_leaves_no_uncertainty(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    take_one(store, epoch, START).await;
    store.release_lease(NAS, epoch).await.unwrap();
    let link = link_of(store, "a").await.unwrap();
    assert_eq!(
        (link.state, link.progress.uncertain),
        (LinkState::Pending, false)
    );
    assert!(!store.renew_lease(NAS, epoch, START, LEASE).await.unwrap());

    let next = lease(store, "second", START + 1).await;
    assert!(
        !take_one(store, next, START + 1)
            .await
            .link
            .progress
            .uncertain
    );
    // A late release of the old lease does not touch the new one.
    store.release_lease(NAS, epoch).await.unwrap();
    assert!(
        store
            .renew_lease(NAS, next, START + 2, LEASE)
            .await
            .unwrap()
    );
}

pub(crate) async fn a_breaker_is_kept(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    store
        .save_breaker(NAS, epoch, "open until noon".to_owned())
        .await
        .unwrap();
    let report = store.appliance_report().await.unwrap();
    assert_eq!(report[0].breaker.as_deref(), Some("open until noon"));
}
