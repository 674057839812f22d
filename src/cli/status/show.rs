//! A status report for people and for scripts.

use std::collections::BTreeMap;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, Color, ContentArrangement, Table};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::report::{ApplianceSummary, StatusReport};
use super::tolerances::ToleranceCounts;
use crate::config::DEFAULT_DIRECTORY;
use crate::store::{Link, LinkReport, LinkState, ParkedMember};

/// How many links the text shows the notes of.
const LINKS_WITH_NOTES: usize = 20;

/// The report as tables.
pub(super) fn text(report: &StatusReport, now_ms: i64) -> String {
    let mut parts = Vec::new();
    if report.links.is_empty() {
        parts.push("No user or group is linked to an appliance here.".to_owned());
    } else {
        parts.push(links(&report.links, now_ms).to_string());
    }
    let summaries: Vec<String> = report
        .appliances
        .iter()
        .map(|appliance| summary(appliance, now_ms))
        .collect();
    if !summaries.is_empty() {
        parts.push(summaries.join("\n"));
    }
    let held: Vec<String> = report
        .links
        .iter()
        .filter(|report| report.link.state == LinkState::Held)
        .map(held)
        .collect();
    if !held.is_empty() {
        parts.push(format!(
            "Held until an operator decides:\n{}",
            held.join("\n")
        ));
    }
    parts.extend(notes(&report.links));
    if !report.parked.is_empty() {
        let parked: Vec<String> = report
            .parked
            .iter()
            .map(|member| parked(member, now_ms))
            .collect();
        parts.push(format!(
            "Group members that no user answers to yet:\n{}",
            parked.join("\n")
        ));
    }
    parts.extend(report.tolerances.as_ref().map(tolerances));
    parts.join("\n\n")
}

/// The report as JSON; times in RFC 3339.
pub(super) fn json(report: &StatusReport) -> Value {
    json!({
        "appliances": report.appliances.iter().map(summary_json).collect::<Vec<_>>(),
        "links": report.links.iter().map(link_json).collect::<Vec<_>>(),
        "parked_members": report.parked.iter().map(parked_json).collect::<Vec<_>>(),
        "tolerated": report.tolerances.as_ref().and_then(tolerances_json),
    })
}

fn links(links: &[LinkReport], now_ms: i64) -> Table {
    let mut header = vec![
        "name",
        "appliance",
        "account",
        "state",
        "since",
        "last error",
    ];
    // Who has one directory needs no name for it.
    let several = several_directories(links);
    if several {
        header.insert(1, "directory");
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    for report in links {
        let link = &report.link;
        let account = link.progress.account_key.as_deref().unwrap_or("-");
        let since = if link.state == LinkState::InSync {
            "-".to_owned()
        } else {
            ago(link.since_ms, now_ms)
        };
        let error = link
            .error
            .as_ref()
            .map(|error| format!("{}: {}", error.class, error.message))
            .unwrap_or_default();
        let mut row = vec![
            Cell::new(name(report)),
            Cell::new(&link.appliance),
            Cell::new(format!(
                "{account} ({})",
                link.progress.account_state.as_str()
            )),
            Cell::new(link.state.as_str()).fg(color(link.state)),
            Cell::new(since),
            Cell::new(error),
        ];
        if several {
            row.insert(1, Cell::new(&link.directory));
        }
        table.add_row(row);
    }
    table
}

/// Whether links of another directory than `default` are among them.
fn several_directories(links: &[LinkReport]) -> bool {
    links
        .iter()
        .any(|report| report.link.directory != DEFAULT_DIRECTORY)
}

fn name(report: &LinkReport) -> String {
    let kind = report.link.kind.as_str().to_lowercase();
    let deleted = if report.deleted { ", deleted" } else { "" };
    format!("{} ({kind}{deleted})", report.name)
}

fn color(state: LinkState) -> Color {
    match state {
        LinkState::InSync => Color::Green,
        LinkState::Pending | LinkState::InFlight | LinkState::Waiting | LinkState::PurgeWaiting => {
            Color::Yellow
        }
        LinkState::Held | LinkState::Refused => Color::Red,
    }
}

fn summary(summary: &ApplianceSummary, now_ms: i64) -> String {
    let mut facts: Vec<String> = summary
        .counts
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    if facts.is_empty() {
        facts.push("nothing linked".to_owned());
    }
    if let Some(since) = summary.oldest_since_ms {
        facts.push(format!("oldest open change {}", ago(since, now_ms)));
    }
    if summary.appliance.sweeps > 0 {
        facts.push("a sweep is under way".to_owned());
    }
    if summary.breaker != "closed" {
        facts.push(format!("breaker {}", summary.breaker));
    }
    if summary.appliance.detached {
        facts.push("no longer configured, nothing is sent".to_owned());
    }
    format!("{}: {}", summary.appliance.name, facts.join(", "))
}

fn held(report: &LinkReport) -> String {
    let message = report
        .link
        .error
        .as_ref()
        .map_or("no reason is recorded", |error| error.message.as_str());
    format!("  {} on {}: {message}", name(report), report.link.appliance)
}

/// What was left out, shortened or is otherwise not as the directory says, by link.
fn notes(links: &[LinkReport]) -> Option<String> {
    let with_notes: Vec<&LinkReport> = links
        .iter()
        .filter(|report| link_notes(&report.link).next().is_some())
        .collect();
    if with_notes.is_empty() {
        return None;
    }
    let mut lines = vec!["Notes:".to_owned()];
    for report in with_notes.iter().take(LINKS_WITH_NOTES) {
        lines.push(format!("  {} on {}:", name(report), report.link.appliance));
        lines.extend(link_notes(&report.link).map(|note| format!("    {note}")));
    }
    let more = with_notes.len().saturating_sub(LINKS_WITH_NOTES);
    if more > 0 {
        lines.push(format!(
            "  {more} more have notes; --user, --group or --appliance show fewer, --output json all"
        ));
    }
    Some(lines.join("\n"))
}

fn link_notes(link: &Link) -> impl Iterator<Item = &String> {
    let progress = &link.progress;
    progress.notes.iter().chain(progress.lasting_notes.iter())
}

fn parked(member: &ParkedMember, now_ms: i64) -> String {
    let directory = match member.directory.as_str() {
        DEFAULT_DIRECTORY => String::new(),
        other => format!(" of the directory {other:?}"),
    };
    format!(
        "  {:?} in group {:?}{directory}, {}",
        member.value,
        member.group,
        ago(member.parked_ms, now_ms)
    )
}

fn tolerances(counts: &ToleranceCounts) -> String {
    match counts {
        ToleranceCounts::Unknown(why) => {
            format!("Deviations of identity providers: not known, {why}.")
        }
        ToleranceCounts::Known(counts) if counts.is_empty() => {
            "Identity providers have kept to the letter since the daemon started.".to_owned()
        }
        ToleranceCounts::Known(counts) => {
            let lines: Vec<String> = counts
                .iter()
                .map(|((directory, name), count)| match directory.as_str() {
                    DEFAULT_DIRECTORY => format!("  {name}: {count}"),
                    other => format!("  {name} (directory {other:?}): {count}"),
                })
                .collect();
            format!(
                "Deviations of identity providers since the daemon started (docs/strict.md):\n{}",
                lines.join("\n")
            )
        }
    }
}

fn tolerances_json(counts: &ToleranceCounts) -> Option<Value> {
    match counts {
        ToleranceCounts::Unknown(_) => None,
        ToleranceCounts::Known(counts) => {
            let mut by_directory: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
            for ((directory, name), count) in counts {
                let of_directory = by_directory.entry(directory).or_default();
                of_directory.insert(name, *count);
            }
            Some(json!(by_directory))
        }
    }
}

/// How long ago, in the largest unit that says enough.
fn ago(at_ms: i64, now_ms: i64) -> String {
    let seconds = now_ms.saturating_sub(at_ms).max(0) / 1000;
    let (count, unit) = match seconds {
        0..60 => (seconds, "s"),
        60..3600 => (seconds / 60, "min"),
        3600..172_800 => (seconds / 3600, "h"),
        _ => (seconds / 86_400, "days"),
    };
    format!("{count} {unit} ago")
}

fn summary_json(summary: &ApplianceSummary) -> Value {
    json!({
        "name": summary.appliance.name,
        "detached": summary.appliance.detached,
        "breaker": summary.breaker,
        "sweeps": summary.appliance.sweeps,
        "links": summary.counts,
        "oldest_since": summary.oldest_since_ms.map(time),
    })
}

fn link_json(report: &LinkReport) -> Value {
    let link = &report.link;
    let in_sync = link.state == LinkState::InSync;
    json!({
        "kind": link.kind.as_str().to_lowercase(),
        "id": link.resource_id,
        "directory": link.directory,
        "name": report.name,
        "deleted": report.deleted,
        "appliance": link.appliance,
        "account": link.progress.account_key,
        "remote_id": link.progress.remote_id,
        "account_state": link.progress.account_state.as_str(),
        "state": link.state.as_str(),
        "since": (!in_sync).then(|| time(link.since_ms)),
        "attempts": link.attempts,
        "last_error": link.error.as_ref().map(|error| json!({
            "class": error.class,
            "message": error.message,
            "at": time(error.at_ms),
        })),
        "notes": link_notes(link).collect::<Vec<_>>(),
        "request_ids": link.request_ids,
    })
}

fn parked_json(member: &ParkedMember) -> Value {
    json!({
        "directory": member.directory,
        "group_id": member.group_id,
        "group": member.group,
        "value": member.value,
        "since": time(member.parked_ms),
    })
}

fn time(at_ms: i64) -> Option<String> {
    Timestamp::from_millisecond(at_ms)
        .ok()
        .map(|time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn ages_are_told_in_the_largest_unit() {
        assert_eq!(ago(1_000, 43_000), "42 s ago");
        assert_eq!(ago(0, 5 * 60_000), "5 min ago");
        assert_eq!(ago(0, 47 * 3_600_000), "47 h ago");
        assert_eq!(ago(0, 72 * 3_600_000), "3 days ago");
        // Clocks of two machines differ a little.
        assert_eq!(ago(2_000, 1_000), "0 s ago");
    }
}
