//! Sweeps: appliances added, changed, removed and put back.

use super::fixture::{
    LEASE, NAS, START, appliance, converge_all, create, delete, drive_nas, due_ids, edit, lease,
    link_of, outcome, record, take, take_one, update, user,
};
use crate::scim::ResourceKind::User;
use crate::store::{
    CreateResource, LinkState, RegisterAppliance, Store, StoreError, SweepKind, Targets, Verdict,
};

fn unlinked(name: &str) -> CreateResource {
    CreateResource {
        targets: Targets::default(),
        ..user(name)
    }
}

/// Works all sweeps off, wanting every resource; how many batches that took.
async fn sweep_all(store: &dyn Store, epoch: i64, now_ms: i64) -> usize {
    let mut batches = 0;
    while let Some(batch) = store.sweep_batch(NAS, 500).await.unwrap() {
        let wanted = batch
            .rows
            .iter()
            .map(|row| row.resource.id.clone())
            .collect();
        store
            .apply_sweep(NAS, epoch, &batch, wanted, now_ms)
            .await
            .unwrap();
        batches += 1;
    }
    batches
}

pub(crate) async fn a_new_appliance_is_swept_in_batches(store: &dyn Store) {
    for number in 0..1_200 {
        create(store, unlinked(&format!("user{number}"))).await;
    }
    store
        .register_appliances(vec![appliance(NAS, "1")], START)
        .await
        .unwrap();
    assert_eq!(store.appliance_report().await.unwrap()[0].sweeps, 1);
    let epoch = lease(store, "first", START).await;
    assert!(take(store, epoch, START).await.is_empty());

    let mut sizes = Vec::new();
    while let Some(batch) = store.sweep_batch(NAS, 400).await.unwrap() {
        assert_eq!(batch.kind, SweepKind::MakeDue);
        sizes.push(batch.rows.len());
        if sizes.len() == 1 {
            // Deleted between reading and applying.
            delete(store, User, "user0", START).await;
        }
        // Those with an odd number are out of scope.
        let wanted = batch.rows.iter().map(|row| row.resource.id.clone());
        let even = |id: &String| id.ends_with(['0', '2', '4', '6', '8']);
        let wanted = wanted.filter(even).collect();
        store
            .apply_sweep(NAS, epoch, &batch, wanted, START)
            .await
            .unwrap();
    }
    assert_eq!(sizes, [400, 400, 400]);
    let work = take(store, epoch, START).await;
    assert_eq!(work.len(), 599);
    assert!(work.iter().all(|work| work.link.priority > 0));
    assert_eq!(store.appliance_report().await.unwrap()[0].sweeps, 0);
}

pub(crate) async fn an_appliance_put_back_makes_nothing_due(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for name in ["a", "b"] {
        create(store, user(name)).await;
    }
    converge_all(store, epoch, START).await;
    store.register_appliances(Vec::new(), START).await.unwrap();
    assert!(store.appliance_report().await.unwrap()[0].detached);
    store
        .register_appliances(vec![appliance(NAS, "1")], START)
        .await
        .unwrap();

    let batch = store.sweep_batch(NAS, 10).await.unwrap().unwrap();
    assert_eq!(batch.kind, SweepKind::AddMissing);
    assert!(batch.rows.iter().all(|row| row.linked));
    sweep_all(store, epoch, START + 1).await;
    assert!(take(store, epoch, i64::MAX).await.is_empty());
}

pub(crate) async fn an_appliance_put_back_gets_what_it_missed(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for name in ["same", "changed", "deleted"] {
        create(store, user(name)).await;
    }
    converge_all(store, epoch, START).await;
    store.register_appliances(Vec::new(), START).await.unwrap();
    create(store, unlinked("new")).await;
    update(store, edit("changed", "changed", START + 1)).await;
    delete(store, User, "deleted", START + 2).await;
    store
        .register_appliances(vec![appliance(NAS, "1")], START + 3)
        .await
        .unwrap();

    sweep_all(store, epoch, START + 3).await;
    let due = due_ids(store, epoch, START + 3).await;
    assert_eq!(due, ["id-changed", "id-deleted", "id-new"]);
}

pub(crate) async fn another_digest_makes_links_due_behind_single_changes(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for name in ["a", "b"] {
        create(store, user(name)).await;
    }
    converge_all(store, epoch, START).await;
    store
        .register_appliances(vec![appliance(NAS, "1")], START)
        .await
        .unwrap();
    assert!(
        store.sweep_batch(NAS, 10).await.unwrap().is_none(),
        "nothing differs"
    );

    store
        .register_appliances(vec![appliance(NAS, "2")], START + 1)
        .await
        .unwrap();
    assert_eq!(sweep_all(store, epoch, START + 1).await, 1);
    create(store, user("c")).await;
    update(store, edit("b", "changed", START + 2)).await;
    assert_eq!(
        due_ids(store, epoch, START + 2).await,
        ["id-c", "id-b", "id-a"]
    );

    // Held leavers see the new policies too.
    create(store, user("leaver")).await;
    converge_all(store, epoch, START + 2).await;
    delete(store, User, "leaver", START + 3).await;
    let work = take_one(store, epoch, START + 3).await;
    let hold = Verdict::Hold {
        class: "guard".to_owned(),
        message: "too many".to_owned(),
    };
    record(store, outcome(&work.link, epoch, hold, START + 3)).await;
    store
        .register_appliances(vec![appliance(NAS, "3")], START + 4)
        .await
        .unwrap();
    assert_eq!(
        link_of(store, "leaver").await.unwrap().state,
        LinkState::Pending
    );
}

pub(crate) async fn another_directory_makes_the_links_of_the_one_before_due(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for name in ["a", "b"] {
        create(store, user(name)).await;
    }
    converge_all(store, epoch, START).await;
    let elsewhere = CreateResource {
        directory: "other".to_owned(),
        ..unlinked("a")
    };
    create(store, elsewhere).await;
    let moved = RegisterAppliance {
        directories: ["other".to_owned()].into(),
        ..appliance(NAS, "1")
    };
    for (digest, now_ms) in [("1", START + 1), ("2", START + 2)] {
        // The second time it has served the other directory for long, and gets other policies.
        let moved = RegisterAppliance {
            digest: digest.to_owned(),
            ..moved.clone()
        };
        store
            .register_appliances(vec![moved], now_ms)
            .await
            .unwrap();
        sweep_all(store, epoch, now_ms).await;
        let mut due = Vec::new();
        for work in take(store, epoch, now_ms).await {
            record(store, outcome(&work.link, epoch, Verdict::Done, now_ms)).await;
            due.push((work.link.directory, work.link.resource_id));
        }
        due.sort();
        let due: Vec<(&str, &str)> = due
            .iter()
            .map(|(d, id)| (d.as_str(), id.as_str()))
            .collect();
        let all = [("default", "id-a"), ("default", "id-b"), ("other", "id-a")];
        assert_eq!(due, all);
    }
}

pub(crate) async fn a_further_directory_is_swept_and_one_that_is_taken_away_too(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    converge_all(store, epoch, START).await;
    let elsewhere = CreateResource {
        directory: "other".to_owned(),
        ..unlinked("b")
    };
    create(store, elsewhere).await;
    let serving = |names: &[&str]| RegisterAppliance {
        directories: names.iter().map(|name| (*name).to_owned()).collect(),
        ..appliance(NAS, "1")
    };
    for (directories, due) in [
        (&["default", "other"][..], &["id-a", "id-b"][..]),
        (&["default", "other"], &[]),
        (&["default"], &["id-a", "id-b"]),
    ] {
        let registered = store.register_appliances(vec![serving(directories)], START + 1);
        registered.await.unwrap();
        sweep_all(store, epoch, START + 1).await;
        let mut found = Vec::new();
        for work in take(store, epoch, START + 1).await {
            record(store, outcome(&work.link, epoch, Verdict::Done, START + 1)).await;
            found.push(work.link.resource_id);
        }
        found.sort();
        assert_eq!(found, due, "{directories:?}");
    }
}

pub(crate) async fn a_detached_appliance_gets_nothing(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    store.register_appliances(Vec::new(), START).await.unwrap();
    assert!(take(store, epoch, START).await.is_empty());
    store.release_lease(NAS, epoch).await.unwrap();
    let refused = store
        .acquire_lease(NAS, "second", START + LEASE, LEASE)
        .await
        .unwrap();
    assert_eq!(refused, None);
    assert_eq!(link_of(store, "a").await.unwrap().state, LinkState::Pending);
}

pub(crate) async fn an_old_epoch_applies_no_sweep(store: &dyn Store) {
    create(store, unlinked("a")).await;
    store
        .register_appliances(vec![appliance(NAS, "1")], START)
        .await
        .unwrap();
    let old = lease(store, "first", START).await;
    let batch = store.sweep_batch(NAS, 10).await.unwrap().unwrap();
    let new = lease(store, "second", START + LEASE).await;
    let wanted = vec!["id-a".to_owned()];
    let refusal = store
        .apply_sweep(NAS, old, &batch, wanted.clone(), START)
        .await;
    assert!(matches!(refusal, Err(StoreError::LeaseLost { .. })));
    assert_eq!(link_of(store, "a").await, None);
    store
        .apply_sweep(NAS, new, &batch, wanted.clone(), START)
        .await
        .unwrap();
    // Applied twice, a batch does nothing the second time.
    let link = link_of(store, "a").await;
    assert!(link.is_some());
    store
        .apply_sweep(NAS, new, &batch, wanted, START)
        .await
        .unwrap();
    assert_eq!(link_of(store, "a").await, link);
}
