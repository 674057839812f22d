//! A look-up by index, alone and beside fifty clients that scan without a pause.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::connection::{Connection, encoded};
use crate::figures::Times;
use crate::filters::COMPLEX;
use crate::support::bridge::Server;
use crate::support::people::user_name;

const USERS: u64 = 10_000;
const HOSTILE: usize = 50;

/// What the hostile clients got.
#[derive(Default)]
struct Tally {
    lists: AtomicU64,
    refusals: AtomicU64,
    stop: AtomicBool,
}

pub async fn run(rounds: usize) {
    let server = Server::start(USERS as usize);
    let alone = look_ups(server.address(), rounds).await;
    let tally = Arc::new(Tally::default());
    let hostile: Vec<_> = (0..HOSTILE)
        .map(|_| tokio::spawn(scan(server.address(), Arc::clone(&tally))))
        .collect();
    let beside = look_ups(server.address(), rounds).await;
    tally.stop.store(true, Ordering::Relaxed);
    for task in hostile {
        task.await.expect("a hostile client");
    }
    println!("\na look-up by userName among {USERS} users, in milliseconds");
    println!("{:>28} {:>8} {:>8} {:>8}", "", "median", "99 %", "longest");
    for (name, times) in [("alone", &alone), ("beside 50 scanning clients", &beside)] {
        println!(
            "{name:>28} {:>8.2} {:>8.2} {:>8.2}",
            times.median(),
            times.at_most(0.99),
            times.at_most(1.0)
        );
    }
    println!(
        "the fifty got {} lists and {} refusals with Retry-After",
        tally.lists.load(Ordering::Relaxed),
        tally.refusals.load(Ordering::Relaxed)
    );
}

async fn look_ups(address: SocketAddr, rounds: usize) -> Times {
    let mut connection = Connection::open(address).await;
    let mut times = Times::default();
    for round in 0..rounds as u64 {
        let filter = format!("userName eq \"{}\"", user_name(round * 7_919 % USERS));
        let path = format!("/Users?filter={}", encoded(&filter));
        times.note(connection.ask("GET", &path, "")).await;
    }
    times
}

async fn scan(address: SocketAddr, tally: Arc<Tally>) {
    let mut connection = Connection::open(address).await;
    let path = format!("/Users?attributes=userName&filter={}", encoded(COMPLEX));
    while !tally.stop.load(Ordering::Relaxed) {
        let answer = connection.send("GET", &path, "").await;
        let refused = answer.status == 503;
        assert!(refused || answer.status == 200, "{}", answer.body);
        let count = if refused {
            &tally.refusals
        } else {
            &tally.lists
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}
