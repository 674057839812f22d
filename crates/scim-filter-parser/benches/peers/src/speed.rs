//! How long each takes for one filter.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::peers::{PEERS, Peer};

/// Of how many samples a figure is the fastest: whatever else the machine does only ever adds time.
const SAMPLES: usize = 300;
/// How long one sample takes at least: longer than the clock's grain, shorter than the turn that
/// the scheduler gives to a busy process.
const SAMPLE: Duration = Duration::from_micros(500);

/// Prints a table of nanoseconds; a filter that a parser refuses is marked as such, since refusing
/// early is cheap.
pub fn print() {
    println!(
        "| filter | bytes | {} |",
        PEERS.map(|peer| peer.name).join(" | ")
    );
    println!("| --- | ---: |{}", " ---: |".repeat(PEERS.len()));
    for (name, filter) in filters() {
        let cells = PEERS.map(|peer| cell(peer, &filter));
        println!("| {name} | {} | {} |", filter.len(), cells.join(" | "));
    }
}

fn filters() -> Vec<(&'static str, String)> {
    let mail =
        r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#;
    let ids = |count: usize| {
        let terms: Vec<_> = (0..count)
            .map(|id| format!("id eq \"2819c223-7f76-453a-919d-{id:012}\""))
            .collect();
        terms.join(" or ")
    };
    let nested = |depth: usize| format!("{}title pr{}", "(".repeat(depth), ")".repeat(depth));
    vec![
        (
            "short: one comparison",
            r#"userName eq "bjensen""#.to_owned(),
        ),
        ("typical: three comparisons, one group", mail.to_owned()),
        (
            "typical: a selection",
            r#"emails[type eq "work" and value co "@example.com"]"#.to_owned(),
        ),
        (
            "typical: with a URN",
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#.to_owned(),
        ),
        ("long: 20 ids", ids(20)),
        ("long: 300 ids", ids(300)),
        ("nested 5 deep", nested(5)),
        ("nested 10 deep", nested(10)),
        ("nested 14 deep", nested(14)),
        (
            "a mistake at the end",
            r#"userName eq "bjensen" and title"#.to_owned(),
        ),
    ]
}

fn cell(peer: Peer, filter: &str) -> String {
    let time = nanoseconds(peer, filter);
    if (peer.accepts)(filter) {
        format!("{time:.0} ns")
    } else {
        format!("refused, {time:.0} ns")
    }
}

/// The time for one filter, reading it and dropping what was read.
fn nanoseconds(peer: Peer, filter: &str) -> f64 {
    let mut rounds: u32 = 1;
    while sample(peer, filter, rounds) < SAMPLE {
        rounds = rounds.saturating_mul(2);
    }
    let fastest = (0..SAMPLES).map(|_| sample(peer, filter, rounds)).min();
    fastest.unwrap_or_default().as_secs_f64() * 1e9 / f64::from(rounds)
}

fn sample(peer: Peer, filter: &str, rounds: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..rounds {
        black_box((peer.accepts)(black_box(filter)));
    }
    start.elapsed()
}
