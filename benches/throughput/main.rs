//! Durable creates and look-ups a second, at 1, 16 and 64 connections, each beside bare actix-web.
//!
//! What makes the two comparable: they are driven by the same code in this process, in turns of a
//! fraction of a second, so that whatever else the machine does meets both; both run as many server
//! threads as there are cores, none of them pinned; both keep the same users of 800 bytes in SQLite
//! files in the same folder, with the same durability, page cache, memory map and checkpoints.
//! What differs: the bare server stores the body as it came, under a number, in a table with one
//! index, and answers with what it stored. The bridge's answers are longer (`meta`, and the frame
//! of a list).
//!
//! `cargo bench --bench throughput` runs everything; `-- --seconds 2 --sizes 1000,10000` less;
//! `--connections 64` and `--only creates` or `--only look-ups` narrow it down to be profiled.

#![allow(
    clippy::expect_used,
    reason = "a benchmark that cannot start has nothing better to do"
)]

mod baseline;
mod driver;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use tokio::runtime::Runtime;

use driver::{Contestant, Load};
use support::bridge;

/// How often the two servers take turns.
const TURNS: u32 = 8;

struct Plan {
    seconds: Duration,
    connections: Vec<usize>,
    sizes: Vec<usize>,
    only: Option<String>,
}

impl Plan {
    fn has(&self, part: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == part)
    }
}

fn plan() -> Plan {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let position = arguments.iter().position(|argument| argument == name)?;
        arguments.get(position + 1).cloned()
    };
    let numbers = |name: &str, default: &[usize]| {
        value(name).map_or(default.to_vec(), |text| {
            text.split(',')
                .map(|number| number.parse().expect("a number"))
                .collect()
        })
    };
    Plan {
        seconds: Duration::from_secs(
            value("--seconds").map_or(4, |text| text.parse().expect("seconds")),
        ),
        connections: numbers("--connections", &[1, 16, 64]),
        sizes: numbers("--sizes", &[1_000, 10_000, 100_000]),
        only: value("--only"),
    }
}

fn main() {
    let plan = plan();
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .expect("the first provider");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    if plan.has("creates") {
        creates(&plan, &runtime);
    }
    if plan.has("look-ups") {
        look_ups(&plan, &runtime);
    }
}

fn creates(plan: &Plan, runtime: &Runtime) {
    println!("durable creates a second (SQLite, WAL, synchronous=FULL, group commit)");
    println!(
        "{:>12} {:>12} {:>12} {:>7}",
        "connections", "bare actix", "scim-bridge", "ratio"
    );
    for &connections in &plan.connections {
        let (bare, bridge) = (baseline::Server::start(0), bridge::Server::start(0));
        let (bare_rate, rate) = compare(
            runtime,
            plan.seconds,
            connections,
            Contestant::new(bare.address(), Load::BareInsert),
            Contestant::new(bridge.address(), Load::ScimCreate),
        );
        println!(
            "{connections:>12} {bare_rate:>12.0} {rate:>12.0} {:>7.2}",
            rate / bare_rate
        );
    }
}

fn look_ups(plan: &Plan, runtime: &Runtime) {
    println!("\nlook-ups by userName a second");
    println!(
        "{:>12} {:>12} {:>12} {:>12} {:>7} {:>14}",
        "users", "connections", "bare actix", "scim-bridge", "ratio", "to smallest"
    );
    let mut smallest = vec![None; plan.connections.len()];
    for &size in &plan.sizes {
        let (bare, bridge) = (baseline::Server::start(size), bridge::Server::start(size));
        for (smallest, &connections) in smallest.iter_mut().zip(&plan.connections) {
            let (bare_rate, rate) = compare(
                runtime,
                plan.seconds,
                connections,
                Contestant::new(bare.address(), Load::BareLookup(size)),
                Contestant::new(bridge.address(), Load::ScimLookup(size)),
            );
            println!(
                "{size:>12} {connections:>12} {bare_rate:>12.0} {rate:>12.0} {:>7.2} {:>14.2}",
                rate / bare_rate,
                rate / *smallest.get_or_insert(rate)
            );
        }
    }
}

/// Answers a second of the bare server and of the bridge, each driven for so long in all.
fn compare(
    runtime: &Runtime,
    duration: Duration,
    connections: usize,
    mut bare: Contestant,
    mut bridge: Contestant,
) -> (f64, f64) {
    runtime.block_on(async {
        bare.warm_up(connections, duration / TURNS).await;
        bridge.warm_up(connections, duration / TURNS).await;
        for _ in 0..TURNS {
            bare.drive(connections, duration / TURNS).await;
            bridge.drive(connections, duration / TURNS).await;
        }
    });
    (bare.rate(), bridge.rate())
}
