//! Deleted resources whose accounts have still to be dealt with.

use super::fixture::{
    START, account, converge_all, create, delete, drive_nas, edit, link_of, outcome, record, take,
    take_one, update, user,
};
use crate::scim::ResourceKind::User;
use crate::store::{LinkFilter, LinkProgress, LinkState, Store, Verdict};

pub(crate) async fn an_account_outlives_its_resource(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let created = create(store, user("a")).await;
    converge_all(store, epoch, START).await;
    delete(store, User, "a", START + 1).await;

    let work = take_one(store, epoch, START + 1).await;
    assert_eq!(work.resource, None);
    let tombstone = work.tombstone.unwrap();
    assert_eq!(tombstone.document, created.document);
    assert_eq!(tombstone.external_id.as_deref(), Some("ext-a"));
    assert_eq!(tombstone.deleted_ms, START + 1);
    let report = store.link_report(LinkFilter::default()).await.unwrap();
    assert_eq!((report[0].name.as_str(), report[0].deleted), ("a", true));

    let recorded = record(store, outcome(&work.link, epoch, Verdict::Gone, START + 2)).await;
    assert!(!recorded.still_due);
    assert!(
        store
            .link_report(LinkFilter::default())
            .await
            .unwrap()
            .is_empty()
    );
}

pub(crate) async fn a_link_without_an_account_goes_at_once(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    delete(store, User, "a", START + 1).await;
    assert_eq!(link_of(store, "a").await, None);
    assert!(take(store, epoch, START + 1).await.is_empty());
}

pub(crate) async fn a_deletion_in_flight_is_seen_afterwards(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    let work = take_one(store, epoch, START).await;
    // The account is being created just now, and nothing shows it yet.
    delete(store, User, "a", START + 1).await;
    let mut done = outcome(&work.link, epoch, Verdict::Done, START + 2);
    done.progress = account("17", "a");
    assert!(record(store, done).await.still_due);
    let work = take_one(store, epoch, START + 2).await;
    assert!(work.tombstone.is_some());
    assert_eq!(work.link.progress.remote_id.as_deref(), Some("17"));
}

pub(crate) async fn a_purge_waits_for_its_time(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    converge_all(store, epoch, START).await;
    delete(store, User, "a", START + 1).await;
    let work = take_one(store, epoch, START + 1).await;
    let purge = Verdict::PurgeAt {
        at_ms: START + 1_000,
    };
    record(store, outcome(&work.link, epoch, purge, START + 2)).await;
    assert_eq!(
        link_of(store, "a").await.unwrap().state,
        LinkState::PurgeWaiting
    );
    let due = store
        .take_due_links("nas", epoch, START + 999, 10)
        .await
        .unwrap();
    assert!(due.work.is_empty());
    assert_eq!(due.next_due_ms, Some(START + 1_000));
    take_one(store, epoch, START + 1_000).await;
}

pub(crate) async fn a_link_that_came_back_into_scope_stays(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    converge_all(store, epoch, START).await;
    update(store, edit("a", "out of scope", START + 1)).await;
    let work = take_one(store, epoch, START + 1).await;
    update(store, edit("a", "in scope again", START + 2)).await;
    let mut gone = outcome(&work.link, epoch, Verdict::Gone, START + 3);
    gone.progress = LinkProgress::default();
    assert!(record(store, gone).await.still_due);
    let work = take_one(store, epoch, START + 3).await;
    assert_eq!(work.link.progress.remote_id, None);
    record(store, outcome(&work.link, epoch, Verdict::Gone, START + 4)).await;
    assert_eq!(link_of(store, "a").await, None);
}
