//! What operators read.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use super::links::{LINK_COLUMNS, link_columns, link_from_row};
use super::sql::{Result, all, to_json};
use crate::scim::fold;
use crate::store::{ApplianceReport, LinkCount, LinkFilter, LinkReport, LinkState};

/// Links with the names of their resources, by appliance and then in the order of creation.
pub(super) fn links(connection: &Connection, filter: &LinkFilter) -> Result<Vec<LinkReport>> {
    const SQL: &str = concat!(
        "SELECT ",
        link_columns!(),
        ", CASE l.kind WHEN 'User' THEN coalesce(r.name, t.name, r.display, t.display, l.resource_id) \
           ELSE coalesce(r.display, t.display, r.name, t.name, l.resource_id) END, \
           r.sequence IS NULL \
         FROM link l \
         LEFT JOIN resource r ON r.sequence = l.resource_sequence \
         LEFT JOIN tombstone t ON t.sequence = l.resource_sequence \
         WHERE (:appliance IS NULL OR l.appliance = :appliance) \
           AND (:directory IS NULL OR l.directory = :directory) \
           AND (:kind IS NULL OR l.kind = :kind) \
           AND (:all_states OR l.state IN (SELECT value FROM json_each(:states))) \
           AND (:folded IS NULL OR l.resource_id IN (:name, :folded) OR t.name = :folded \
                OR r.name = :folded OR r.display_name = :folded) \
         ORDER BY l.appliance, l.resource_sequence LIMIT :limit"
    );
    let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
    // SQLite reads a negative limit as none.
    let limit = if filter.limit == 0 {
        -1
    } else {
        i64::from(filter.limit)
    };
    all(
        connection,
        SQL,
        named_params! {
            ":appliance": filter.appliance,
            ":directory": filter.directory,
            ":kind": filter.kind,
            ":all_states": states.is_empty(),
            ":states": to_json("list of states", &states)?,
            ":name": filter.name,
            ":folded": filter.name.as_deref().map(fold),
            ":limit": limit,
        },
        |row| {
            Ok(LinkReport {
                link: link_from_row(row)?,
                name: row.get(LINK_COLUMNS)?,
                deleted: row.get(LINK_COLUMNS + 1)?,
            })
        },
    )
}

pub(super) fn appliances(connection: &Connection) -> Result<Vec<ApplianceReport>> {
    all(
        connection,
        "SELECT name, detached, lease_owner, lease_until_ms, epoch, breaker, \
                (SELECT count(*) FROM sweep WHERE sweep.appliance = appliance.name) \
         FROM appliance ORDER BY name",
        [],
        |row| {
            let sweeps: i64 = row.get(6)?;
            Ok(ApplianceReport {
                name: row.get(0)?,
                detached: row.get(1)?,
                lease_owner: row.get(2)?,
                lease_until_ms: row.get(3)?,
                epoch: row.get(4)?,
                breaker: row.get(5)?,
                sweeps: u64::try_from(sweeps).unwrap_or(0),
            })
        },
    )
}

pub(super) fn link_counts(connection: &Connection) -> Result<Vec<LinkCount>> {
    // Two queries: the counts come from the index alone; rows are read only of links that are not
    // in sync, which are few most of the time.
    let oldest: Vec<((String, LinkState), i64)> = all(
        connection,
        "SELECT appliance, state, min(since_ms) FROM link WHERE state <> 'in_sync' \
         GROUP BY appliance, state",
        [],
        |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)),
    )?;
    let oldest: HashMap<(String, LinkState), i64> = oldest.into_iter().collect();
    all(
        connection,
        "SELECT appliance, state, count(*) FROM link GROUP BY appliance, state",
        [],
        |row| {
            let appliance: String = row.get(0)?;
            let state = row.get(1)?;
            let count: i64 = row.get(2)?;
            let key = (appliance, state);
            let oldest_since_ms = oldest.get(&key).copied();
            Ok(LinkCount {
                appliance: key.0,
                state,
                count: u64::try_from(count).unwrap_or(0),
                oldest_since_ms,
            })
        },
    )
}
