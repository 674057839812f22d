//! Passwords on their way.

use super::fixture::{
    NAS, START, change, create, drive_nas, outcome, record, take, take_one, update, user,
};
use crate::scim::ResourceKind::User;
use crate::store::{
    CreateResource, LinkWork, PruneLimits, RegisterAppliance, SealedPassword, Store, Targets,
    UpdateResource, Verdict,
};

fn sealed(secret: &[u8]) -> Option<(Vec<u8>, Vec<String>)> {
    Some((secret.to_vec(), vec![NAS.to_owned()]))
}

/// Records that the account has the password of this version.
async fn delivered(store: &dyn Store, epoch: i64, work: &LinkWork, version: i64) -> bool {
    let mut done = outcome(&work.link, epoch, Verdict::Done, START + 1);
    done.progress.password_version = Some(version);
    record(store, done).await.still_due
}

pub(crate) async fn a_password_is_delivered_once_to_each_target(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let other = RegisterAppliance {
        name: "firewall".to_owned(),
        ..super::fixture::appliance(NAS, "1")
    };
    let both = vec![super::fixture::appliance(NAS, "1"), other];
    store.register_appliances(both, START).await.unwrap();
    let firewall = store
        .acquire_lease("firewall", "x", START, 1_000)
        .await
        .unwrap()
        .unwrap();
    let targets = vec![NAS.to_owned(), "firewall".to_owned()];
    let command = CreateResource {
        password: Some((b"one".to_vec(), targets.clone())),
        targets: Targets {
            ensure: targets,
            members: Vec::new(),
        },
        ..user("a")
    };
    create(store, command).await;

    let expected = SealedPassword {
        version: 1,
        sealed: b"one".to_vec(),
    };
    let work = take_one(store, epoch, START).await;
    assert_eq!(work.password, Some(expected.clone()));
    delivered(store, epoch, &work, 1).await;
    update(store, super::fixture::edit("a", "changed", START + 2)).await;
    assert_eq!(take_one(store, epoch, START + 2).await.password, None);
    let due = store
        .take_due_links("firewall", firewall.epoch, START + 2, 10)
        .await
        .unwrap();
    assert_eq!(
        due.work[0].password,
        Some(expected),
        "its own delivery is still to come"
    );
}

pub(crate) async fn a_newer_password_is_not_taken_for_delivered(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(
        store,
        CreateResource {
            password: sealed(b"one"),
            ..user("a")
        },
    )
    .await;
    let work = take_one(store, epoch, START).await;
    let command = UpdateResource {
        password: sealed(b"two"),
        ..change(User, "a", START + 1)
    };
    let (changed, _) = update(store, command).await;
    assert!(changed);
    assert!(delivered(store, epoch, &work, 1).await);
    let work = take_one(store, epoch, START + 1).await;
    let expected = SealedPassword {
        version: 2,
        sealed: b"two".to_vec(),
    };
    assert_eq!(work.password, Some(expected));
    delivered(store, epoch, &work, 2).await;

    // Versions go on after the sealed bytes have been erased.
    let command = UpdateResource {
        password: sealed(b"three"),
        ..change(User, "a", START + 2)
    };
    update(store, command).await;
    assert_eq!(
        take_one(store, epoch, START + 2)
            .await
            .password
            .unwrap()
            .version,
        3
    );
}

fn passwords_before(before_ms: i64) -> PruneLimits {
    PruneLimits {
        now_ms: START + 10,
        parked_before_ms: 0,
        passwords_before_ms: before_ms,
        attempts_before_ms: 0,
        guard_before_ms: 0,
        audit_before_ms: 0,
    }
}

/// The appliance does not take the password. That changes when it is forgotten, and only then.
pub(crate) async fn an_old_password_is_forgotten(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(
        store,
        CreateResource {
            password: sealed(b"one"),
            ..user("a")
        },
    )
    .await;
    create(store, user("b")).await;
    for work in take(store, epoch, START).await {
        let refuse = Verdict::Refuse {
            class: "invalid".to_owned(),
            message: "too long".to_owned(),
        };
        record(store, outcome(&work.link, epoch, refuse, START + 1)).await;
    }
    store.prune(passwords_before(START)).await.unwrap();
    assert!(take(store, epoch, START + 10).await.is_empty());
    store.prune(passwords_before(START + 1)).await.unwrap();
    let work = take_one(store, epoch, START + 10).await;
    assert_eq!(work.link.resource_id, "id-a");
    assert_eq!(work.password, None);
    record(store, outcome(&work.link, epoch, Verdict::Done, START + 11)).await;
    store.prune(passwords_before(START + 1)).await.unwrap();
    assert!(take(store, epoch, START + 12).await.is_empty());
}
