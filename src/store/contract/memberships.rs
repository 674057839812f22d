//! Links that follow memberships.

use super::fixture::{
    DIRECTORY, NAS, START, account, add, context, converge_all, create, deltas, drive_nas, due_ids,
    group, link_of, linked_group, outcome, record, remove, take, take_one, update, user,
};
use crate::scim::ResourceKind::Group;
use crate::store::{
    CreateResource, DeleteResource, LinkState, RecordOutcome, Store, SweepKind, Targets,
    UpdateResource, Verdict,
};

/// [`NAS`] reads memberships.
fn reads_groups() -> Targets {
    Targets {
        ensure: Vec::new(),
        members: vec![NAS.to_owned()],
    }
}

fn unlinked(name: &str) -> CreateResource {
    CreateResource {
        targets: Targets::default(),
        ..user(name)
    }
}

pub(crate) async fn joining_and_leaving_make_users_due(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for name in ["stays", "leaves"] {
        create(store, user(name)).await;
    }
    create(store, unlinked("joins")).await;
    create(store, group("g", &["id-stays", "id-leaves"])).await;
    converge_all(store, epoch, START).await;

    let steps = vec![add(&["id-joins", "id-stays"]), remove(&["id-leaves"])];
    let command = deltas("g", steps, START + 1);
    update(
        store,
        UpdateResource {
            targets: reads_groups(),
            ..command
        },
    )
    .await;
    let mut due = due_ids(store, epoch, START + 1).await;
    due.sort();
    assert_eq!(due, ["id-joins", "id-leaves"]);
}

pub(crate) async fn a_large_change_becomes_a_sweep(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let ids: Vec<String> = (0..501).map(|number| format!("id-user{number}")).collect();
    for id in &ids {
        create(store, unlinked(&id.replace("id-", ""))).await;
    }
    create(store, group("g", &[])).await;
    let values: Vec<&str> = ids.iter().map(String::as_str).collect();

    let command = deltas("g", vec![add(&values)], START + 1);
    update(
        store,
        UpdateResource {
            targets: reads_groups(),
            ..command
        },
    )
    .await;
    assert!(take(store, epoch, START + 1).await.is_empty());
    let batch = store.sweep_batch(NAS, 1_000).await.unwrap().unwrap();
    assert_eq!((batch.kind, batch.rows.len()), (SweepKind::MakeDue, 501));
    assert!(
        batch
            .rows
            .iter()
            .all(|row| row.groups.len() == 1 && !row.linked)
    );

    // One fewer is done at once.
    let command = deltas("g", vec![remove(&values[1..])], START + 2);
    update(
        store,
        UpdateResource {
            targets: reads_groups(),
            ..command
        },
    )
    .await;
    assert_eq!(take(store, epoch, START + 2).await.len(), 500);
}

pub(crate) async fn a_nested_group_brings_its_users(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, unlinked("a")).await;
    create(store, group("inner", &["id-a"])).await;
    create(store, linked_group("outer", &[])).await;
    converge_all(store, epoch, START).await;

    let command = deltas("outer", vec![add(&["id-inner"])], START + 1);
    update(
        store,
        UpdateResource {
            targets: reads_groups(),
            ..command
        },
    )
    .await;
    let work = take(store, epoch, START + 1).await;
    let user = work
        .iter()
        .find(|work| work.link.resource_id == "id-a")
        .unwrap();
    let names: Vec<&str> = user
        .groups
        .iter()
        .map(|group| group.display.as_str())
        .collect();
    assert_eq!(names, ["inner", "outer"]);
    let outer = work
        .iter()
        .find(|work| work.link.resource_id == "id-outer")
        .unwrap();
    let members: Vec<&str> = outer
        .members
        .iter()
        .map(|member| member.resource_id.as_str())
        .collect();
    assert_eq!(members, ["id-a"]);
    for work in work {
        record(store, outcome(&work.link, epoch, Verdict::Done, START + 1)).await;
    }

    // Whoever leaves the inner group leaves the outer one, which is written again.
    update(store, deltas("inner", vec![remove(&["id-a"])], START + 2)).await;
    assert_eq!(due_ids(store, epoch, START + 2).await, ["id-outer"]);
}

pub(crate) async fn a_group_is_written_again_when_an_account_appears(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, linked_group("g", &[])).await;
    converge_all(store, epoch, START).await;
    create(store, user("a")).await;
    update(store, deltas("g", vec![add(&["id-a"])], START + 1)).await;
    let work = take(store, epoch, START + 1).await;
    let find = |id: &str| {
        work.iter()
            .find(|work| work.link.resource_id == id)
            .unwrap()
    };
    let (user, group) = (&find("id-a").link, find("id-g"));
    assert_eq!(group.members[0].remote_id, None);
    record(store, outcome(&group.link, epoch, Verdict::Done, START + 2)).await;
    assert_eq!(link_of(store, "g").await.unwrap().state, LinkState::InSync);

    // Seen at a checkpoint, told at the end.
    let progress = account("17", "a");
    store
        .checkpoint(NAS, epoch, user.id, progress.clone())
        .await
        .unwrap();
    let done = outcome(user, epoch, Verdict::Done, START + 3);
    let recorded = record(store, RecordOutcome { progress, ..done }).await;
    assert!(recorded.woke_others);
    let work = take_one(store, epoch, START + 3).await;
    assert_eq!(work.link.resource_id, "id-g");
    assert_eq!(work.members[0].remote_id.as_deref(), Some("17"));
    assert_eq!(work.members[0].account_key.as_deref(), Some("a"));
    record(store, outcome(&work.link, epoch, Verdict::Done, START + 4)).await;

    // What does not concern the group leaves it alone.
    update(store, super::fixture::edit("a", "changed", START + 5)).await;
    let work = take_one(store, epoch, START + 5).await;
    let recorded = record(store, outcome(&work.link, epoch, Verdict::Done, START + 5)).await;
    assert!(!recorded.woke_others);
    assert!(take(store, epoch, START + 6).await.is_empty());
}

pub(crate) async fn a_group_that_goes_makes_its_members_due(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    create(store, group("g", &["id-a"])).await;
    converge_all(store, epoch, START).await;
    let command = DeleteResource {
        context: context(START + 1),
        directory: DIRECTORY.to_owned(),
        kind: Group,
        id: "id-g".to_owned(),
        expected_version: None,
        targets: reads_groups(),
    };
    store.delete_resource(command).await.unwrap();
    let work = take_one(store, epoch, START + 1).await;
    assert_eq!(work.link.resource_id, "id-a");
    assert!(work.groups.is_empty());
}
