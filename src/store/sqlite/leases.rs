//! Leases: who drives an appliance, and in which epoch.

use rusqlite::{Connection, params};

use super::sql::{Result, execute, value};
use crate::store::{Lease, StoreError};

/// Refuses whoever does not hold the lease of an appliance under this epoch.
pub(super) fn check(connection: &Connection, appliance: &str, epoch: i64) -> Result<()> {
    let held: Option<bool> = value(
        connection,
        "SELECT epoch = ?2 AND lease_owner IS NOT NULL FROM appliance WHERE name = ?1",
        params![appliance, epoch],
    )?;
    if held == Some(true) {
        return Ok(());
    }
    Err(StoreError::LeaseLost {
        appliance: appliance.to_owned(),
        epoch,
    }
    .into())
}

/// Takes a lease that is free or has run out; the appliance must be attached. Whatever an older
/// epoch left in flight may or may not have been written.
pub(super) fn acquire(
    connection: &Connection,
    appliance: &str,
    owner: &str,
    now_ms: i64,
    duration_ms: i64,
) -> Result<Option<Lease>> {
    let until_ms = now_ms.saturating_add(duration_ms);
    let epoch: Option<i64> = value(
        connection,
        "UPDATE appliance SET epoch = epoch + 1, lease_owner = ?2, lease_until_ms = ?3 \
         WHERE name = ?1 AND detached = 0 AND (lease_owner IS NULL OR lease_until_ms <= ?4) \
         RETURNING epoch",
        params![appliance, owner, until_ms, now_ms],
    )?;
    let Some(epoch) = epoch else { return Ok(None) };
    execute(
        connection,
        "UPDATE link SET state = 'pending', uncertain = 1, next_attempt_ms = ?3 \
         WHERE appliance = ?1 AND state = 'in_flight' AND epoch < ?2",
        params![appliance, epoch, now_ms],
    )?;
    Ok(Some(Lease { epoch, until_ms }))
}

/// Prolongs a lease, also one that has run out if nobody has taken it since.
pub(super) fn renew(
    connection: &Connection,
    appliance: &str,
    epoch: i64,
    now_ms: i64,
    duration_ms: i64,
) -> Result<bool> {
    let renewed = execute(
        connection,
        "UPDATE appliance SET lease_until_ms = ?3 \
         WHERE name = ?1 AND epoch = ?2 AND lease_owner IS NOT NULL",
        params![appliance, epoch, now_ms.saturating_add(duration_ms)],
    )?;
    Ok(renewed > 0)
}

/// Gives a lease back; does nothing if it is no longer held.
pub(super) fn release(connection: &Connection, appliance: &str, epoch: i64) -> Result<()> {
    let released = execute(
        connection,
        "UPDATE appliance SET lease_owner = NULL, lease_until_ms = 0 \
         WHERE name = ?1 AND epoch = ?2 AND lease_owner IS NOT NULL",
        params![appliance, epoch],
    )?;
    if released > 0 {
        execute(
            connection,
            "UPDATE link SET state = 'pending' \
             WHERE appliance = ?1 AND state = 'in_flight' AND epoch = ?2",
            params![appliance, epoch],
        )?;
    }
    Ok(())
}

/// Lets all leases run out. Whoever takes one next takes over.
pub(super) fn end_all(connection: &Connection) -> Result<()> {
    execute(
        connection,
        "UPDATE appliance SET lease_until_ms = 0, lease_owner = NULL \
         WHERE lease_owner IS NOT NULL",
        [],
    )?;
    Ok(())
}

/// Persists the state of the breaker.
pub(super) fn save_breaker(
    connection: &Connection,
    appliance: &str,
    epoch: i64,
    breaker: &str,
) -> Result<()> {
    check(connection, appliance, epoch)?;
    execute(
        connection,
        "UPDATE appliance SET breaker = ?2 WHERE name = ?1",
        params![appliance, breaker],
    )?;
    Ok(())
}
