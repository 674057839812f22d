//! Links: due, in flight, recorded.

use serde_json::json;

use super::fixture::{
    NAS, START, account, converge_all, create, drive_nas, due_ids, edit, link_of, outcome, record,
    take, take_one, update, user,
};
use crate::store::{
    ClaimKey, CreateResource, Destruction, FormerAccount, GuardHold, Intent, LastingNotes, Link,
    LinkProgress, LinkState, RecordOutcome, Store, Targets, Verdict,
};

fn retry(at_ms: i64) -> Verdict {
    Verdict::Retry {
        at_ms,
        class: "unavailable".to_owned(),
        message: "no answer".to_owned(),
    }
}

pub(crate) async fn a_creation_is_due_at_once(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let created = create(store, user("a")).await;
    let work = take_one(store, epoch, START).await;
    assert_eq!(work.link.state, LinkState::InFlight);
    assert_eq!(
        (work.link.desired_generation, work.link.applied_generation),
        (1, 0)
    );
    assert_eq!(work.link.request_ids, [format!("request-{START}")]);
    assert_eq!(work.resource, Some(created));
    assert!(take(store, epoch, START).await.is_empty(), "taken once");

    let recorded = record(store, outcome(&work.link, epoch, Verdict::Done, START + 5)).await;
    assert!(!recorded.still_due && !recorded.woke_others);
    let link = link_of(store, "a").await.unwrap();
    assert_eq!(
        (link.state, link.applied_generation),
        (LinkState::InSync, 1)
    );
    assert!(link.request_ids.is_empty());
    assert!(take(store, epoch, START + 10).await.is_empty());
}

pub(crate) async fn a_change_in_flight_is_not_lost(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    let work = take_one(store, epoch, START).await;
    update(store, edit("a", "newer", START + 1)).await;
    assert!(
        take(store, epoch, START + 1).await.is_empty(),
        "one attempt at a time"
    );

    let recorded = record(store, outcome(&work.link, epoch, Verdict::Done, START + 2)).await;
    assert!(recorded.still_due);
    let work = take_one(store, epoch, START + 2).await;
    assert_eq!(work.link.applied_generation, 1);
    assert_eq!(work.resource.unwrap().document, "newer");
    let recorded = record(store, outcome(&work.link, epoch, Verdict::Done, START + 3)).await;
    assert!(!recorded.still_due);
}

pub(crate) async fn a_failed_attempt_waits_for_its_time(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    let work = take_one(store, epoch, START).await;
    record(
        store,
        outcome(&work.link, epoch, retry(START + 500), START + 1),
    )
    .await;
    let link = link_of(store, "a").await.unwrap();
    assert_eq!(
        (link.state, link.attempts, link.since_ms),
        (LinkState::Pending, 1, START)
    );
    assert_eq!(link.error.unwrap().class, "unavailable");

    let due = store
        .take_due_links(NAS, epoch, START + 499, 10)
        .await
        .unwrap();
    assert!(due.work.is_empty());
    assert_eq!(due.next_due_ms, Some(START + 500));
    let work = take_one(store, epoch, START + 500).await;
    record(
        store,
        outcome(&work.link, epoch, retry(START + 9_000), START + 501),
    )
    .await;
    assert_eq!(link_of(store, "a").await.unwrap().attempts, 2);

    // A new change does not wait for the old one's time.
    update(store, edit("a", "newer", START + 600)).await;
    let work = take_one(store, epoch, START + 600).await;
    assert_eq!(work.link.attempts, 0);
    record(
        store,
        outcome(&work.link, epoch, Verdict::Done, START + 601),
    )
    .await;
    assert_eq!(link_of(store, "a").await.unwrap().error, None);
}

pub(crate) async fn the_queue_runs_across_states(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    for name in ["retried", "waits", "purged", "holds"] {
        create(store, user(name)).await;
    }
    let links: Vec<Link> = take(store, epoch, START)
        .await
        .into_iter()
        .map(|work| work.link)
        .collect();
    let claim = ClaimKey {
        appliance: NAS.to_owned(),
        epoch,
        link_id: links[3].id,
        namespace: "users".to_owned(),
        key: "wanted".to_owned(),
        suffix: None,
    };
    store.claim_key(claim).await.unwrap();
    let wait = Verdict::WaitForKey {
        class: "waiting".to_owned(),
        namespace: "users".to_owned(),
        key: "wanted".to_owned(),
        message: "held by another".to_owned(),
        until_ms: START + 20,
    };
    let verdicts = [
        retry(START + 30),
        wait,
        Verdict::PurgeAt { at_ms: START + 10 },
    ];
    for (link, verdict) in links.iter().zip(verdicts) {
        record(store, outcome(link, epoch, verdict, START)).await;
    }
    let due = due_ids(store, epoch, START + 30).await;
    assert_eq!(due, ["id-purged", "id-waits", "id-retried"]);
}

pub(crate) async fn held_and_refused_links_wait_for_a_change(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let (class, message) = ("invalid".to_owned(), "too long".to_owned());
    let verdicts = [
        (
            "held",
            Verdict::Hold {
                class: class.clone(),
                message: message.clone(),
            },
        ),
        ("refused", Verdict::Refuse { class, message }),
    ];
    for (name, verdict) in verdicts {
        create(store, user(name)).await;
        let work = take_one(store, epoch, START).await;
        record(store, outcome(&work.link, epoch, verdict, START)).await;
        let link = link_of(store, name).await.unwrap();
        assert_eq!(link.state.as_str(), name);
        assert_eq!(link.error.unwrap().message, "too long");
        let due = store
            .take_due_links(NAS, epoch, i64::MAX, 10)
            .await
            .unwrap();
        assert!(due.work.is_empty() && due.next_due_ms.is_none());
        update(store, edit(name, "changed", START)).await;
        let work = take_one(store, epoch, START).await;
        record(store, outcome(&work.link, epoch, Verdict::Done, START)).await;
    }
}

pub(crate) async fn the_newest_five_requests_are_carried(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    for number in 1..=6 {
        update(store, edit("a", &format!("v{number}"), START + number)).await;
    }
    let work = take_one(store, epoch, START + 6).await;
    let newest: Vec<String> = (2..=6).map(|n| format!("request-{}", START + n)).collect();
    assert_eq!(work.link.request_ids, newest);
    // They are carried on by the next attempt if this one fails.
    record(
        store,
        outcome(&work.link, epoch, retry(START + 7), START + 6),
    )
    .await;
    assert_eq!(
        take_one(store, epoch, START + 7).await.link.request_ids,
        newest
    );
}

pub(crate) async fn an_appliance_sees_only_its_own_links(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    let targets = Targets {
        ensure: vec![NAS.to_owned(), "firewall".to_owned()],
        members: Vec::new(),
    };
    create(
        store,
        CreateResource {
            targets,
            ..user("a")
        },
    )
    .await;
    assert_eq!(due_ids(store, epoch, START).await, ["id-a"]);
    let report = store
        .link_report(crate::store::LinkFilter::default())
        .await
        .unwrap();
    let rows: Vec<(&str, LinkState)> = report
        .iter()
        .map(|row| (row.link.appliance.as_str(), row.link.state))
        .collect();
    assert_eq!(
        rows,
        [("firewall", LinkState::Pending), (NAS, LinkState::InFlight)]
    );
}

pub(crate) async fn progress_reads_as_it_was_written(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    let link = take_one(store, epoch, START).await.link;
    assert_eq!(link.progress, LinkProgress::default());
    let fields = json!({"login": "a", "groups": ["x"]})
        .as_object()
        .unwrap()
        .clone();
    let intent = Intent {
        key: "a".to_owned(),
        fields: fields.clone(),
        at_ms: START,
    };
    store
        .record_intent(NAS, epoch, link.id, intent.clone())
        .await
        .unwrap();
    assert_eq!(
        link_of(store, "a").await.unwrap().progress.intent,
        Some(intent.clone())
    );

    let progress = LinkProgress {
        applied: fields,
        intent: Some(intent),
        uncertain: true,
        disabling: true,
        guard_hold: Some(GuardHold {
            destruction: Destruction::Disable,
            limits: "2 or 5%".to_owned(),
            message: "too many".to_owned(),
        }),
        password_version: Some(3),
        applied_activations: 2,
        notes: vec!["shortened".to_owned()],
        former: Some(FormerAccount {
            remote_id: "16".to_owned(),
            account_key: "old".to_owned(),
            applied: serde_json::Map::new(),
            active: true,
            password_version: None,
        }),
        lasting_notes: LastingNotes {
            recreated: Some("made anew".to_owned()),
            password: None,
        },
        ..account("17", "a")
    };
    store
        .checkpoint(NAS, epoch, link.id, progress.clone())
        .await
        .unwrap();
    let stored = link_of(store, "a").await.unwrap();
    assert_eq!(
        (stored.progress, stored.state),
        (progress.clone(), LinkState::InFlight)
    );
    let done = outcome(&link, epoch, Verdict::Done, START + 1);
    let progress = LinkProgress {
        intent: None,
        uncertain: false,
        ..progress
    };
    record(
        store,
        RecordOutcome {
            progress: progress.clone(),
            ..done
        },
    )
    .await;
    assert_eq!(link_of(store, "a").await.unwrap().progress, progress);
    converge_all(store, epoch, START + 2).await;
}
