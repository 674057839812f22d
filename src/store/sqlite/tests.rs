//! The contract suite on SQLite, and what only a database file can do wrong.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::{SqliteOptions, SqliteStore};
use crate::scim::ResourceKind;
use crate::store::contract::{create, store_contract, user};
use crate::store::{CreateOutcome, CreateResource, Store, StoreError};

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
        directory: "default".to_owned(),
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

/// Every look-up that a provider makes goes through an index: its cost does not grow with the
/// directory.
#[tokio::test]
async fn look_ups_never_scan() {
    let opened = open();
    let path = opened.folder.path().join("bridge.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    let conditions = [
        "directory = 'd' AND id = 'x'",
        "directory = 'd' AND kind = 'User' AND name = 'x'",
        "directory = 'd' AND kind = 'User' AND display_name = 'x'",
        "directory = 'd' AND kind = 'User' AND external_id = 'x'",
        "sequence IN (SELECT resource FROM email WHERE directory = 'd' AND value = 'x')",
        "sequence IN (SELECT group_sequence FROM member WHERE member_sequence = 1)",
        "sequence IN (SELECT member_sequence FROM member WHERE group_sequence = 1)",
    ];
    for condition in conditions {
        let sql = format!("EXPLAIN QUERY PLAN SELECT document FROM resource WHERE {condition}");
        let mut statement = connection.prepare(&sql).unwrap();
        let plan: Vec<String> = statement
            .query_map([], |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(
            !plan.iter().any(|step| step.starts_with("SCAN")),
            "{condition}: {plan:?}"
        );
    }
}
