//! The guard against mass deletion.

use super::fixture::{
    NAS, START, converge_all, create, drive_nas, edit, link_of, outcome, record, take_one, update,
    user,
};
use crate::store::{
    Admission, AdmitDestruction, Destruction, LinkProgress, PruneLimits, Store, Verdict,
};

fn delete(epoch: i64, link_id: i64, now_ms: i64) -> AdmitDestruction {
    AdmitDestruction {
        appliance: NAS.to_owned(),
        epoch,
        link_id,
        destruction: Destruction::Delete,
        since_ms: now_ms - 1_000,
        now_ms,
        max_count: 2,
        max_share_percent: 50,
    }
}

pub(crate) async fn the_window_has_a_limit(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for link in [1, 2, 1] {
        let asked = store
            .admit_destruction(delete(epoch, link, START))
            .await
            .unwrap();
        assert_eq!(asked, Admission::Admitted, "link {link}");
    }
    let third = store
        .admit_destruction(delete(epoch, 3, START))
        .await
        .unwrap();
    assert_eq!(third, Admission::Held { used: 2, limit: 2 });
    let disable = AdmitDestruction {
        destruction: Destruction::Disable,
        ..delete(epoch, 3, START)
    };
    assert_eq!(
        store.admit_destruction(disable).await.unwrap(),
        Admission::Admitted
    );
    let later = store
        .admit_destruction(delete(epoch, 3, START + 1_001))
        .await
        .unwrap();
    assert_eq!(later, Admission::Admitted, "the window has moved on");
}

pub(crate) async fn a_share_raises_the_limit(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for number in 0..6 {
        create(store, user(&format!("user{number}"))).await;
    }
    converge_all(store, epoch, START).await;
    for link in 1..=3 {
        let asked = store
            .admit_destruction(delete(epoch, link, START))
            .await
            .unwrap();
        assert_eq!(
            asked,
            Admission::Admitted,
            "half of six accounts: link {link}"
        );
    }
    let fourth = store
        .admit_destruction(delete(epoch, 4, START))
        .await
        .unwrap();
    assert_eq!(fourth, Admission::Held { used: 3, limit: 3 });
}

fn refused(at_ms: i64) -> Verdict {
    Verdict::Retry {
        at_ms,
        class: "refused".to_owned(),
        message: "owns hosts".to_owned(),
    }
}

/// An account that the appliance does not let go is tried again, window after window.
pub(crate) async fn a_refused_deletion_takes_one_place_until_it_has_happened(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    converge_all(store, epoch, START).await;
    update(store, edit("a", "out of scope", START)).await;
    let mut now_ms = START;
    let ask = async |link: i64, now_ms: i64| {
        let asked = AdmitDestruction {
            max_share_percent: 0,
            ..delete(epoch, link, now_ms)
        };
        store.admit_destruction(asked).await.unwrap()
    };
    for _ in 0..3 {
        let link = take_one(store, epoch, now_ms).await.link;
        assert_eq!(ask(link.id, now_ms).await, Admission::Admitted);
        let limits = PruneLimits {
            now_ms,
            parked_before_ms: 0,
            passwords_before_ms: 0,
            attempts_before_ms: 0,
            guard_before_ms: now_ms - 1_000,
            audit_before_ms: 0,
        };
        store.prune(limits).await.unwrap();
        let next_ms = now_ms + 2_000;
        record(store, outcome(&link, epoch, refused(next_ms), now_ms)).await;
        now_ms = next_ms;
    }
    // This window's two places are for others.
    let link = take_one(store, epoch, now_ms).await.link;
    assert_eq!(ask(link.id, now_ms).await, Admission::Admitted);
    for other in [link.id + 1, link.id + 2] {
        assert_eq!(ask(other, now_ms).await, Admission::Admitted);
    }
    let mut deleted = outcome(&link, epoch, Verdict::Done, now_ms);
    deleted.progress = LinkProgress::default();
    record(store, deleted).await;
    // Another account of the same person is another one to be deleted.
    let third = ask(link.id, now_ms).await;
    assert_eq!(third, Admission::Held { used: 2, limit: 2 });
}

/// If the appliance does not answer, or the daemon ends, an account found disabled was us.
pub(crate) async fn a_disable_is_noted_before_it_happens(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    converge_all(store, epoch, START).await;
    update(store, edit("a", "inactive", START + 1)).await;
    let link = take_one(store, epoch, START + 1).await.link;
    for (destruction, disabling) in [(Destruction::Delete, false), (Destruction::Disable, true)] {
        let asked = AdmitDestruction {
            destruction,
            ..delete(epoch, link.id, START + 1)
        };
        store.admit_destruction(asked).await.unwrap();
        let link = link_of(store, "a").await.unwrap();
        assert_eq!(link.progress.disabling, disabling, "{destruction:?}");
    }
}
