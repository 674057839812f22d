//! Sweeps: one row that stands for many links to be made due.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::leases;
use super::links::{self, Cause};
use super::lookups::{self, RESOURCE_COLUMNS, resource_columns, resource_from_row};
use super::sql::{Result, all, execute, first, value};
use crate::scim::ResourceKind;
use crate::store::{SweepBatch, SweepKind, SweepRow};

/// Adds a sweep, unless an equal one has still to begin. The oldest sweep of an appliance may be
/// under way, with a batch that was judged before the change that asks for this one; those behind
/// it have not begun.
pub(super) fn add(
    connection: &Connection,
    appliance: &str,
    directory: &str,
    kind: ResourceKind,
    mode: SweepKind,
    now_ms: i64,
) -> Result<()> {
    execute(
        connection,
        "INSERT INTO sweep (appliance, directory, kind, mode, created_ms) \
         SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (\
             SELECT 1 FROM sweep WHERE appliance = ?1 AND directory = ?2 AND kind = ?3 \
             AND mode = ?4 AND id > (SELECT min(id) FROM sweep WHERE appliance = ?1))",
        params![appliance, directory, kind, mode, now_ms],
    )?;
    Ok(())
}

/// A sweep under way.
struct Sweep {
    id: i64,
    directory: String,
    kind: ResourceKind,
    mode: SweepKind,
    cursor: i64,
}

pub(super) fn next_batch(
    connection: &Connection,
    appliance: &str,
    limit: u32,
) -> Result<Option<SweepBatch>> {
    let oldest = first(
        connection,
        "SELECT id, directory, kind, mode, cursor FROM sweep WHERE appliance = ?1 \
         ORDER BY id LIMIT 1",
        [appliance],
        |row| {
            Ok(Sweep {
                id: row.get(0)?,
                directory: row.get(1)?,
                kind: row.get(2)?,
                mode: row.get(3)?,
                cursor: row.get(4)?,
            })
        },
    )?;
    let Some(sweep) = oldest else { return Ok(None) };
    let limit = limit.max(1);
    let mut rows = read_rows(connection, appliance, &sweep, limit.saturating_add(1))?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next_cursor = rows
        .last()
        .filter(|_| more)
        .map(|row| row.resource.sequence);
    Ok(Some(SweepBatch {
        sweep_id: sweep.id,
        kind: sweep.mode,
        rows,
        next_cursor,
    }))
}

fn read_rows(
    connection: &Connection,
    appliance: &str,
    sweep: &Sweep,
    limit: u32,
) -> Result<Vec<SweepRow>> {
    const SQL: &str = concat!(
        "SELECT ",
        resource_columns!(),
        ", EXISTS (SELECT 1 FROM link l \
                   WHERE l.resource_sequence = r.sequence AND l.appliance = ?4) \
         FROM resource r WHERE r.directory = ?1 AND r.kind = ?2 AND r.sequence > ?3 \
         ORDER BY r.sequence LIMIT ?5"
    );
    let params = params![sweep.directory, sweep.kind, sweep.cursor, appliance, limit];
    let mut rows = all(connection, SQL, params, |row| {
        Ok(SweepRow {
            resource: resource_from_row(row)?,
            groups: Vec::new(),
            linked: row.get(RESOURCE_COLUMNS)?,
        })
    })?;
    if sweep.kind == ResourceKind::User {
        for row in &mut rows {
            row.groups = lookups::groups_above(connection, row.resource.sequence)?;
        }
    }
    Ok(rows)
}

pub(super) fn apply(
    connection: &Connection,
    appliance: &str,
    epoch: i64,
    batch: &SweepBatch,
    wanted: &[String],
    now_ms: i64,
) -> Result<()> {
    leases::check(connection, appliance, epoch)?;
    if !under_way(connection, appliance, batch.sweep_id)? {
        return Ok(());
    }
    let cause = Cause::sweep(now_ms);
    if batch.kind == SweepKind::MakeDue {
        for row in &batch.rows {
            make_link_due(connection, appliance, row.resource.sequence, cause)?;
        }
    }
    let wanted: HashSet<&str> = wanted.iter().map(String::as_str).collect();
    for row in &batch.rows {
        // A resource that was deleted in the meantime gets no link: it is inserted from its row.
        if wanted.contains(row.resource.id.as_str()) {
            links::ensure(connection, appliance, row.resource.sequence, cause)?;
        }
    }
    match batch.next_cursor {
        Some(cursor) => execute(
            connection,
            "UPDATE sweep SET cursor = ?2 WHERE id = ?1",
            [batch.sweep_id, cursor],
        )?,
        None => execute(
            connection,
            "DELETE FROM sweep WHERE id = ?1",
            [batch.sweep_id],
        )?,
    };
    Ok(())
}

fn under_way(connection: &Connection, appliance: &str, sweep: i64) -> Result<bool> {
    let found: Option<i64> = value(
        connection,
        "SELECT 1 FROM sweep WHERE id = ?1 AND appliance = ?2",
        params![sweep, appliance],
    )?;
    Ok(found.is_some())
}

fn make_link_due(
    connection: &Connection,
    appliance: &str,
    resource: i64,
    cause: Cause<'_>,
) -> Result<()> {
    const SQL: &str = concat!(
        "UPDATE link SET ",
        links::become_due!(),
        " WHERE resource_sequence = :resource AND appliance = :appliance"
    );
    execute(
        connection,
        SQL,
        rusqlite::named_params! {
            ":resource": resource,
            ":appliance": appliance,
            ":now_ms": cause.now_ms,
            ":priority": cause.priority,
            ":request_id": cause.request_id,
        },
    )?;
    Ok(())
}
