//! The simulators held against the real thing: what the vendors' own code answered, request by
//! request (`tests/data/recorded`), and what the simulator of the same release answers.
//!
//! Statuses, content types, keys and error shapes must agree; ids, times, hashes and the wording of
//! messages need not. What differs nevertheless stands in `accepted-differences.txt`, with the
//! reason; an entry that is not needed fails the test as well.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod accepted;
mod compare;
mod fragment;
mod recording;
mod requests;
mod rest;
mod rpc;

use appliance_sim::{RunningSimulator, SimulatorOptions, Vendor, start};

async fn simulator(vendor: Vendor, release: &str, password: &str) -> RunningSimulator {
    let mut options = SimulatorOptions::new(vendor);
    options.release = Some(release.to_owned());
    options.password = password.to_owned();
    start(options).await.unwrap()
}

async fn truenas(release: &str, recording: &str) {
    let simulator = simulator(Vendor::TrueNas, release, "abcd1234").await;
    let name = format!("truenas-{release}");
    let requests = requests::Probe::read(include_str!("../data/recorded/requests/truenas.json"));
    let found = rest::compare(&simulator, &requests, &recording::exchanges(recording)).await;
    accepted::check(&name, &found);
}

#[tokio::test]
async fn truenas_core_13_0() {
    truenas(
        "13.0-U6.8",
        include_str!("../data/recorded/truenas-13.0-U6.8.txt"),
    )
    .await;
}

#[tokio::test]
async fn truenas_24_10() {
    truenas(
        "24.10.2.4",
        include_str!("../data/recorded/truenas-24.10.2.4.txt"),
    )
    .await;
}

#[tokio::test]
async fn truenas_25_10() {
    truenas(
        "25.10.6",
        include_str!("../data/recorded/truenas-25.10.6.txt"),
    )
    .await;
}

#[tokio::test]
async fn truenas_25_10_over_json_rpc() {
    let simulator = simulator(Vendor::TrueNas, "25.10.6", "abcd1234").await;
    let found = rpc::compare(
        &simulator,
        include_str!("../data/recorded/requests/truenas-rpc.json"),
        include_str!("../data/recorded/truenas-rpc-25.10.6.txt"),
    )
    .await;
    accepted::check("truenas-rpc-25.10.6", &found);
}

#[tokio::test]
async fn foreman_3_12() {
    let simulator = simulator(Vendor::Foreman, "3.12.0", "changeme").await;
    let requests = requests::Probe::read(include_str!("../data/recorded/requests/foreman.json"));
    let recorded = include_str!("../data/recorded/foreman-3.12.0.txt");
    let found = rest::compare(&simulator, &requests, &recording::exchanges(recorded)).await;
    accepted::check("foreman-3.12.0", &found);
}
