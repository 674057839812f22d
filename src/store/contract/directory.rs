//! Resources: created, changed, found, deleted.

use super::fixture::{
    DIRECTORY, START, change, create, delete, drive_nas, edit, group, link_of, update, user,
    version_of,
};
use crate::scim::ResourceKind::{Group, User};
use crate::store::{
    CreateOutcome, CreateResource, DeleteOutcome, DeleteResource, IndexKeys, Lookup, Store,
    UpdateOutcome, UpdateResource,
};

pub(crate) async fn a_resource_reads_as_it_was_written(store: &dyn Store) {
    let created = create(store, user("Alice")).await;
    assert_eq!(
        (created.version, created.created_ms, created.modified_ms),
        (1, START, START)
    );
    let found = store
        .resource(DIRECTORY, User, "id-Alice", false)
        .await
        .unwrap();
    assert_eq!(found, Some(created));
    assert_eq!(
        store
            .resource(DIRECTORY, Group, "id-Alice", false)
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .resource("other", User, "id-Alice", false)
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .resource(DIRECTORY, User, "id-alice", false)
            .await
            .unwrap(),
        None
    );
}

pub(crate) async fn a_name_is_taken_once_in_a_directory_and_kind(store: &dyn Store) {
    create(store, user("alice")).await;
    let second = CreateResource {
        id: "id-2".to_owned(),
        ..user("alice")
    };
    let outcome = store.create_resource(second.clone()).await.unwrap();
    assert_eq!(outcome, CreateOutcome::NameTaken("id-alice".to_owned()));
    assert_eq!(
        store
            .resource(DIRECTORY, User, "id-2", false)
            .await
            .unwrap(),
        None
    );

    create(
        store,
        CreateResource {
            directory: "other".to_owned(),
            ..second
        },
    )
    .await;
    create(
        store,
        CreateResource {
            id: "id-3".to_owned(),
            ..group("alice", &[])
        },
    )
    .await;
    for id in ["id-4", "id-5"] {
        let nameless = IndexKeys {
            name: None,
            ..user("alice").keys
        };
        create(
            store,
            CreateResource {
                id: id.to_owned(),
                keys: nameless,
                ..user("x")
            },
        )
        .await;
    }
}

pub(crate) async fn a_change_from_an_old_version_is_refused(store: &dyn Store) {
    create(store, user("alice")).await;
    let first = UpdateResource {
        expected_version: Some(1),
        ..edit("alice", "first", START + 1)
    };
    let (changed, resource) = update(store, first).await;
    assert!(changed);
    assert_eq!((resource.version, resource.modified_ms), (2, START + 1));
    assert_eq!(resource.document, "first");

    let late = UpdateResource {
        expected_version: Some(1),
        ..edit("alice", "late", START + 2)
    };
    let outcome = store.update_resource(late).await.unwrap();
    assert_eq!(outcome, UpdateOutcome::VersionMismatch);
    let found = store
        .resource(DIRECTORY, User, "id-alice", false)
        .await
        .unwrap();
    assert_eq!(found, Some(resource));
    let nobody = store
        .update_resource(edit("nobody", "x", START + 3))
        .await
        .unwrap();
    assert_eq!(nobody, UpdateOutcome::NotFound);
}

pub(crate) async fn a_rename_onto_a_taken_name_is_refused(store: &dyn Store) {
    create(store, user("alice")).await;
    create(store, user("bob")).await;
    let rename = UpdateResource {
        document: Some(("renamed".to_owned(), user("alice").keys)),
        ..change(User, "bob", START + 1)
    };
    let outcome = store.update_resource(rename).await.unwrap();
    assert_eq!(outcome, UpdateOutcome::NameTaken("id-alice".to_owned()));
    assert_eq!(version_of(store, User, "bob").await, 1);
}

pub(crate) async fn an_equal_document_changes_nothing(store: &dyn Store) {
    drive_nas(store).await;
    let created = create(store, user("alice")).await;
    let link = link_of(store, "alice").await;
    let (changed, resource) = update(store, edit("alice", &created.document, START + 1)).await;
    assert!(!changed);
    assert_eq!(resource, created);
    assert_eq!(link_of(store, "alice").await, link);
}

pub(crate) async fn every_key_finds_its_resources(store: &dyn Store) {
    create(store, user("Alice")).await;
    create(store, user("bob")).await;
    create(store, group("Admins", &["id-Alice"])).await;
    create(
        store,
        CreateResource {
            directory: "other".to_owned(),
            ..user("Alice")
        },
    )
    .await;

    let key = str::to_owned;
    let cases = [
        (User, Lookup::Id(key("id-Alice")), vec!["id-Alice"]),
        (User, Lookup::Name(key("alice")), vec!["id-Alice"]),
        (User, Lookup::DisplayName(key("the bob")), vec!["id-bob"]),
        (User, Lookup::ExternalId(key("ext-Alice")), vec!["id-Alice"]),
        (User, Lookup::ExternalId(key("ext-alice")), vec![]),
        (User, Lookup::Email(key("bob@corp.example")), vec!["id-bob"]),
        (User, Lookup::MemberOf(key("id-Admins")), vec!["id-Alice"]),
        (Group, Lookup::MemberOf(key("id-Admins")), vec![]),
        (Group, Lookup::HasMember(key("id-Alice")), vec!["id-Admins"]),
        (Group, Lookup::HasMember(key("id-bob")), vec![]),
        (Group, Lookup::Name(key("admins")), vec!["id-Admins"]),
    ];
    for (kind, lookup, expected) in cases {
        let found = store
            .lookup(DIRECTORY, kind, lookup.clone(), 0, 10, false)
            .await
            .unwrap();
        let ids: Vec<&str> = found.iter().map(|resource| resource.id.as_str()).collect();
        assert_eq!(ids, expected, "{kind} by {lookup:?}");
    }

    let keys = IndexKeys {
        emails: vec![key("new@corp.example")],
        ..user("bob").keys
    };
    let command = UpdateResource {
        document: Some(("moved".to_owned(), keys)),
        ..change(User, "bob", START + 1)
    };
    update(store, command).await;
    for (email, number) in [("bob@corp.example", 0), ("new@corp.example", 1)] {
        let lookup = Lookup::Email(key(email));
        let found = store
            .lookup(DIRECTORY, User, lookup, 0, 10, false)
            .await
            .unwrap();
        assert_eq!(found.len(), number, "{email}");
    }
}

pub(crate) async fn pages_and_scans_run_oldest_first(store: &dyn Store) {
    for number in 0..7 {
        create(store, user(&format!("user{number}"))).await;
    }
    create(store, group("admins", &[])).await;
    delete(store, User, "user3", START + 1).await;

    let page = store.page(DIRECTORY, User, 2, 3, false).await.unwrap();
    let ids: Vec<&str> = page
        .resources
        .iter()
        .map(|resource| resource.id.as_str())
        .collect();
    assert_eq!(
        (page.total, ids),
        (6, vec!["id-user2", "id-user4", "id-user5"])
    );
    let beyond = store.page(DIRECTORY, User, 6, 3, false).await.unwrap();
    assert_eq!((beyond.total, beyond.resources.len()), (6, 0));
    let number_only = store.page(DIRECTORY, User, 0, 0, false).await.unwrap();
    assert_eq!((number_only.total, number_only.resources.len()), (6, 0));

    let mut scanned = Vec::new();
    let mut after = 0;
    loop {
        let batch = store.scan(DIRECTORY, User, after, 4, false).await.unwrap();
        let Some(last) = batch.last() else { break };
        after = last.sequence;
        scanned.extend(batch.into_iter().map(|resource| resource.id));
    }
    let all = [
        "id-user0", "id-user1", "id-user2", "id-user4", "id-user5", "id-user6",
    ];
    assert_eq!(scanned, all);
}

pub(crate) async fn a_name_is_free_once_its_resource_is_deleted(store: &dyn Store) {
    let first = create(store, user("alice")).await;
    delete(store, User, "alice", START + 1).await;
    assert_eq!(
        store
            .resource(DIRECTORY, User, "id-alice", false)
            .await
            .unwrap(),
        None
    );
    let second = create(
        store,
        CreateResource {
            id: "id-2".to_owned(),
            ..user("alice")
        },
    )
    .await;
    assert!(second.sequence > first.sequence);

    let again = DeleteResource {
        context: super::fixture::context(START + 2),
        directory: DIRECTORY.to_owned(),
        kind: User,
        id: "id-alice".to_owned(),
        expected_version: None,
        targets: crate::store::Targets::default(),
    };
    assert_eq!(
        store.delete_resource(again).await.unwrap(),
        DeleteOutcome::NotFound
    );
}

pub(crate) async fn a_deletion_of_an_old_version_is_refused(store: &dyn Store) {
    let created = create(store, user("alice")).await;
    update(store, edit("alice", "changed", START + 1)).await;
    let delete = |version| DeleteResource {
        context: super::fixture::context(START + 2),
        directory: DIRECTORY.to_owned(),
        kind: User,
        id: "id-alice".to_owned(),
        expected_version: Some(version),
        targets: crate::store::Targets::default(),
    };
    let outcome = store.delete_resource(delete(created.version)).await;
    assert_eq!(outcome.unwrap(), DeleteOutcome::VersionMismatch);
    let outcome = store.delete_resource(delete(created.version + 1)).await;
    assert_eq!(outcome.unwrap(), DeleteOutcome::Deleted);
}

pub(crate) async fn an_activation_is_counted(store: &dyn Store) {
    let created = create(store, user("alice")).await;
    let command = UpdateResource {
        activated: true,
        ..edit("alice", "active", START + 1)
    };
    let (_, resource) = update(store, command).await;
    assert_eq!(resource.activations, created.activations + 1);
    let (_, resource) = update(store, edit("alice", "more", START + 2)).await;
    assert_eq!(resource.activations, created.activations + 1);
}
