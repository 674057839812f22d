//! Who gets what right of the filters in `table.toml`.

use std::panic::catch_unwind;

use serde::Deserialize;

use crate::peers::{PEERS, Peer};

/// The file: groups of filters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    title: String,
    filter: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    text: String,
    /// The meaning, in the notation of `tree.rs`; nothing where the text means nothing.
    means: Option<String>,
}

/// What a parser made of a row.
enum Verdict {
    Right,
    Refused,
    /// Taken, for this.
    Wrong(String),
    Panicked,
}

/// Prints a table of counts, then each row that somebody does not get right.
pub fn print() -> Result<(), toml::de::Error> {
    let table: Table = toml::from_str(include_str!("../table.toml"))?;
    println!("| filters | {} |", PEERS.map(|peer| peer.name).join(" | "));
    println!("| --- |{}", " ---: |".repeat(PEERS.len()));
    let mut totals = [0; PEERS.len()];
    let mut filters = 0;
    for group in &table.group {
        let counts = PEERS.map(|peer| {
            group
                .filter
                .iter()
                .filter(|row| is_right(peer, row))
                .count()
        });
        print_counts(&group.title, group.filter.len(), &counts);
        filters += group.filter.len();
        for (total, count) in totals.iter_mut().zip(counts) {
            *total += count;
        }
    }
    print_counts("all", filters, &totals);
    for group in &table.group {
        println!("\n{}:\n", group.title);
        group.filter.iter().for_each(print_exceptions);
    }
    Ok(())
}

fn print_counts(title: &str, filters: usize, counts: &[usize]) {
    let cells: Vec<_> = counts
        .iter()
        .map(|count| format!("{count}/{filters}"))
        .collect();
    println!("| {title} | {} |", cells.join(" | "));
}

fn print_exceptions(row: &Row) {
    for peer in PEERS {
        let what = match judge(peer, row) {
            Verdict::Right => continue,
            Verdict::Refused => "refuses it".to_owned(),
            Verdict::Wrong(tree) => format!("takes it for {tree}"),
            Verdict::Panicked => "panics".to_owned(),
        };
        println!("- `{}`: {} {what}", visible(&row.text), peer.name);
    }
}

/// The text with its control characters written out.
fn visible(text: &str) -> String {
    text.chars()
        .map(|character| match character.is_control() {
            true => character.escape_default().to_string(),
            false => character.to_string(),
        })
        .collect()
}

fn is_right(peer: Peer, row: &Row) -> bool {
    matches!(judge(peer, row), Verdict::Right)
}

fn judge(peer: Peer, row: &Row) -> Verdict {
    let Ok(read) = catch_unwind(|| (peer.read)(&row.text)) else {
        return Verdict::Panicked;
    };
    match (read.map(|tree| tree.to_string()), &row.means) {
        (None, None) => Verdict::Right,
        (None, Some(_)) => Verdict::Refused,
        (Some(tree), Some(means)) if tree == *means => Verdict::Right,
        (Some(tree), _) => Verdict::Wrong(tree),
    }
}
