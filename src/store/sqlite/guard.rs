//! The guard: how many accounts may be disabled or deleted within a window.

use rusqlite::{Connection, params};

use super::leases;
use super::sql::{Result, execute, value};
use crate::store::{
    AccountState, Admission, AdmitDestruction, Destruction, RecordOutcome, Verdict,
};

pub(super) fn admit(connection: &Connection, command: &AdmitDestruction) -> Result<Admission> {
    leases::check(connection, &command.appliance, command.epoch)?;
    if !admitted_before(connection, command)? {
        let used = used(connection, command)?;
        let limit = limit(connection, command, used)?;
        if used >= limit {
            return Ok(Admission::Held { used, limit });
        }
        enter(connection, command)?;
    }
    if command.destruction == Destruction::Disable {
        execute(
            connection,
            "UPDATE link SET disabling = 1 WHERE id = ?1 AND appliance = ?2",
            params![command.link_id, command.appliance],
        )?;
    }
    Ok(Admission::Admitted)
}

fn enter(connection: &Connection, command: &AdmitDestruction) -> Result<()> {
    execute(
        connection,
        "INSERT INTO guard_entry (appliance, destruction, link, at_ms) VALUES (?1, ?2, ?3, ?4)",
        params![
            command.appliance,
            command.destruction,
            command.link_id,
            command.now_ms
        ],
    )?;
    Ok(())
}

fn admitted_before(connection: &Connection, command: &AdmitDestruction) -> Result<bool> {
    let found: Option<i64> = value(
        connection,
        "SELECT 1 FROM guard_entry \
         WHERE link = ?1 AND destruction = ?2 AND (open OR at_ms >= ?3) LIMIT 1",
        params![command.link_id, command.destruction, command.since_ms],
    )?;
    Ok(found.is_some())
}

/// Closes what was admitted for a link and has happened now, or has come to nothing because the
/// appliance is as desired without it.
pub(super) fn settle(connection: &Connection, command: &RecordOutcome) -> Result<()> {
    let over = matches!(
        command.verdict,
        Verdict::Done | Verdict::PurgeAt { .. } | Verdict::Gone
    );
    let disabled = command.progress.account_state != AccountState::Active;
    let deleted = command.progress.remote_id.is_none();
    if !(over || disabled || deleted) {
        return Ok(());
    }
    execute(
        connection,
        "UPDATE guard_entry SET open = 0 WHERE link = ?1 AND open \
         AND (?2 OR CASE destruction WHEN 'disable' THEN ?3 ELSE ?4 END)",
        params![command.link_id, over, disabled, deleted],
    )?;
    Ok(())
}

/// Closes everything that was admitted for a link, which ends.
pub(super) fn close(connection: &Connection, link: i64) -> Result<()> {
    execute(
        connection,
        "UPDATE guard_entry SET open = 0 WHERE link = ?1 AND open",
        [link],
    )?;
    Ok(())
}

fn used(connection: &Connection, command: &AdmitDestruction) -> Result<u64> {
    count(
        connection,
        "SELECT count(*) FROM guard_entry \
         WHERE appliance = ?1 AND destruction = ?2 AND at_ms >= ?3",
        params![command.appliance, command.destruction, command.since_ms],
    )
}

/// The larger of the count and the share; the accounts are counted only where the count alone
/// would not do.
fn limit(connection: &Connection, command: &AdmitDestruction, used: u64) -> Result<u64> {
    let max_count = u64::from(command.max_count);
    if used < max_count {
        return Ok(max_count);
    }
    let accounts = count(
        connection,
        "SELECT count(*) FROM link WHERE appliance = ?1 AND remote_id IS NOT NULL",
        [&command.appliance],
    )?;
    let share = accounts.saturating_mul(u64::from(command.max_share_percent)) / 100;
    Ok(max_count.max(share))
}

fn count(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<u64> {
    let count: i64 = value(connection, sql, params)?.unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(0))
}
