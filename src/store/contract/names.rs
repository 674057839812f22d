//! Names that are not the ones which the attributes give: suffixes, and who has settled on a key.

use super::fixture::{
    NAS, START, account, create, drive_nas, link_of, linked_group, outcome, record, take, user,
};
use crate::store::{
    Claim, ClaimKey, ClaimOutcome, KeySuffix, Link, LinkState, RecordOutcome, Store, Verdict,
};

const USERS: &str = "users";

fn suffixed(link: &Link, epoch: i64, base: &str, number: u32) -> ClaimKey {
    ClaimKey {
        appliance: NAS.to_owned(),
        epoch,
        link_id: link.id,
        namespace: USERS.to_owned(),
        key: format!("{base}{number}"),
        suffix: Some(KeySuffix {
            base: base.to_owned(),
            number,
        }),
    }
}

fn claim_of(command: &ClaimKey) -> Claim {
    Claim {
        namespace: command.namespace.clone(),
        key: command.key.clone(),
        suffix: command.suffix.clone(),
    }
}

async fn one_link(store: &dyn Store, epoch: i64, name: &str) -> Link {
    create(store, user(name)).await;
    take(store, epoch, START).await.remove(0).link
}

pub(crate) async fn a_suffix_stays_on_its_claim(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let link = one_link(store, epoch, "a").await;
    let command = suffixed(&link, epoch, "jdoe", 2);
    // A key that the link has already becomes a suffixed one, and stays one when it is claimed again.
    for suffix in [None, command.suffix.clone(), None] {
        let command = ClaimKey {
            suffix,
            ..command.clone()
        };
        assert_eq!(
            store.claim_key(command).await.unwrap(),
            ClaimOutcome::Claimed
        );
    }
    let kept = claim_of(&command);
    record(
        store,
        RecordOutcome {
            keep_claims: vec![kept.clone()],
            ..outcome(&link, epoch, Verdict::Done, START)
        },
    )
    .await;
    let held = store.resource_claims(NAS, &link.resource_id).await.unwrap();
    assert_eq!(held, [kept]);
    let holder = store.key_holder(NAS, USERS, "jdoe2").await.unwrap();
    assert_eq!(holder.unwrap().resource_id, link.resource_id);
    let nobody = store.key_holder(NAS, USERS, "jdoe3").await.unwrap();
    assert_eq!(nobody, None);
}

pub(crate) async fn who_waits_learns_that_the_holder_keeps_its_key(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let a = one_link(store, epoch, "a").await;
    let b = one_link(store, epoch, "b").await;
    let command = suffixed(&a, epoch, "jdoe", 2);
    store.claim_key(command.clone()).await.unwrap();
    let wait = Verdict::WaitForKey {
        class: "waiting".to_owned(),
        namespace: USERS.to_owned(),
        key: "jdoe2".to_owned(),
        message: "held by another".to_owned(),
        until_ms: START + 60_000,
    };
    record(store, outcome(&b, epoch, wait, START)).await;
    let keeping = |verdict: Verdict| RecordOutcome {
        keep_claims: vec![claim_of(&command)],
        ..outcome(&a, epoch, verdict, START)
    };
    // While the holder still has something to do, it may yet let go.
    let retry = Verdict::Retry {
        at_ms: START,
        class: "unavailable".to_owned(),
        message: "down".to_owned(),
    };
    assert!(!record(store, keeping(retry)).await.woke_others);
    assert_eq!(link_of(store, "b").await.unwrap().state, LinkState::Waiting);
    take(store, epoch, START).await;
    assert!(record(store, keeping(Verdict::Done)).await.woke_others);
    assert_eq!(link_of(store, "b").await.unwrap().state, LinkState::Pending);
}

pub(crate) async fn groups_yet_to_be_written_are_counted(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let link = one_link(store, epoch, "a").await;
    let done = outcome(&link, epoch, Verdict::Done, START);
    record(
        store,
        RecordOutcome {
            progress: account("17", "a"),
            ..done
        },
    )
    .await;
    assert_eq!(store.unsettled_groups(link.id).await.unwrap(), 0);
    create(store, linked_group("g", &["id-a"])).await;
    assert_eq!(store.unsettled_groups(link.id).await.unwrap(), 1);
    let group = take(store, epoch, START).await.remove(0).link;
    assert_eq!(store.unsettled_groups(link.id).await.unwrap(), 1, "at work");
    record(store, outcome(&group, epoch, Verdict::Done, START)).await;
    assert_eq!(store.unsettled_groups(link.id).await.unwrap(), 0);
}
