//! Members of groups: rows, changed by deltas.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::parked;
use super::sql::{Result, all, execute, value};
use crate::scim::fold;
use crate::store::{MemberDelta, NewMember};

/// The group whose members change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) sequence: i64,
    pub(super) directory: &'a str,
    /// Whether a member value may also be a `userName`.
    pub(super) match_by_name: bool,
}

/// What deltas did to a group, in sum.
#[derive(Debug, Default)]
pub(super) struct MemberChange {
    /// Members (sequences) that are in now and were not before.
    pub(super) joined: BTreeSet<i64>,
    /// Members that were in and are not now.
    pub(super) left: BTreeSet<i64>,
    /// Whether any row changed, parked ones included.
    pub(super) changed: bool,
}

impl MemberChange {
    /// Those who joined and those who left.
    pub(super) fn concerned(&self) -> BTreeSet<i64> {
        self.joined.union(&self.left).copied().collect()
    }

    fn add(&mut self, member: i64) {
        self.changed = true;
        if !self.left.remove(&member) {
            self.joined.insert(member);
        }
    }

    fn remove(&mut self, member: i64) {
        self.changed = true;
        if !self.joined.remove(&member) {
            self.left.insert(member);
        }
    }
}

/// Applies deltas in order.
pub(super) fn apply(
    connection: &Connection,
    group: Group<'_>,
    deltas: &[MemberDelta],
    now_ms: i64,
) -> Result<MemberChange> {
    let mut change = MemberChange::default();
    for delta in deltas {
        match delta {
            MemberDelta::Add(members) => {
                for member in members {
                    let resolved = resolve(connection, group, &member.value)?;
                    add(connection, group, member, resolved, now_ms, &mut change)?;
                }
            }
            MemberDelta::Remove(values) => {
                for value in values {
                    remove(connection, group, value, &mut change)?;
                }
            }
            MemberDelta::Replace(members) => {
                replace(connection, group, members, now_ms, &mut change)?;
            }
        }
    }
    Ok(change)
}

/// The resource that a member value means: the one with that id, or the one user whose
/// `externalId` (or, where allowed, `userName`) it is; the same rule by which parked values are
/// matched later, so that the order in which users and groups arrive makes no difference.
fn resolve(connection: &Connection, group: Group<'_>, member: &str) -> Result<Option<i64>> {
    let by_id = value(
        connection,
        "SELECT sequence FROM resource WHERE directory = ?1 AND id = ?2",
        params![group.directory, member],
    )?;
    if by_id.is_some() {
        return Ok(by_id);
    }
    let by_external_id: Vec<i64> = all(
        connection,
        "SELECT sequence FROM resource \
         WHERE directory = ?1 AND kind = 'User' AND external_id = ?2 LIMIT 2",
        params![group.directory, member],
        |row| Ok(row.get(0)?),
    )?;
    match by_external_id.as_slice() {
        [only] => Ok(Some(*only)),
        // An `externalId` that two users share names neither.
        [_, ..] => Ok(None),
        [] if group.match_by_name => value(
            connection,
            "SELECT sequence FROM resource \
             WHERE directory = ?1 AND kind = 'User' AND name = ?2",
            params![group.directory, fold(member)],
        ),
        [] => Ok(None),
    }
}

fn add(
    connection: &Connection,
    group: Group<'_>,
    member: &NewMember,
    resolved: Option<i64>,
    now_ms: i64,
    change: &mut MemberChange,
) -> Result<()> {
    match resolved {
        Some(sequence) => {
            if insert(
                connection,
                group.sequence,
                sequence,
                member.display.as_deref(),
            )? {
                change.add(sequence);
            }
        }
        None => change.changed |= parked::park(connection, group, member, now_ms)?,
    }
    Ok(())
}

/// Adds a member row behind the others; `false` if it was there.
pub(super) fn insert(
    connection: &Connection,
    group: i64,
    member: i64,
    display: Option<&str>,
) -> Result<bool> {
    let inserted = execute(
        connection,
        "INSERT INTO member (group_sequence, member_sequence, position, display) \
         SELECT ?1, ?2, members_added + 1, ?3 FROM resource WHERE sequence = ?1 \
         ON CONFLICT DO NOTHING",
        params![group, member, display],
    )?;
    if inserted == 0 {
        return Ok(false);
    }
    execute(
        connection,
        "UPDATE resource SET members_added = members_added + 1 WHERE sequence = ?1",
        [group],
    )?;
    Ok(true)
}

fn remove(
    connection: &Connection,
    group: Group<'_>,
    member: &str,
    change: &mut MemberChange,
) -> Result<()> {
    if let Some(sequence) = resolve(connection, group, member)? {
        remove_row(connection, group.sequence, sequence, change)?;
    }
    change.changed |= parked::unpark(connection, group.sequence, member)?;
    Ok(())
}

fn remove_row(
    connection: &Connection,
    group: i64,
    member: i64,
    change: &mut MemberChange,
) -> Result<()> {
    let removed = execute(
        connection,
        "DELETE FROM member WHERE group_sequence = ?1 AND member_sequence = ?2",
        [group, member],
    )?;
    if removed > 0 {
        change.remove(member);
    }
    Ok(())
}

/// Makes `wanted` the whole list: who stays keeps place and display.
fn replace(
    connection: &Connection,
    group: Group<'_>,
    wanted: &[NewMember],
    now_ms: i64,
    change: &mut MemberChange,
) -> Result<()> {
    let mut resolved = Vec::with_capacity(wanted.len());
    for member in wanted {
        resolved.push((member, resolve(connection, group, &member.value)?));
    }
    let stay: BTreeSet<i64> = resolved
        .iter()
        .filter_map(|(_, sequence)| *sequence)
        .collect();
    let present = all(
        connection,
        "SELECT member_sequence FROM member WHERE group_sequence = ?1",
        [group.sequence],
        |row| Ok(row.get(0)?),
    )?;
    let present: BTreeSet<i64> = present.into_iter().collect();
    for member in present.difference(&stay) {
        remove_row(connection, group.sequence, *member, change)?;
    }
    let unknown: BTreeSet<&str> = resolved
        .iter()
        .filter(|(_, sequence)| sequence.is_none())
        .map(|(member, _)| member.value.as_str())
        .collect();
    for parked in parked::values(connection, group.sequence)? {
        if !unknown.contains(parked.as_str()) {
            change.changed |= parked::unpark(connection, group.sequence, &parked)?;
        }
    }
    for (member, sequence) in resolved {
        if sequence.is_none_or(|sequence| !present.contains(&sequence)) {
            add(connection, group, member, sequence, now_ms, change)?;
        }
    }
    Ok(())
}

/// Drops the displays that clients sent for a member, whose own has changed.
pub(super) fn forget_displays(connection: &Connection, member: i64) -> Result<()> {
    execute(
        connection,
        "UPDATE member SET display = NULL WHERE member_sequence = ?1 AND display IS NOT NULL",
        [member],
    )?;
    Ok(())
}
