//! What the checks are made of: commands with sensible values, and short ways to run them.

use crate::scim::{ResourceKind, fold};
use crate::store::{
    AccountState, CreateOutcome, CreateResource, DeleteOutcome, DeleteResource, IndexKeys, Link,
    LinkFilter, LinkProgress, LinkWork, MemberDelta, NewMember, Ownership, RecordOutcome, Recorded,
    RegisterAppliance, Store, StoredResource, Targets, UpdateOutcome, UpdateResource, Verdict,
    WriteContext,
};

/// The directory of the checks.
pub(crate) const DIRECTORY: &str = "default";

/// The appliance of the checks.
pub(crate) const NAS: &str = "nas";

/// When the checks begin.
pub(crate) const START: i64 = 1_000_000;

/// How long leases last.
pub(crate) const LEASE: i64 = 10_000;

pub(crate) fn context(now_ms: i64) -> WriteContext {
    WriteContext {
        request_id: format!("request-{now_ms}"),
        actor: "okta".to_owned(),
        now_ms,
    }
}

fn nas() -> Targets {
    Targets {
        ensure: vec![NAS.to_owned()],
        members: Vec::new(),
    }
}

/// A user, `id-<name>`, with a link on [`NAS`].
pub(crate) fn user(name: &str) -> CreateResource {
    CreateResource {
        context: context(START),
        directory: DIRECTORY.to_owned(),
        kind: ResourceKind::User,
        id: format!("id-{name}"),
        document: format!(r#"{{"userName":"{name}"}}"#),
        keys: IndexKeys {
            name: Some(fold(name)),
            display_name: Some(fold(&format!("The {name}"))),
            display: Some(format!("The {name}")),
            external_id: Some(format!("ext-{name}")),
            emails: vec![format!("{}@corp.example", fold(name))],
        },
        members: Vec::new(),
        password: None,
        targets: nas(),
        match_parked_by_name: false,
    }
}

/// A group, `id-<name>`, without links.
pub(crate) fn group(name: &str, members: &[&str]) -> CreateResource {
    CreateResource {
        kind: ResourceKind::Group,
        document: format!(r#"{{"displayName":"{name}"}}"#),
        keys: IndexKeys {
            name: Some(fold(name)),
            display_name: Some(fold(name)),
            display: Some(name.to_owned()),
            external_id: None,
            emails: Vec::new(),
        },
        members: new_members(members),
        targets: Targets::default(),
        ..user(name)
    }
}

/// A group with a link on [`NAS`].
pub(crate) fn linked_group(name: &str, members: &[&str]) -> CreateResource {
    CreateResource {
        targets: nas(),
        ..group(name, members)
    }
}

pub(crate) fn new_members(values: &[&str]) -> Vec<NewMember> {
    values
        .iter()
        .map(|value| NewMember {
            value: (*value).to_owned(),
            display: None,
        })
        .collect()
}

pub(crate) async fn create(store: &dyn Store, command: CreateResource) -> StoredResource {
    match store.create_resource(command).await.unwrap() {
        CreateOutcome::Created(resource) => *resource,
        CreateOutcome::NameTaken(holder) => panic!("the name is taken by {holder}"),
    }
}

/// A change that changes nothing yet.
pub(crate) fn change(kind: ResourceKind, name: &str, now_ms: i64) -> UpdateResource {
    UpdateResource {
        context: context(now_ms),
        directory: DIRECTORY.to_owned(),
        kind,
        id: format!("id-{name}"),
        expected_version: None,
        document: None,
        members: Vec::new(),
        activated: false,
        password: None,
        targets: Targets::default(),
        match_parked_by_name: false,
    }
}

/// A change of a user's document, the keys staying as [`user`] has them.
pub(crate) fn edit(name: &str, document: &str, now_ms: i64) -> UpdateResource {
    UpdateResource {
        document: Some((document.to_owned(), user(name).keys)),
        ..change(ResourceKind::User, name, now_ms)
    }
}

/// Changes to the members of a group.
pub(crate) fn deltas(group: &str, members: Vec<MemberDelta>, now_ms: i64) -> UpdateResource {
    UpdateResource {
        members,
        ..change(ResourceKind::Group, group, now_ms)
    }
}

pub(crate) fn add(values: &[&str]) -> MemberDelta {
    MemberDelta::Add(new_members(values))
}

pub(crate) fn remove(values: &[&str]) -> MemberDelta {
    MemberDelta::Remove(values.iter().map(|value| (*value).to_owned()).collect())
}

/// Runs a change that must succeed; whether anything differed, and the resource afterwards.
pub(crate) async fn update(store: &dyn Store, command: UpdateResource) -> (bool, StoredResource) {
    match store.update_resource(command).await.unwrap() {
        UpdateOutcome::Updated { changed, resource } => (changed, *resource),
        other => panic!("the change was refused: {other:?}"),
    }
}

pub(crate) async fn delete(store: &dyn Store, kind: ResourceKind, name: &str, now_ms: i64) {
    let outcome = store
        .delete_resource(DeleteResource {
            context: context(now_ms),
            directory: DIRECTORY.to_owned(),
            kind,
            id: format!("id-{name}"),
            expected_version: None,
            targets: Targets::default(),
        })
        .await
        .unwrap();
    assert_eq!(outcome, DeleteOutcome::Deleted);
}

/// The members of a group, by id and in order.
pub(crate) async fn members_of(store: &dyn Store, group: &str) -> Vec<String> {
    let id = format!("id-{group}");
    let found = store
        .resource(DIRECTORY, ResourceKind::Group, &id, true)
        .await
        .unwrap()
        .unwrap();
    found
        .relations
        .members
        .into_iter()
        .map(|member| member.id)
        .collect()
}

pub(crate) async fn version_of(store: &dyn Store, kind: ResourceKind, name: &str) -> i64 {
    let id = format!("id-{name}");
    store
        .resource(DIRECTORY, kind, &id, false)
        .await
        .unwrap()
        .unwrap()
        .version
}

pub(crate) fn appliance(name: &str, digest: &str) -> RegisterAppliance {
    RegisterAppliance {
        name: name.to_owned(),
        directories: [DIRECTORY.to_owned()].into(),
        kinds: vec![ResourceKind::User],
        digest: digest.to_owned(),
    }
}

/// Registers [`NAS`] in an empty directory, where its sweep has nothing to do, and takes its lease;
/// the epoch.
pub(crate) async fn drive_nas(store: &dyn Store) -> i64 {
    store
        .register_appliances(vec![appliance(NAS, "1")], START)
        .await
        .unwrap();
    let epoch = lease(store, "first", START).await;
    let batch = store.sweep_batch(NAS, 10).await.unwrap().unwrap();
    store
        .apply_sweep(NAS, epoch, &batch, Vec::new(), START)
        .await
        .unwrap();
    epoch
}

pub(crate) async fn lease(store: &dyn Store, owner: &str, now_ms: i64) -> i64 {
    store
        .acquire_lease(NAS, owner, now_ms, LEASE)
        .await
        .unwrap()
        .unwrap()
        .epoch
}

/// Takes what is due on [`NAS`].
pub(crate) async fn take(store: &dyn Store, epoch: i64, now_ms: i64) -> Vec<LinkWork> {
    store
        .take_due_links(NAS, epoch, now_ms, 10_000)
        .await
        .unwrap()
        .work
}

/// Takes what is due on [`NAS`], which must be one link.
pub(crate) async fn take_one(store: &dyn Store, epoch: i64, now_ms: i64) -> LinkWork {
    let mut work = take(store, epoch, now_ms).await;
    assert_eq!(work.len(), 1, "{work:?}");
    work.remove(0)
}

/// The ids of the resources whose links are due, in the order of the queue; they stay in flight.
pub(crate) async fn due_ids(store: &dyn Store, epoch: i64, now_ms: i64) -> Vec<String> {
    take(store, epoch, now_ms)
        .await
        .into_iter()
        .map(|work| work.link.resource_id)
        .collect()
}

/// An outcome of an attempt that left the link's progress and claims as they were.
pub(crate) fn outcome(link: &Link, epoch: i64, verdict: Verdict, now_ms: i64) -> RecordOutcome {
    RecordOutcome {
        appliance: link.appliance.clone(),
        epoch,
        link_id: link.id,
        generation: link.desired_generation,
        progress: link.progress.clone(),
        keep_claims: Vec::new(),
        verdict,
        started_ms: now_ms,
        now_ms,
    }
}

/// An account of our own.
pub(crate) fn account(remote_id: &str, key: &str) -> LinkProgress {
    LinkProgress {
        remote_id: Some(remote_id.to_owned()),
        account_key: Some(key.to_owned()),
        account_state: AccountState::Active,
        ownership: Ownership::Created,
        ..LinkProgress::default()
    }
}

pub(crate) async fn record(store: &dyn Store, command: RecordOutcome) -> Recorded {
    store.record_outcome(command).await.unwrap()
}

/// Gives everything that is due on [`NAS`] an account named after its resource.
pub(crate) async fn converge_all(store: &dyn Store, epoch: i64, now_ms: i64) {
    for work in take(store, epoch, now_ms).await {
        let key = work.link.resource_id.replace("id-", "");
        let progress = account(&format!("remote-{key}"), &key);
        let done = outcome(&work.link, epoch, Verdict::Done, now_ms);
        record(store, RecordOutcome { progress, ..done }).await;
    }
}

/// The link of a resource on [`NAS`], if there is one.
pub(crate) async fn link_of(store: &dyn Store, name: &str) -> Option<Link> {
    let filter = LinkFilter {
        appliance: Some(NAS.to_owned()),
        name: Some(format!("id-{name}")),
        ..LinkFilter::default()
    };
    let mut report = store.link_report(filter).await.unwrap();
    assert!(report.len() < 2, "{report:?}");
    report.pop().map(|row| row.link)
}
