//! Account keys: claimed, waited for, handed over.

use super::fixture::{
    NAS, START, account, create, delete, drive_nas, link_of, linked_group, outcome, record, take,
    take_one, user,
};
use crate::scim::ResourceKind::User;
use crate::store::{
    Claim, ClaimHolder, ClaimKey, ClaimOutcome, CreateResource, Inheritance, Link, LinkProgress,
    LinkState, LinkWork, RecordOutcome, Store, Verdict,
};

const USERS: &str = "users";

async fn claim(store: &dyn Store, epoch: i64, link: &Link, key: &str) -> ClaimOutcome {
    let command = ClaimKey {
        appliance: NAS.to_owned(),
        epoch,
        link_id: link.id,
        namespace: USERS.to_owned(),
        key: key.to_owned(),
        suffix: None,
    };
    store.claim_key(command).await.unwrap()
}

async fn holder(store: &dyn Store, epoch: i64, link: &Link, key: &str) -> ClaimHolder {
    match claim(store, epoch, link, key).await {
        ClaimOutcome::HeldBy(holder) => holder,
        ClaimOutcome::Claimed => panic!("{key} was free"),
    }
}

fn keep(keys: &[&str]) -> Vec<Claim> {
    keys.iter()
        .map(|key| Claim {
            namespace: USERS.to_owned(),
            key: (*key).to_owned(),
            suffix: None,
        })
        .collect()
}

fn wait_for(key: &str) -> Verdict {
    Verdict::WaitForKey {
        class: "waiting".to_owned(),
        namespace: USERS.to_owned(),
        key: key.to_owned(),
        message: "held by another".to_owned(),
        until_ms: START + 60_000,
    }
}

/// Creates users and takes their links, in this order.
async fn links<const N: usize>(store: &dyn Store, epoch: i64, names: [&str; N]) -> [Link; N] {
    for name in names {
        create(store, user(name)).await;
    }
    let work: Vec<Link> = take(store, epoch, START)
        .await
        .into_iter()
        .map(|work| work.link)
        .collect();
    work.try_into().unwrap()
}

pub(crate) async fn a_key_has_one_holder(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let [a, b] = links(store, epoch, ["a", "b"]).await;
    assert_eq!(claim(store, epoch, &a, "root").await, ClaimOutcome::Claimed);
    assert_eq!(claim(store, epoch, &a, "root").await, ClaimOutcome::Claimed);
    let held = holder(store, epoch, &b, "root").await;
    assert_eq!((held.link_id, held.resource_id.as_str()), (a.id, "id-a"));
    assert_eq!(held.external_id.as_deref(), Some("ext-a"));
    assert_eq!((held.state, held.deleted), (LinkState::InFlight, false));
    assert!(!held.waits_for_us && !held.has_account);

    let elsewhere = ClaimKey {
        appliance: NAS.to_owned(),
        epoch,
        link_id: b.id,
        namespace: "groups".to_owned(),
        key: "root".to_owned(),
        suffix: None,
    };
    assert_eq!(
        store.claim_key(elsewhere).await.unwrap(),
        ClaimOutcome::Claimed
    );
    delete(store, User, "a", START + 1).await;
    assert!(holder(store, epoch, &b, "root").await.deleted);
}

pub(crate) async fn a_waiting_link_wakes_when_the_key_is_released(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let [a, b] = links(store, epoch, ["a", "b"]).await;
    claim(store, epoch, &a, "first").await;
    claim(store, epoch, &a, "second").await;
    record(store, outcome(&b, epoch, wait_for("first"), START + 1)).await;
    assert_eq!(link_of(store, "b").await.unwrap().state, LinkState::Waiting);
    let due = store
        .take_due_links(NAS, epoch, START + 1, 10)
        .await
        .unwrap();
    assert!(due.work.is_empty());
    assert_eq!(due.next_due_ms, Some(START + 60_000));

    let done = outcome(&a, epoch, Verdict::Done, START + 2);
    let recorded = record(
        store,
        RecordOutcome {
            keep_claims: keep(&["second"]),
            ..done
        },
    )
    .await;
    assert!(recorded.woke_others);
    let b = take_one(store, epoch, START + 2).await.link;
    assert_eq!(b.resource_id, "id-b");
    assert_eq!(
        claim(store, epoch, &b, "first").await,
        ClaimOutcome::Claimed
    );
    holder(store, epoch, &b, "second").await;
}

pub(crate) async fn a_key_released_meanwhile_is_not_waited_for(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let [a, b] = links(store, epoch, ["a", "b"]).await;
    claim(store, epoch, &a, "key").await;
    holder(store, epoch, &b, "key").await;
    record(store, outcome(&a, epoch, Verdict::Done, START + 1)).await;
    assert!(
        record(store, outcome(&b, epoch, wait_for("key"), START + 1))
            .await
            .still_due
    );
    assert_eq!(take_one(store, epoch, START + 1).await.link.id, b.id);
}

/// A rename holds both keys until it is known what came of it, and whoever goes on with it knows them.
pub(crate) async fn an_attempt_knows_the_keys_of_its_link(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let [a] = links(store, epoch, ["a"]).await;
    claim(store, epoch, &a, "old").await;
    claim(store, epoch, &a, "new").await;
    let later = Verdict::Retry {
        at_ms: START + 1,
        class: "uncertain".to_owned(),
        message: "no answer".to_owned(),
    };
    let uncertain = outcome(&a, epoch, later, START);
    let uncertain = RecordOutcome {
        keep_claims: keep(&["new", "old"]),
        ..uncertain
    };
    record(store, uncertain).await;
    let mut held = take_one(store, epoch, START + 1).await.claims;
    held.sort();
    assert_eq!(held, keep(&["new", "old"]));
}

pub(crate) async fn a_cycle_is_seen(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let [a, b, c] = links(store, epoch, ["a", "b", "c"]).await;
    for (link, key) in [(&a, "a"), (&b, "b"), (&c, "c")] {
        claim(store, epoch, link, key).await;
    }
    for (link, own, wanted) in [(&a, "a", "b"), (&b, "b", "c")] {
        let waiting = outcome(link, epoch, wait_for(wanted), START + 1);
        record(
            store,
            RecordOutcome {
                keep_claims: keep(&[own]),
                ..waiting
            },
        )
        .await;
    }
    // c wants a's key: a waits for b, b waits for c.
    assert!(holder(store, epoch, &c, "a").await.waits_for_us);
    assert!(holder(store, epoch, &c, "b").await.waits_for_us);
    // Nobody waits for a link that stands outside of the cycle.
    create(store, user("d")).await;
    let d = take_one(store, epoch, START + 1).await.link;
    assert!(!holder(store, epoch, &d, "a").await.waits_for_us);
}

/// Two people swap their names: the second goes through a temporary key.
pub(crate) async fn two_people_swap_their_names(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let [a, b] = links(store, epoch, ["a", "b"]).await;
    claim(store, epoch, &a, "a").await;
    claim(store, epoch, &b, "b").await;
    holder(store, epoch, &a, "b").await;
    let waiting = outcome(&a, epoch, wait_for("b"), START + 1);
    record(
        store,
        RecordOutcome {
            keep_claims: keep(&["a"]),
            ..waiting
        },
    )
    .await;

    assert!(holder(store, epoch, &b, "a").await.waits_for_us);
    assert_eq!(
        claim(store, epoch, &b, "temporary").await,
        ClaimOutcome::Claimed
    );
    let moved = outcome(&b, epoch, wait_for("a"), START + 2);
    let moved = RecordOutcome {
        keep_claims: keep(&["temporary"]),
        ..moved
    };
    assert!(
        record(store, moved).await.woke_others,
        "b's old key is free"
    );

    let a = take_one(store, epoch, START + 2).await.link;
    assert_eq!(claim(store, epoch, &a, "b").await, ClaimOutcome::Claimed);
    let done = outcome(&a, epoch, Verdict::Done, START + 3);
    let done = RecordOutcome {
        keep_claims: keep(&["b"]),
        ..done
    };
    assert!(record(store, done).await.woke_others, "a's old key is free");
    let b = take_one(store, epoch, START + 3).await.link;
    assert_eq!(
        (b.resource_id.as_str(), claim(store, epoch, &b, "a").await),
        ("id-b", ClaimOutcome::Claimed)
    );
}

/// A person `a` with an account 17 was deleted, and is created again as `again`.
async fn deleted_and_created_again(store: &dyn Store, epoch: i64) -> Link {
    let [old] = links(store, epoch, ["a"]).await;
    claim(store, epoch, &old, "a").await;
    let done = outcome(&old, epoch, Verdict::Done, START + 1);
    let progress = account("17", "a");
    record(
        store,
        RecordOutcome {
            progress,
            keep_claims: keep(&["a"]),
            ..done
        },
    )
    .await;
    delete(store, User, "a", START + 2).await;
    let again = CreateResource {
        id: "id-again".to_owned(),
        ..user("a")
    };
    create(store, again).await;
    old
}

/// The account is disabled, and is to be purged after a second.
async fn purge_later(store: &dyn Store, epoch: i64, old: &Link) {
    let at_ms = START + 1_000;
    let waiting = outcome(old, epoch, Verdict::PurgeAt { at_ms }, START + 2);
    let waiting = RecordOutcome {
        keep_claims: keep(&["a"]),
        ..waiting
    };
    record(store, waiting).await;
}

fn link<'a>(work: &'a [LinkWork], id: &str) -> &'a Link {
    let found = work.iter().find(|work| work.link.resource_id == id);
    &found.unwrap().link
}

/// The new resource gets the old account.
pub(crate) async fn an_account_is_handed_over(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    deleted_and_created_again(store, epoch).await;
    create(store, linked_group("g", &["id-again"])).await;
    let work = take(store, epoch, START + 2).await;
    let (old, new, group) = (
        link(&work, "id-a"),
        link(&work, "id-again"),
        link(&work, "id-g"),
    );
    record(store, outcome(group, epoch, Verdict::Done, START + 2)).await;
    purge_later(store, epoch, old).await;
    let held = holder(store, epoch, new, "a").await;
    assert_eq!(
        (held.deleted, held.external_id.as_deref()),
        (true, Some("ext-a"))
    );

    let inheritance = store.inherit_account(NAS, epoch, old.id, new.id).await;
    assert_eq!(
        inheritance.unwrap(),
        Inheritance::HandedOver {
            progress: Box::new(account("17", "a")),
            claims: keep(&["a"]),
        }
    );
    assert_eq!(link_of(store, "a").await, None);
    let inherited = link_of(store, "again").await.unwrap();
    assert_eq!(inherited.progress, account("17", "a"));
    assert_eq!(claim(store, epoch, new, "a").await, ClaimOutcome::Claimed);
    let done = outcome(&inherited, epoch, Verdict::Done, START + 3);
    let recorded = record(
        store,
        RecordOutcome {
            keep_claims: keep(&["a"]),
            ..done
        },
    )
    .await;
    assert!(recorded.woke_others, "the group lists the account now");
}

/// Between the claim and the hand-over, the purge has begun, or is over.
pub(crate) async fn an_account_that_is_going_is_not_handed_over(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    deleted_and_created_again(store, epoch).await;
    let work = take(store, epoch, START + 2).await;
    let (old, new) = (link(&work, "id-a"), link(&work, "id-again"));
    purge_later(store, epoch, old).await;
    let held = holder(store, epoch, new, "a").await;
    assert_eq!(held.state, LinkState::PurgeWaiting);

    let purge = take_one(store, epoch, START + 1_000).await.link;
    let inheritance = store.inherit_account(NAS, epoch, old.id, new.id).await;
    assert_eq!(inheritance.unwrap(), Inheritance::Busy);
    let untouched = link_of(store, "again").await.unwrap();
    assert_eq!(untouched.progress.remote_id, None);
    holder(store, epoch, new, "a").await;

    let mut gone = outcome(&purge, epoch, Verdict::Gone, START + 1_001);
    gone.progress = LinkProgress::default();
    record(store, gone).await;
    let inheritance = store.inherit_account(NAS, epoch, old.id, new.id).await;
    assert_eq!(inheritance.unwrap(), Inheritance::Busy);
    assert_eq!(claim(store, epoch, new, "a").await, ClaimOutcome::Claimed);
}
