//! Sealed passwords on their way to appliances: delivered at most once each, then erased.

use rusqlite::{Connection, named_params, params};

use super::links::{Cause, become_due};
use super::sql::{Result, all, execute, first, to_json, value};
use crate::store::SealedPassword;

/// Puts a password in place of the one before; its targets are those of the new one alone.
pub(super) fn store(
    connection: &Connection,
    directory: &str,
    resource: i64,
    sealed: &[u8],
    targets: &[String],
    now_ms: i64,
) -> Result<()> {
    erase(connection, resource)?;
    let version: Option<i64> = value(
        connection,
        "UPDATE resource SET password_version = password_version + 1 WHERE sequence = ?1 \
         RETURNING password_version",
        [resource],
    )?;
    let Some(version) = version.filter(|_| !targets.is_empty()) else {
        return Ok(());
    };
    execute(
        connection,
        "INSERT INTO password (resource, directory, version, created_ms, sealed) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![resource, directory, version, now_ms, sealed],
    )?;
    for appliance in targets {
        execute(
            connection,
            "INSERT OR IGNORE INTO password_target (resource, appliance) VALUES (?1, ?2)",
            params![resource, appliance],
        )?;
    }
    Ok(())
}

/// The password that waits for delivery to an appliance.
pub(super) fn waiting(
    connection: &Connection,
    resource: i64,
    appliance: &str,
) -> Result<Option<SealedPassword>> {
    first(
        connection,
        "SELECT p.version, p.sealed FROM password p \
         JOIN password_target t ON t.resource = p.resource \
         WHERE p.resource = ?1 AND t.appliance = ?2",
        params![resource, appliance],
        |row| {
            Ok(SealedPassword {
                version: row.get(0)?,
                sealed: row.get(1)?,
            })
        },
    )
}

/// Takes an appliance off the list if it has the password up to `version`, and erases the password
/// with the last of its targets.
pub(super) fn delivered(
    connection: &Connection,
    resource: i64,
    appliance: &str,
    version: i64,
) -> Result<()> {
    let taken_off = execute(
        connection,
        "DELETE FROM password_target WHERE resource = ?1 AND appliance = ?2 \
         AND ?3 >= (SELECT version FROM password WHERE resource = ?1)",
        params![resource, appliance, version],
    )?;
    if taken_off > 0 {
        execute(
            connection,
            "DELETE FROM password WHERE resource = ?1 \
             AND NOT EXISTS (SELECT 1 FROM password_target WHERE resource = ?1)",
            [resource],
        )?;
    }
    Ok(())
}

/// Some resources whose passwords are from before a time.
pub(super) fn outlived(connection: &Connection, before_ms: i64, limit: i64) -> Result<Vec<i64>> {
    all(
        connection,
        "SELECT resource FROM password WHERE created_ms < ?1 LIMIT ?2",
        [before_ms, limit],
        |row| Ok(row.get(0)?),
    )
}

/// Erases the passwords of resources, and makes the links due that still waited for them: they may
/// not have been able to take this one, and need another.
pub(super) fn forget(connection: &Connection, resources: &[i64], cause: Cause<'_>) -> Result<()> {
    if resources.is_empty() {
        return Ok(());
    }
    let resources = to_json("list of sequences", resources)?;
    execute(
        connection,
        concat!(
            "UPDATE link SET ",
            become_due!(),
            " WHERE (resource_sequence, appliance) IN (\
                 SELECT resource, appliance FROM password_target \
                 WHERE resource IN (SELECT value FROM json_each(:resources)))"
        ),
        named_params! {
            ":resources": resources,
            ":now_ms": cause.now_ms,
            ":priority": cause.priority,
            ":request_id": cause.request_id,
        },
    )?;
    // Their targets go with them (ON DELETE CASCADE).
    execute(
        connection,
        "DELETE FROM password WHERE resource IN (SELECT value FROM json_each(?1))",
        [resources],
    )?;
    Ok(())
}

fn erase(connection: &Connection, resource: i64) -> Result<()> {
    // Its targets go with it (ON DELETE CASCADE).
    execute(
        connection,
        "DELETE FROM password WHERE resource = ?1",
        [resource],
    )?;
    Ok(())
}
