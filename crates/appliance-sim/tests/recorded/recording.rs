//! Recordings of REST exchanges: a line with what was sent, a line with what came back.

use std::sync::LazyLock;

use regex::Regex;

use crate::fragment::Recorded;

/// An exchange as it was recorded.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The whole line.
    pub(crate) label: String,
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Recorded,
}

static ANSWER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^   (\d{3}) ([^\s;]+(?:; charset=\S+)?) ?(?s:(.*))$").unwrap());

pub(crate) fn exchanges(text: &str) -> Vec<Exchange> {
    let blocks = format!("\n{text}");
    blocks
        .split("\n## ")
        .skip(1)
        .map(|block| {
            let (label, answer) = block.split_once('\n').unwrap();
            let parts = ANSWER
                .captures(answer)
                .unwrap_or_else(|| panic!("no answer to {label}: {answer}"));
            let body = &parts[3];
            // Only a text goes over several lines; what follows JSON are remarks of the probe.
            let first = body.lines().next().unwrap_or_default();
            let body = match Recorded::read(first) {
                Recorded::Text(_) => Recorded::read(body),
                json => json,
            };
            Exchange {
                label: label.to_owned(),
                status: parts[1].parse().unwrap(),
                content_type: parts[2].to_owned(),
                body,
            }
        })
        .collect()
}
