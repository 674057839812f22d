//! Taking due links.

use rusqlite::{Connection, params};

use super::leases;
use super::sql::{Result, all, execute, value};
use crate::store::LinkState;

/// The states in which a link waits for a time.
const TIMED: [LinkState; 3] = [
    LinkState::Pending,
    LinkState::Waiting,
    LinkState::PurgeWaiting,
];

/// Links that have been marked as in flight.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Their ids, in the order in which they are to be worked on.
    pub(super) links: Vec<i64>,
    /// When the next one that is not yet due will be.
    pub(super) next_due_ms: Option<i64>,
}

/// A due link, in the order of the queue.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    priority: i64,
    next_attempt_ms: i64,
    link: i64,
}

pub(super) fn take(
    connection: &Connection,
    appliance: &str,
    epoch: i64,
    now_ms: i64,
    limit: u32,
) -> Result<Taken> {
    leases::check(connection, appliance, epoch)?;
    if detached(connection, appliance)? {
        return Ok(Taken::default());
    }
    // Each state and priority is a range of the index by time: the cost is that of the links
    // taken, however many wait behind them or for later.
    let mut due = Vec::new();
    let mut next_due_ms: Option<i64> = None;
    for state in TIMED {
        for priority in priorities(connection, appliance, state)? {
            let range = Range {
                appliance,
                state,
                priority,
            };
            due.extend(range.due(connection, now_ms, limit)?);
            let later = range.first_after(connection, now_ms)?;
            next_due_ms = [next_due_ms, later].into_iter().flatten().min();
        }
    }
    due.sort_unstable();
    due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    for place in &due {
        execute(
            connection,
            "UPDATE link SET state = 'in_flight', epoch = ?2, \
                             wait_namespace = NULL, wait_key = NULL WHERE id = ?1",
            params![place.link, epoch],
        )?;
    }
    Ok(Taken {
        links: due.into_iter().map(|place| place.link).collect(),
        next_due_ms,
    })
}

/// Undoes [`take`] for links whose work nobody got.
pub(super) fn put_back(connection: &Connection, links: &[i64], epoch: i64) -> Result<()> {
    for link in links {
        execute(
            connection,
            "UPDATE link SET state = 'pending' \
             WHERE id = ?1 AND state = 'in_flight' AND epoch = ?2",
            [*link, epoch],
        )?;
    }
    Ok(())
}

fn detached(connection: &Connection, appliance: &str) -> Result<bool> {
    let detached = value(
        connection,
        "SELECT detached FROM appliance WHERE name = ?1",
        [appliance],
    )?;
    Ok(detached.unwrap_or(true))
}

/// The priorities that occur, found by skipping through the index.
fn priorities(connection: &Connection, appliance: &str, state: LinkState) -> Result<Vec<i64>> {
    let mut priorities = Vec::new();
    let mut above = i64::MIN;
    while let Some(priority) = value::<Option<i64>>(
        connection,
        "SELECT min(priority) FROM link WHERE appliance = ?1 AND state = ?2 AND priority > ?3",
        params![appliance, state, above],
    )?
    .flatten()
    {
        priorities.push(priority);
        above = priority;
    }
    Ok(priorities)
}

/// A range of the index in which links lie by time.
struct Range<'a> {
    appliance: &'a str,
    state: LinkState,
    priority: i64,
}

impl Range<'_> {
    fn due(&self, connection: &Connection, now_ms: i64, limit: u32) -> Result<Vec<Place>> {
        all(
            connection,
            "SELECT next_attempt_ms, id FROM link \
             WHERE appliance = ?1 AND state = ?2 AND priority = ?3 AND next_attempt_ms <= ?4 \
             ORDER BY next_attempt_ms, id LIMIT ?5",
            params![self.appliance, self.state, self.priority, now_ms, limit],
            |row| {
                Ok(Place {
                    priority: self.priority,
                    next_attempt_ms: row.get(0)?,
                    link: row.get(1)?,
                })
            },
        )
    }

    fn first_after(&self, connection: &Connection, now_ms: i64) -> Result<Option<i64>> {
        let first: Option<Option<i64>> = value(
            connection,
            "SELECT min(next_attempt_ms) FROM link \
             WHERE appliance = ?1 AND state = ?2 AND priority = ?3 AND next_attempt_ms > ?4",
            params![self.appliance, self.state, self.priority, now_ms],
        )?;
        Ok(first.flatten())
    }
}
