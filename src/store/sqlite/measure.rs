//! Figures to compare, not to assert: `cargo test store::sqlite::measure -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{SqliteOptions, SqliteStore};
use crate::scim::ResourceKind;
use crate::store::contract::fixture::user;
use crate::store::{CreateResource, Lookup, Store};

const TASKS: usize = 64;
const CREATIONS: usize = 20_000;
const LOOK_UPS: usize = 100_000;

fn per_second(count: usize, elapsed: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / elapsed.as_secs_f64()
}

/// A user with 800 bytes of document and links on four appliances.
fn typical(number: usize) -> CreateResource {
    let mut command = user(&format!("user{number}"));
    command.document = format!(
        "{{\"userName\":\"user{number}\",\"x\":\"{}\"}}",
        "x".repeat(770)
    );
    command.targets.ensure = ["nas", "firewall", "array", "foreman"]
        .map(str::to_owned)
        .to_vec();
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; run it by name"]
async fn creations_and_look_ups() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bridge.db");
    let store = Arc::new(SqliteStore::open(&path, SqliteOptions::default()).unwrap());

    let begun = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for number in (task..CREATIONS).step_by(TASKS) {
                    store.create_resource(typical(number)).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    println!(
        "{:.0} creations a second",
        per_second(CREATIONS, begun.elapsed())
    );

    for expand in [false, true] {
        let begun = Instant::now();
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    for number in (task..LOOK_UPS).step_by(TASKS) {
                        let lookup = Lookup::Name(format!("user{}", number % CREATIONS));
                        let found =
                            store.lookup("default", ResourceKind::User, lookup, 0, 2, expand);
                        assert_eq!(found.await.unwrap().len(), 1);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let rate = per_second(LOOK_UPS, begun.elapsed());
        println!("{rate:.0} look-ups a second, with relations: {expand}");
    }
}
