//! The guard against mass deletion.

use super::fixture::{
    NAS, START, converge_all, create, drive_nas, edit, link_of, take_one, update, user,
};
use crate::store::{Admission, AdmitDestruction, Destruction, Store};

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
