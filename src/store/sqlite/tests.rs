//! The contract suite on SQLite, and what only a database file can do wrong.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::sql::execute;
use super::{SqliteOptions, SqliteStore};
use crate::scim::ResourceKind;
use crate::store::contract::fixture::{
    START, create, delete, drive_nas, edit, outcome, record, take, update, user,
};
use crate::store::contract::store_contract;
use crate::store::{CreateOutcome, CreateResource, Lookup, Store, StoreError, Verdict};

/// A store in a folder of its own.
struct Opened {
    store: SqliteStore,
    folder: TempDir,
}

/// A store that does not wait for the disk: what the suite asserts does not depend on it.
fn open() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions {
        synchronous_full: false,
        ..SqliteOptions::default()
    };
    let store = SqliteStore::open(&folder.path().join("bridge.db"), options).unwrap();
    Opened { store, folder }
}

fn reopen(path: &Path) -> SqliteStore {
    SqliteStore::open(path, SqliteOptions::default()).unwrap()
}

async fn total(store: &dyn Store) -> u64 {
    store
        .page("default", ResourceKind::User, 0, 0, false)
        .await
        .unwrap()
        .total
}

store_contract!(open);

#[tokio::test]
async fn a_second_daemon_is_refused() {
    let opened = open();
    let path = opened.folder.path().join("bridge.db");
    let second = SqliteStore::open(&path, SqliteOptions::default());
    let message = second.err().unwrap().to_string();
    assert!(message.contains("bridge.db.lock is in use"), "{message}");
    #[cfg(unix)]
    {
        let other_name = opened.folder.path().join("other.db");
        std::os::unix::fs::symlink(&path, &other_name).unwrap();
        let third = SqliteStore::open(&other_name, SqliteOptions::default());
        assert!(matches!(third, Err(StoreError::Locked { .. })), "{third:?}");
    }
    opened.store.close().await;
    reopen(&path);
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let opened = open();
    create(&opened.store, user("a")).await;
    opened.store.close().await;
    opened.store.close().await;
    let write = opened.store.ping().await;
    assert!(matches!(write, Err(StoreError::Closed)), "{write:?}");
    let read = opened
        .store
        .resource("default", ResourceKind::User, "id-a", false)
        .await;
    assert!(matches!(read, Err(StoreError::Closed)), "{read:?}");
    let long_read = opened.store.link_counts().await;
    assert!(
        matches!(long_read, Err(StoreError::Closed)),
        "{long_read:?}"
    );
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_crash() {
    let opened = open();
    for number in 0..20 {
        create(&opened.store, user(&format!("user{number}"))).await;
    }
    // The files as a crash would leave them: the store is neither closed nor dropped.
    let image = tempfile::tempdir().unwrap();
    for file in ["bridge.db", "bridge.db-wal"] {
        std::fs::copy(opened.folder.path().join(file), image.path().join(file)).unwrap();
    }
    let store = reopen(&image.path().join("bridge.db"));
    assert_eq!(total(&store).await, 20);
    assert_eq!(store.link_counts().await.unwrap()[0].count, 20);
}

#[tokio::test]
async fn a_lease_of_a_dead_process_is_taken_over_at_once() {
    let opened = open();
    let path = opened.folder.path().join("bridge.db");
    let appliance = crate::store::RegisterAppliance {
        name: "nas".to_owned(),
        directories: ["default".to_owned()].into(),
        kinds: vec![ResourceKind::User],
        digest: "1".to_owned(),
    };
    opened
        .store
        .register_appliances(vec![appliance], 0)
        .await
        .unwrap();
    let first = opened
        .store
        .acquire_lease("nas", "first", 0, 60_000)
        .await
        .unwrap()
        .unwrap();
    create(&opened.store, user("a")).await;
    let taken = opened
        .store
        .take_due_links("nas", first.epoch, i64::MAX, 10)
        .await
        .unwrap();
    assert_eq!(taken.work.len(), 1);
    drop(opened.store);

    let store = reopen(&path);
    let second = store
        .acquire_lease("nas", "second", 1, 60_000)
        .await
        .unwrap()
        .unwrap();
    assert!(second.epoch > first.epoch);
    let taken = store
        .take_due_links("nas", second.epoch, 1, 10)
        .await
        .unwrap();
    assert!(taken.work[0].link.progress.uncertain);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_command_takes_no_other_along() {
    let opened = open();
    let store = Arc::new(opened.store);
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let store = Arc::clone(&store);
            // Every fourth has the id of another and fails half way.
            let id = format!("id-{}", if number % 4 == 0 { 1 } else { number });
            let command = CreateResource {
                id,
                ..user(&format!("user{number}"))
            };
            tokio::spawn(async move { store.create_resource(command).await })
        })
        .collect();
    let mut created = 0;
    let mut failed = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(CreateOutcome::Created(_)) => created += 1,
            Ok(CreateOutcome::NameTaken(holder)) => panic!("taken by {holder}"),
            Err(StoreError::Database { message, .. }) => {
                assert!(message.contains("UNIQUE"), "{message}");
                failed += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((created, failed), (48, 16));
    assert_eq!(total(&*store).await, 48);
}

#[tokio::test]
async fn a_command_that_fails_half_way_leaves_nothing() {
    let opened = open();
    let insert = |connection: &rusqlite::Connection, id: i64| {
        execute(connection, "INSERT INTO probe (id) VALUES (?1)", [id])
    };
    let (failed, done) = tokio::join!(
        opened.store.write("failing", move |c| {
            insert(c, 1)?;
            Err::<(), _>(StoreError::Closed.into())
        }),
        opened.store.write("succeeding", move |c| insert(c, 2)),
    );
    assert!(failed.is_err() && done.is_ok());
    let path = opened.folder.path().join("bridge.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    let left: Vec<i64> = connection
        .prepare("SELECT id FROM probe")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(left, [2]);
}

/// A commit that fails is an error for each of its commands; the store goes on afterwards.
#[tokio::test]
async fn a_failed_commit_fails_its_commands() {
    let opened = open();
    let path = opened.folder.path().join("bridge.db");
    let broken = opened.store.write("breaking", |c| {
        execute(c, "ROLLBACK", [])?;
        Ok(())
    });
    let (broken, beside) = tokio::join!(broken, opened.store.create_resource(user("a")));
    assert!(
        matches!(broken, Err(StoreError::Database { .. })),
        "{broken:?}"
    );
    let found = total(&opened.store).await;
    // Whether the two shared a commit is the writer's choice; the answer tells the truth.
    assert_eq!(found, u64::from(beside.is_ok()), "{beside:?}");
    create(&opened.store, user("b")).await;
    assert_eq!(total(&opened.store).await, found + 1);
    drop(opened.store);
    assert_eq!(total(&reopen(&path)).await, found + 1);
}

#[tokio::test]
async fn a_database_can_be_read_beside_a_daemon_and_without_one() {
    let opened = open();
    let path = opened.folder.path().join("bridge.db");
    create(&opened.store, user("a")).await;
    let beside = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(total(&beside).await, 1);
    create(&opened.store, user("b")).await;
    assert_eq!(total(&beside).await, 2);
    let refusal = beside.ping().await.unwrap_err().to_string();
    assert!(refusal.contains("opened for reading only"), "{refusal}");
    beside.close().await;
    opened.store.close().await;

    let alone = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(total(&alone).await, 2);
    let missing = SqliteStore::open_read_only(&opened.folder.path().join("none.db"));
    assert!(missing.err().unwrap().to_string().contains("none.db"));
}

#[tokio::test]
async fn a_newer_database_is_refused_unchanged() {
    let opened = open();
    let path = opened.folder.path().join("bridge.db");
    opened.store.close().await;
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    let refusals = [
        SqliteStore::open(&path, SqliteOptions::default()).err(),
        SqliteStore::open_read_only(&path).err(),
    ];
    for refusal in refusals {
        assert!(
            matches!(refusal, Some(StoreError::TooNew { found: 99, .. })),
            "{refusal:?}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let opened = open();
    create(&opened.store, user("a")).await;
    for file in std::fs::read_dir(opened.folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
}

/// Every look-up that a provider makes goes through the index made for it: its cost does not grow
/// with the directory.
#[tokio::test]
async fn look_ups_use_their_indexes() {
    let opened = open();
    let path = opened.folder.path().join("bridge.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    let key = || "x".to_owned();
    let lookups = [
        (Lookup::Id(key()), vec!["resource_by_id"]),
        (Lookup::Name(key()), vec!["resource_by_name"]),
        (Lookup::DisplayName(key()), vec!["resource_by_display_name"]),
        (Lookup::ExternalId(key()), vec!["resource_by_external_id"]),
        (
            Lookup::Email(key()),
            vec!["INTEGER PRIMARY KEY", "email_by_value"],
        ),
        (
            Lookup::HasMember(key()),
            vec!["INTEGER PRIMARY KEY", "resource_by_id", "member_by_member"],
        ),
        (
            Lookup::MemberOf(key()),
            vec!["INTEGER PRIMARY KEY", "resource_by_id", "PRIMARY KEY"],
        ),
    ];
    for (lookup, indexes) in lookups {
        let (sql, _) = super::lookups::statement(&lookup);
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let plan: Vec<String> = statement
            .query_map(rusqlite::params!["d", "User", "x", 0, 10], |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let accesses: Vec<&String> = plan
            .iter()
            .filter(|step| step.starts_with("SEARCH") || step.starts_with("SCAN"))
            .collect();
        assert_eq!(accesses.len(), indexes.len(), "{lookup:?}: {plan:?}");
        for (step, index) in accesses.iter().zip(indexes) {
            assert!(
                step.starts_with("SEARCH") && step.contains(index),
                "{lookup:?}: {plan:?}"
            );
        }
        assert!(
            !plan.iter().any(|step| step.contains("TEMP B-TREE")),
            "{lookup:?}: {plan:?}"
        );
    }
}

/// What is sealed is gone from the tables as soon as nobody is to get it any more.
#[tokio::test]
async fn a_delivered_password_is_erased() {
    let opened = open();
    let path = opened.folder.path().join("bridge.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    let rows = || -> i64 {
        let sql = "SELECT (SELECT count(*) FROM password) + (SELECT count(*) FROM password_target)";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let store = &opened.store;
    let epoch = drive_nas(store).await;
    let sealed = |targets: &[&str]| {
        Some((
            b"sealed".to_vec(),
            targets.iter().map(|&target| target.to_owned()).collect(),
        ))
    };
    create(
        store,
        CreateResource {
            password: sealed(&["nas"]),
            ..user("a")
        },
    )
    .await;
    create(
        store,
        CreateResource {
            password: sealed(&[]),
            ..user("b")
        },
    )
    .await;
    assert_eq!(rows(), 2, "without a target it is not kept at all");
    for work in take(store, epoch, START).await {
        let mut done = outcome(&work.link, epoch, Verdict::Done, START);
        done.progress.password_version = work.password.map(|password| password.version);
        record(store, done).await;
    }
    assert_eq!(rows(), 0);

    create(
        store,
        CreateResource {
            password: sealed(&["nas"]),
            ..user("c")
        },
    )
    .await;
    assert_eq!(rows(), 2);
    delete(store, ResourceKind::User, "c", START).await;
    assert_eq!(rows(), 0);
}

/// The audit trail names who did what; it holds no value of a resource.
#[tokio::test]
async fn every_write_of_the_directory_is_audited() {
    let opened = open();
    let store = &opened.store;
    create(store, user("a")).await;
    update(store, edit("a", "changed", START + 1)).await;
    update(store, edit("a", "changed", START + 2)).await;
    delete(store, ResourceKind::User, "a", START + 3).await;
    let path = opened.folder.path().join("bridge.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT actor || ' ' || action || ' ' || resource_id || ' ' || request_id FROM audit",
        )
        .unwrap();
    let events: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let expected = [
        ("create", START),
        ("update", START + 1),
        ("delete", START + 3),
    ]
    .map(|(action, at_ms)| format!("okta {action} id-a request-{at_ms}"));
    assert_eq!(events, expected);
}

/// A row that does not read as it was written is reported, and holds up no other for good.
#[tokio::test]
async fn a_corrupt_link_is_reported_and_put_back() {
    let opened = open();
    let store = &opened.store;
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    let path = opened.folder.path().join("bridge.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute("UPDATE link SET applied = '{\"secret'", [])
        .unwrap();
    for _ in 0..2 {
        let error = store
            .take_due_links("nas", epoch, START, 10)
            .await
            .unwrap_err();
        let message = error.to_string();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{message}");
        assert!(
            message.contains("applied fields") && !message.contains("secret"),
            "{message}"
        );
    }
    connection
        .execute("UPDATE link SET applied = '{}'", [])
        .unwrap();
    assert_eq!(take(store, epoch, START).await.len(), 1);
}
