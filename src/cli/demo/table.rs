//! The live table: people × appliances, filling in.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, Color, Table};
use tokio_util::sync::CancellationToken;

use crate::scim::ResourceKind;
use crate::store::{AccountState, LinkFilter, LinkReport, LinkState, Store};

/// How often the table is drawn anew.
const FRAME: Duration = Duration::from_millis(150);

/// Draws the table while the cast plays.
pub(super) struct Watcher {
    store: Arc<dyn Store>,
    live: bool,
    ended: CancellationToken,
    drawing: tokio::task::JoinHandle<usize>,
    started: Instant,
}

impl Watcher {
    pub(super) fn start(store: Arc<dyn Store>, live: bool) -> Self {
        let ended = CancellationToken::new();
        let animate = live && std::io::stdout().is_terminal();
        let drawing = tokio::spawn(draw_until(Arc::clone(&store), ended.clone(), animate));
        Self {
            store,
            live,
            ended,
            drawing,
            started: Instant::now(),
        }
    }

    /// Waits until every link has settled (or patience is over), and leaves the last picture.
    /// Returns how long it took since the beginning.
    pub(super) async fn finish(self, patience: Duration) -> Result<Duration> {
        while self.started.elapsed() < patience {
            let links = self.store.link_report(LinkFilter::default()).await?;
            if links.iter().all(is_settled) {
                break;
            }
            tokio::time::sleep(FRAME).await;
        }
        let elapsed = self.started.elapsed();
        self.ended.cancel();
        let lines = self.drawing.await?;
        if self.live {
            let links = self.store.link_report(LinkFilter::default()).await?;
            let mut picture = rewind(lines);
            picture.push_str(&render(&links));
            picture.push_str(&reasons(&links));
            super::say(&picture);
        }
        Ok(elapsed)
    }
}

fn is_settled(link: &LinkReport) -> bool {
    !matches!(
        link.link.state,
        LinkState::Pending | LinkState::InFlight | LinkState::Waiting
    )
}

async fn draw_until(store: Arc<dyn Store>, ended: CancellationToken, animate: bool) -> usize {
    let mut lines = 0;
    while animate && !ended.is_cancelled() {
        if let Ok(links) = store.link_report(LinkFilter::default()).await {
            let picture = render(&links);
            super::say(&format!("{}{picture}", rewind(lines)));
            lines = picture.lines().count() + 1;
        }
        tokio::select! {
            () = ended.cancelled() => {}
            () = tokio::time::sleep(FRAME) => {}
        }
    }
    lines
}

/// Moves the cursor back to where the last picture began, and clears what is below.
fn rewind(lines: usize) -> String {
    if lines == 0 {
        String::new()
    } else {
        format!("\x1b[{lines}A\x1b[J")
    }
}

fn render(links: &[LinkReport]) -> String {
    let mut appliances: Vec<&str> = links
        .iter()
        .map(|link| link.link.appliance.as_str())
        .collect();
    appliances.sort_unstable();
    appliances.dedup();
    let mut rows: BTreeMap<(u8, &str), BTreeMap<&str, &LinkReport>> = BTreeMap::new();
    for link in links {
        let order = u8::from(link.link.kind == ResourceKind::Group);
        rows.entry((order, link.name.as_str()))
            .or_default()
            .insert(link.link.appliance.as_str(), link);
    }
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    let mut header = vec![Cell::new("")];
    header.extend(appliances.iter().map(Cell::new));
    table.set_header(header);
    for ((order, name), cells) in rows {
        let label = if order == 1 {
            format!("[{name}]")
        } else {
            name.to_owned()
        };
        let mut row = vec![Cell::new(label)];
        row.extend(appliances.iter().map(|appliance| {
            cells
                .get(appliance)
                .map_or(Cell::new(""), |link| cell(link))
        }));
        table.add_row(row);
    }
    table.to_string()
}

fn cell(link: &LinkReport) -> Cell {
    let account = link.link.progress.account_key.clone().unwrap_or_default();
    match link.link.state {
        LinkState::InSync if link.link.progress.account_state == AccountState::Disabled => {
            Cell::new(format!("{account} (disabled)")).fg(Color::DarkGrey)
        }
        LinkState::InSync => Cell::new(account).fg(Color::Green),
        LinkState::Pending | LinkState::InFlight | LinkState::Waiting => {
            Cell::new("…").fg(Color::Yellow)
        }
        LinkState::PurgeWaiting => Cell::new("purge waits").fg(Color::DarkGrey),
        LinkState::Held | LinkState::Refused => {
            Cell::new(format!("{account} ✗ {}", link.link.state.as_str())).fg(Color::Red)
        }
    }
}

fn reasons(links: &[LinkReport]) -> String {
    links
        .iter()
        .filter(|link| matches!(link.link.state, LinkState::Held | LinkState::Refused))
        .filter_map(|link| {
            let error = link.link.error.as_ref()?;
            let appliance = &link.link.appliance;
            Some(format!("\n{} on {appliance}: {}", link.name, error.message))
        })
        .collect()
}
