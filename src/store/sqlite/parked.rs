//! Member values that no resource answers to yet.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, params};

use super::members::{self, Group};
use super::sql::{Result, all, execute};
use crate::scim::fold;
use crate::store::{IndexKeys, NewMember, ParkedMember};

/// Parks a value; `false` if it is parked already.
pub(super) fn park(
    connection: &Connection,
    group: Group<'_>,
    member: &NewMember,
    now_ms: i64,
) -> Result<bool> {
    let parked = execute(
        connection,
        "INSERT INTO parked_member (group_sequence, value, folded, directory, display, parked_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        params![
            group.sequence,
            member.value,
            fold(&member.value),
            group.directory,
            member.display,
            now_ms
        ],
    )?;
    Ok(parked > 0)
}

/// Takes a value off; `false` if it was not parked.
pub(super) fn unpark(connection: &Connection, group: i64, value: &str) -> Result<bool> {
    let removed = execute(
        connection,
        "DELETE FROM parked_member WHERE group_sequence = ?1 AND value = ?2",
        params![group, value],
    )?;
    Ok(removed > 0)
}

/// The parked values of a group.
pub(super) fn values(connection: &Connection, group: i64) -> Result<Vec<String>> {
    all(
        connection,
        "SELECT value FROM parked_member WHERE group_sequence = ?1",
        [group],
        |row| Ok(row.get(0)?),
    )
}

/// Makes a user a member wherever a value that means it is parked; the groups that it joined.
pub(super) fn link_user(
    connection: &Connection,
    directory: &str,
    user: i64,
    keys: &IndexKeys,
    match_by_name: bool,
) -> Result<BTreeSet<i64>> {
    // Two statements and no `UNION`, which would build a table for what is nearly always nothing.
    let mut matches = BTreeSet::new();
    if let Some(external_id) = &keys.external_id {
        matches.extend(parked_by_value(connection, directory, external_id)?);
    }
    if let Some(name) = keys.name.as_ref().filter(|_| match_by_name) {
        matches.extend(parked_by_folded(connection, directory, name)?);
    }
    let mut joined = BTreeSet::new();
    for (group, value, display) in matches {
        if members::insert(connection, group, user, display.as_deref())? {
            joined.insert(group);
        }
        unpark(connection, group, &value)?;
    }
    Ok(joined)
}

/// A parked value: its group, the value, the display that came with it.
type Parked = (i64, String, Option<String>);

fn parked_by_value(connection: &Connection, directory: &str, value: &str) -> Result<Vec<Parked>> {
    all(
        connection,
        "SELECT group_sequence, value, display FROM parked_member \
         WHERE directory = ?1 AND value = ?2",
        [directory, value],
        parked_from_row,
    )
}

fn parked_by_folded(connection: &Connection, directory: &str, folded: &str) -> Result<Vec<Parked>> {
    all(
        connection,
        "SELECT group_sequence, value, display FROM parked_member \
         WHERE directory = ?1 AND folded = ?2",
        [directory, folded],
        parked_from_row,
    )
}

fn parked_from_row(row: &Row<'_>) -> Result<Parked> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

/// All parked values, oldest first.
pub(super) fn report(connection: &Connection) -> Result<Vec<ParkedMember>> {
    all(
        connection,
        "SELECT p.directory, g.id, coalesce(g.display, g.name, g.id), p.value, p.parked_ms \
         FROM parked_member p JOIN resource g ON g.sequence = p.group_sequence \
         ORDER BY p.parked_ms, g.sequence, p.value",
        [],
        |row| {
            Ok(ParkedMember {
                directory: row.get(0)?,
                group_id: row.get(1)?,
                group: row.get(2)?,
                value: row.get(3)?,
                parked_ms: row.get(4)?,
            })
        },
    )
}
