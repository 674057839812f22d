//! Commands of the directory: creating, changing and removing resources. What they share.

mod create;
mod delete;
mod update;

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::dependents::{self, Users};
use super::links::{self, Cause};
use super::sql::{Result, all, execute, value};
use crate::scim::ResourceKind;
use crate::store::{IndexKeys, Targets};

pub(super) use create::create;
pub(super) use delete::delete;
pub(super) use update::update;

/// The id of the resource that has the name already.
fn name_holder(
    connection: &Connection,
    directory: &str,
    kind: ResourceKind,
    keys: &IndexKeys,
) -> Result<Option<String>> {
    let Some(name) = &keys.name else {
        return Ok(None);
    };
    value(
        connection,
        "SELECT id FROM resource WHERE directory = ?1 AND kind = ?2 AND name = ?3",
        params![directory, kind, name],
    )
}

fn set_emails(
    connection: &Connection,
    directory: &str,
    resource: i64,
    emails: &[String],
) -> Result<()> {
    for email in emails {
        execute(
            connection,
            "INSERT OR IGNORE INTO email (resource, value, directory) VALUES (?1, ?2, ?3)",
            params![resource, email, directory],
        )?;
    }
    Ok(())
}

fn count(connection: &Connection, directory: &str, kind: ResourceKind, delta: i64) -> Result<()> {
    execute(
        connection,
        "INSERT INTO resource_count (directory, kind, total) VALUES (?1, ?2, ?3) \
         ON CONFLICT DO UPDATE SET total = total + excluded.total",
        params![directory, kind, delta],
    )?;
    Ok(())
}

fn ensure_links(
    connection: &Connection,
    resource: i64,
    appliances: &[String],
    cause: Cause<'_>,
) -> Result<()> {
    for appliance in appliances {
        links::ensure(connection, appliance, resource, cause)?;
    }
    Ok(())
}

/// Follows up a user's joining groups in which it was parked.
fn joined_groups(
    connection: &Connection,
    directory: &str,
    user: i64,
    groups: &BTreeSet<i64>,
    targets: &Targets,
    cause: Cause<'_>,
) -> Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    touch(connection, groups, cause.now_ms)?;
    dependents::make_groups_due(connection, groups, None, cause)?;
    let user = Users::Some(BTreeSet::from([user]));
    dependents::make_users_due(connection, directory, &user, &targets.members, cause)
}

/// Gives resources a new version, because rows that their representation shows have changed.
fn touch(connection: &Connection, resources: &BTreeSet<i64>, now_ms: i64) -> Result<()> {
    for resource in resources {
        execute(
            connection,
            "UPDATE resource SET version = version + 1, modified_ms = ?2 WHERE sequence = ?1",
            params![resource, now_ms],
        )?;
    }
    Ok(())
}

fn groups_directly_above(connection: &Connection, sequence: i64) -> Result<BTreeSet<i64>> {
    let groups = all(
        connection,
        "SELECT group_sequence FROM member WHERE member_sequence = ?1",
        [sequence],
        |row| Ok(row.get(0)?),
    )?;
    Ok(groups.into_iter().collect())
}
