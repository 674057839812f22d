//! Durable creates and look-ups a second, at 1, 16 and 64 connections, each beside bare actix-web
//! with the same driver, the same database library and the same durability.
//!
//! `cargo bench --bench throughput` runs everything; `-- --seconds 2 --sizes 1000,10000` less.

#![allow(
    clippy::expect_used,
    reason = "a benchmark that cannot start has nothing better to do"
)]

mod baseline;
mod bridge;
mod driver;

use std::time::Duration;

use driver::{Load, drive};

const CONNECTIONS: [usize; 3] = [1, 16, 64];

struct Plan {
    seconds: Duration,
    sizes: Vec<usize>,
}

fn plan() -> Plan {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let position = arguments.iter().position(|argument| argument == name)?;
        arguments.get(position + 1).cloned()
    };
    Plan {
        seconds: Duration::from_secs(
            value("--seconds").map_or(4, |text| text.parse().expect("seconds")),
        ),
        sizes: value("--sizes").map_or(vec![1_000, 10_000, 100_000], |text| {
            text.split(',')
                .map(|size| size.parse().expect("a size"))
                .collect()
        }),
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
    println!("durable creates a second (SQLite, WAL, synchronous=FULL, group commit)");
    println!(
        "{:>12} {:>12} {:>12} {:>7}",
        "connections", "bare actix", "scim-bridge", "ratio"
    );
    for connections in CONNECTIONS {
        let bare = baseline::Server::start();
        let bare_rate = runtime.block_on(drive(
            bare.address(),
            connections,
            plan.seconds,
            Load::BareInsert,
        ));
        drop(bare);
        let bridge = bridge::Server::start(0);
        let rate = runtime.block_on(drive(
            bridge.address(),
            connections,
            plan.seconds,
            Load::ScimCreate,
        ));
        drop(bridge);
        println!(
            "{connections:>12} {bare_rate:>12.0} {rate:>12.0} {:>7.2}",
            rate / bare_rate
        );
    }
    println!("\nlook-ups by userName a second");
    println!(
        "{:>12} {:>12} {:>12} {:>12} {:>7} {:>14}",
        "users", "connections", "bare actix", "scim-bridge", "ratio", "to smallest"
    );
    let mut smallest = [0.0; CONNECTIONS.len()];
    for (position, &size) in plan.sizes.iter().enumerate() {
        let bare = baseline::Server::start_with(size);
        let bridge = bridge::Server::start(size);
        for (column, &connections) in CONNECTIONS.iter().enumerate() {
            let bare_rate = runtime.block_on(drive(
                bare.address(),
                connections,
                plan.seconds,
                Load::BareLookup(size),
            ));
            let rate = runtime.block_on(drive(
                bridge.address(),
                connections,
                plan.seconds,
                Load::ScimLookup(size),
            ));
            if position == 0 {
                smallest[column] = rate;
            }
            println!(
                "{size:>12} {connections:>12} {bare_rate:>12.0} {rate:>12.0} {:>7.2} {:>14.2}",
                rate / bare_rate,
                rate / smallest[column]
            );
        }
    }
}
