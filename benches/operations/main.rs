//! What single operations cost, each beside the one that it should be measured by: a PATCH of one
//! member in groups of three sizes, a filter that no index answers beside one that an index does, a
//! bulk request beside single ones, and a look-up beside fifty clients that scan without a pause.
//!
//! Everything runs in this process over loopback; what is compared takes turns, so that whatever else
//! the machine does meets all alike. Figures are medians.
//!
//! `cargo bench --bench operations` runs everything; `-- --only patch`, `filters`, `bulk` or `beside`
//! one part; `--rounds 20` makes it shorter.

#![allow(
    clippy::expect_used,
    reason = "a benchmark that cannot start has nothing better to do"
)]

mod beside;
mod bulk;
mod connection;
mod figures;
mod filters;
mod patch;
#[path = "../support/mod.rs"]
mod support;

use tokio::runtime::Runtime;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let position = arguments.iter().position(|argument| argument == name)?;
        arguments.get(position + 1).cloned()
    };
    let only = value("--only");
    let has = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let rounds = value("--rounds").map_or(200, |text| text.parse().expect("a number"));
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .expect("the first provider");
    let runtime = Runtime::new().expect("a runtime");
    if has("patch") {
        runtime.block_on(patch::run(rounds));
    }
    if has("filters") {
        runtime.block_on(filters::run(rounds.div_ceil(4)));
    }
    if has("bulk") {
        runtime.block_on(bulk::run(rounds.div_ceil(20)));
    }
    if has("beside") {
        runtime.block_on(beside::run(rounds * 10));
    }
}
