//! Forgetting what has outlived its time, and the probe that the store can be written.

use rusqlite::Connection;

use super::links::Cause;
use super::passwords;
use super::sql::{Result, execute};
use crate::store::PruneLimits;

/// So many rows of a kind are forgotten in one command, so that others are not kept waiting.
const ROWS_PER_COMMAND: usize = 2_000;

/// Forgets some rows of each kind; `true` if there may be more.
pub(super) fn prune(connection: &Connection, limits: &PruneLimits) -> Result<bool> {
    let kinds = [
        (
            "DELETE FROM parked_member WHERE (group_sequence, value) IN \
             (SELECT group_sequence, value FROM parked_member WHERE parked_ms < ?1 LIMIT ?2)",
            limits.parked_before_ms,
        ),
        (
            "DELETE FROM attempt WHERE id IN \
             (SELECT id FROM attempt WHERE started_ms < ?1 LIMIT ?2)",
            limits.attempts_before_ms,
        ),
        (
            "DELETE FROM guard_entry WHERE id IN \
             (SELECT id FROM guard_entry WHERE at_ms < ?1 AND NOT open LIMIT ?2)",
            limits.guard_before_ms,
        ),
        (
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at_ms < ?1 LIMIT ?2)",
            limits.audit_before_ms,
        ),
    ];
    let limit = i64::try_from(ROWS_PER_COMMAND).unwrap_or(i64::MAX);
    let passwords = passwords::outlived(connection, limits.passwords_before_ms, limit)?;
    passwords::forget(connection, &passwords, Cause::sweep(limits.now_ms))?;
    let mut more = passwords.len() >= ROWS_PER_COMMAND;
    for (sql, before_ms) in kinds {
        more |= execute(connection, sql, [before_ms, limit])? >= ROWS_PER_COMMAND;
    }
    Ok(more)
}

/// Writes a row and takes it back: the page goes through the log to the disk all the same.
pub(super) fn ping(connection: &Connection) -> Result<()> {
    execute(connection, "INSERT INTO probe (id) VALUES (1)", [])?;
    execute(connection, "DELETE FROM probe WHERE id = 1", [])?;
    Ok(())
}
