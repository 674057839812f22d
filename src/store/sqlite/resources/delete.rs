//! Removing a resource.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::{count, groups_directly_above, touch};
use crate::scim::ResourceKind;
use crate::store::sqlite::audit::{self, Action};
use crate::store::sqlite::dependents;
use crate::store::sqlite::links::{self, Cause};
use crate::store::sqlite::sql::{Result, execute, first};
use crate::store::{DeleteOutcome, DeleteResource};

pub(in crate::store::sqlite) fn delete(
    connection: &Connection,
    command: &DeleteResource,
) -> Result<DeleteOutcome> {
    let (directory, kind) = (command.directory.as_str(), command.kind);
    let standing: Option<(i64, i64)> = first(
        connection,
        "SELECT sequence, version FROM resource WHERE directory = ?1 AND id = ?2 AND kind = ?3",
        params![directory, command.id, kind],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some((sequence, version)) = standing else {
        return Ok(DeleteOutcome::NotFound);
    };
    if command
        .expected_version
        .is_some_and(|expected| expected != version)
    {
        return Ok(DeleteOutcome::VersionMismatch);
    }
    let cause = Cause::request(&command.context);
    // Read and followed up before the member rows go.
    let above = groups_directly_above(connection, sequence)?;
    touch(connection, &above, cause.now_ms)?;
    dependents::make_groups_due(connection, &above, None, cause)?;
    if kind == ResourceKind::Group && !command.targets.members.is_empty() {
        let users = dependents::users_below(connection, &BTreeSet::from([sequence]))?;
        let appliances = &command.targets.members;
        dependents::make_users_due(connection, directory, &users, appliances, cause)?;
    }
    bury(connection, sequence, cause)?;
    // Emails, members, parked members and passwords go with it (ON DELETE CASCADE).
    execute(
        connection,
        "DELETE FROM resource WHERE sequence = ?1",
        [sequence],
    )?;
    count(connection, directory, kind, -1)?;
    audit::record(
        connection,
        &command.context,
        Action::Delete,
        directory,
        kind,
        &command.id,
    )?;
    Ok(DeleteOutcome::Deleted)
}

/// Drops the links that have nothing on their appliance; the others become due, and a tombstone
/// says what they were. A link in flight may be about to write: it is asked again afterwards.
fn bury(connection: &Connection, sequence: i64, cause: Cause<'_>) -> Result<()> {
    execute(
        connection,
        "DELETE FROM link WHERE resource_sequence = ?1 AND state <> 'in_flight' \
         AND remote_id IS NULL AND intent IS NULL AND uncertain = 0 \
         AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.link = link.id)",
        [sequence],
    )?;
    let left = links::make_due(connection, sequence, cause)?;
    if left > 0 {
        execute(
            connection,
            "INSERT INTO tombstone \
                 (sequence, directory, kind, id, name, display, external_id, deleted_ms, document) \
             SELECT sequence, directory, kind, id, name, display, external_id, ?2, document \
             FROM resource WHERE sequence = ?1",
            params![sequence, cause.now_ms],
        )?;
    }
    Ok(())
}
