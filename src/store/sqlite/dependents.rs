//! Links that depend on memberships: groups above a resource, users below a group.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params, params};

use super::links::{self, Cause, become_due};
use super::sql::{Result, all, execute, to_json};
use super::sweeps;
use crate::scim::ResourceKind;
use crate::store::SweepKind;

/// A command makes at most the links of so many users due by itself; beyond it a sweep does, which
/// works in batches behind single changes and keeps the writer free.
const USERS_PER_COMMAND: u16 = 500;

/// Users whose links depend on a group.
#[derive(Debug)]
pub(super) enum Users {
    /// These (sequences).
    Some(BTreeSet<i64>),
    /// More than a command makes due by itself.
    Many,
}

/// The users among `roots` and below the groups among them.
pub(super) fn users_below(connection: &Connection, roots: &BTreeSet<i64>) -> Result<Users> {
    if roots.is_empty() {
        return Ok(Users::Some(BTreeSet::new()));
    }
    let users = all(
        connection,
        "WITH RECURSIVE below (sequence) AS (\
             SELECT value FROM json_each(?1) \
             UNION \
             SELECT m.member_sequence FROM below b \
             JOIN member m ON m.group_sequence = b.sequence) \
         SELECT b.sequence FROM below b JOIN resource r ON r.sequence = b.sequence \
         WHERE r.kind = 'User' LIMIT ?2",
        params![to_json("list of sequences", roots)?, USERS_PER_COMMAND + 1],
        |row| Ok(row.get(0)?),
    )?;
    if users.len() > usize::from(USERS_PER_COMMAND) {
        return Ok(Users::Many);
    }
    Ok(Users::Some(users.into_iter().collect()))
}

/// Makes the links of users due on appliances that look at memberships.
pub(super) fn make_users_due(
    connection: &Connection,
    directory: &str,
    users: &Users,
    appliances: &[String],
    cause: Cause<'_>,
) -> Result<()> {
    match users {
        Users::Some(users) if users.is_empty() => {}
        Users::Some(users) => {
            let users = to_json("list of sequences", users)?;
            for appliance in appliances {
                links::ensure_due(connection, appliance, &users, cause)?;
            }
        }
        Users::Many => {
            for appliance in appliances {
                sweeps::add(
                    connection,
                    appliance,
                    directory,
                    ResourceKind::User,
                    SweepKind::MakeDue,
                    cause.now_ms,
                )?;
            }
        }
    }
    Ok(())
}

/// Makes the links of groups due, those among `roots` and those above any of the roots, on one
/// appliance or on all; how many links.
pub(super) fn make_groups_due(
    connection: &Connection,
    roots: &BTreeSet<i64>,
    appliance: Option<&str>,
    cause: Cause<'_>,
) -> Result<usize> {
    if roots.is_empty() {
        return Ok(0);
    }
    execute(
        connection,
        concat!(
            "WITH RECURSIVE above (sequence) AS (\
                 SELECT value FROM json_each(:roots) \
                 UNION \
                 SELECT m.group_sequence FROM above a \
                 JOIN member m ON m.member_sequence = a.sequence) \
             UPDATE link SET ",
            become_due!(),
            " WHERE resource_sequence IN (SELECT sequence FROM above) AND kind = 'Group' \
               AND (:appliance IS NULL OR appliance = :appliance)"
        ),
        named_params! {
            ":roots": to_json("list of sequences", roots)?,
            ":appliance": appliance,
            ":now_ms": cause.now_ms,
            ":priority": cause.priority,
            ":request_id": cause.request_id,
        },
    )
}
