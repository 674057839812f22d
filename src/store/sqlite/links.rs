//! Links: reading them, making them due, ending them.

use rusqlite::{Connection, Row, ToSql, named_params, params};

use super::sql::{Result, execute, first, from_json, value};
use super::{claims, guard};
use crate::store::{Link, LinkError, LinkProgress, WriteContext};

/// The columns that [`link_from_row`] reads, of a table called `l`.
macro_rules! link_columns {
    () => {
        "l.id, l.appliance, l.directory, l.kind, l.resource_id, l.desired_generation, \
         l.applied_generation, l.state, l.priority, l.attempts, l.next_attempt_ms, l.since_ms, \
         l.error_class, l.error_message, l.error_ms, l.request_ids, \
         l.remote_id, l.account_key, l.applied, l.account_state, l.ownership, l.intent, \
         l.uncertain, l.password_version, l.applied_activations, l.notes, \
         l.disabling, l.guard_hold, l.former, l.lasting_notes"
    };
}
pub(super) use link_columns;

/// How many columns [`link_columns`] names: further ones start here.
pub(super) const LINK_COLUMNS: usize = 30;

pub(super) fn link_from_row(row: &Row<'_>) -> Result<Link> {
    Ok(Link {
        id: row.get(0)?,
        appliance: row.get(1)?,
        directory: row.get(2)?,
        kind: row.get(3)?,
        resource_id: row.get(4)?,
        desired_generation: row.get(5)?,
        applied_generation: row.get(6)?,
        state: row.get(7)?,
        priority: row.get(8)?,
        attempts: row.get(9)?,
        next_attempt_ms: row.get(10)?,
        since_ms: row.get(11)?,
        error: error_from_row(row)?,
        request_ids: from_json(
            "request list of a link",
            row.get_ref(15)?.as_str().unwrap_or(""),
        )?,
        progress: progress_from_row(row)?,
    })
}

/// How far a link has come.
pub(super) fn progress(connection: &Connection, link: i64) -> Result<LinkProgress> {
    const SQL: &str = concat!("SELECT ", link_columns!(), " FROM link l WHERE l.id = ?1");
    let found = first(connection, SQL, [link], progress_from_row)?;
    found.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

fn error_from_row(row: &Row<'_>) -> Result<Option<LinkError>> {
    let class: Option<String> = row.get(12)?;
    let message: Option<String> = row.get(13)?;
    let at_ms: Option<i64> = row.get(14)?;
    Ok(class.map(|class| LinkError {
        class,
        message: message.unwrap_or_default(),
        at_ms: at_ms.unwrap_or_default(),
    }))
}

fn progress_from_row(row: &Row<'_>) -> Result<LinkProgress> {
    let applied: String = row.get(18)?;
    let intent: Option<String> = row.get(21)?;
    let notes: String = row.get(25)?;
    let guard_hold: Option<String> = row.get(27)?;
    let former: Option<String> = row.get(28)?;
    let lasting_notes: String = row.get(29)?;
    Ok(LinkProgress {
        remote_id: row.get(16)?,
        account_key: row.get(17)?,
        applied: from_json("list of applied fields", &applied)?,
        account_state: row.get(19)?,
        ownership: row.get(20)?,
        intent: intent
            .map(|intent| from_json("intent of a link", &intent))
            .transpose()?,
        uncertain: row.get(22)?,
        disabling: row.get(26)?,
        guard_hold: guard_hold
            .map(|hold| from_json("guard's hold on a link", &hold))
            .transpose()?,
        password_version: row.get(23)?,
        applied_activations: row.get(24)?,
        notes: from_json("list of notes of a link", &notes)?,
        former: former
            .map(|former| from_json("former account of a link", &former))
            .transpose()?,
        lasting_notes: from_json("lasting notes of a link", &lasting_notes)?,
    })
}

/// The priority of a single change; larger numbers come later.
pub(super) const SINGLE_CHANGE: i64 = 0;

/// The priority of a sweep, behind all single changes.
pub(super) const SWEEP: i64 = 1;

/// Why links become due.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause<'a> {
    pub(super) now_ms: i64,
    pub(super) priority: i64,
    pub(super) request_id: Option<&'a str>,
}

impl<'a> Cause<'a> {
    /// A change that a SCIM request made.
    pub(super) fn request(context: &'a WriteContext) -> Self {
        Self {
            now_ms: context.now_ms,
            priority: SINGLE_CHANGE,
            request_id: Some(&context.request_id),
        }
    }

    /// Something that was seen while working on another link.
    pub(super) fn delivery(now_ms: i64) -> Self {
        Self {
            now_ms,
            priority: SINGLE_CHANGE,
            request_id: None,
        }
    }

    /// A sweep.
    pub(super) fn sweep(now_ms: i64) -> Self {
        Self {
            now_ms,
            priority: SWEEP,
            request_id: None,
        }
    }
}

/// The assignments by which a link becomes due; all expressions see the row as it was.
///
/// A link in flight stays so: its attempt works towards an older generation, which is seen when
/// the outcome is recorded. A pending link keeps its place in the queue, or one that is changed
/// again and again would never have its turn. The newest five requests are kept.
macro_rules! become_due {
    () => {
        "desired_generation = desired_generation + 1, \
         since_ms = CASE state WHEN 'in_sync' THEN :now_ms ELSE since_ms END, \
         priority = CASE WHEN state IN ('pending', 'in_flight', 'waiting') \
                    THEN min(priority, :priority) ELSE :priority END, \
         next_attempt_ms = CASE state WHEN 'pending' THEN min(next_attempt_ms, :now_ms) \
                           ELSE :now_ms END, \
         attempts = 0, wait_namespace = NULL, wait_key = NULL, \
         request_ids = CASE \
             WHEN :request_id IS NULL OR json_extract(request_ids, '$[#-1]') IS :request_id \
                 THEN request_ids \
             WHEN json_array_length(request_ids) >= 5 \
                 THEN json_insert(json_remove(request_ids, '$[0]'), '$[#]', :request_id) \
             ELSE json_insert(request_ids, '$[#]', :request_id) END, \
         state = CASE state WHEN 'in_flight' THEN state ELSE 'pending' END"
    };
}
pub(super) use become_due;

/// Makes all links of a resource due.
pub(super) fn make_due(connection: &Connection, resource: i64, cause: Cause<'_>) -> Result<usize> {
    execute(
        connection,
        concat!(
            "UPDATE link SET ",
            become_due!(),
            " WHERE resource_sequence = :resource"
        ),
        named_params! {
            ":resource": resource,
            ":now_ms": cause.now_ms,
            ":priority": cause.priority,
            ":request_id": cause.request_id,
        },
    )
}

/// `INSERT` of links on an appliance for resources that a condition names.
macro_rules! insert_links {
    ($condition:literal, $on_conflict:expr) => {
        concat!(
            "INSERT INTO link (appliance, directory, kind, resource_sequence, resource_id, \
                               priority, next_attempt_ms, since_ms, request_ids) \
             SELECT :appliance, directory, kind, sequence, id, :priority, :now_ms, :now_ms, \
                    CASE WHEN :request_id IS NULL THEN '[]' ELSE json_array(:request_id) END \
             FROM resource WHERE ",
            $condition,
            " ON CONFLICT (resource_sequence, appliance) DO ",
            $on_conflict
        )
    };
}

/// Adds the link of a resource on an appliance if it is missing.
pub(super) fn ensure(
    connection: &Connection,
    appliance: &str,
    resource: i64,
    cause: Cause<'_>,
) -> Result<usize> {
    const SQL: &str = insert_links!("sequence = :resources", "NOTHING");
    insert(connection, SQL, appliance, &resource, cause)
}

/// Adds the links that are missing on an appliance and makes the others due; `resources` is a JSON
/// array of sequences.
pub(super) fn ensure_due(
    connection: &Connection,
    appliance: &str,
    resources: &str,
    cause: Cause<'_>,
) -> Result<usize> {
    const SQL: &str = insert_links!(
        "sequence IN (SELECT value FROM json_each(:resources))",
        concat!("UPDATE SET ", become_due!())
    );
    insert(connection, SQL, appliance, &resources, cause)
}

fn insert(
    connection: &Connection,
    sql: &str,
    appliance: &str,
    resources: &dyn ToSql,
    cause: Cause<'_>,
) -> Result<usize> {
    execute(
        connection,
        sql,
        named_params! {
            ":appliance": appliance,
            ":resources": resources,
            ":now_ms": cause.now_ms,
            ":priority": cause.priority,
            ":request_id": cause.request_id,
        },
    )
}

/// Ends a link: its claims are released, what the guard admitted for it is over, and the tombstone goes with the last link. Whether other
/// links waited for one of its keys and are due now.
pub(super) fn end(connection: &Connection, link: i64, now_ms: i64) -> Result<bool> {
    let woke = claims::keep_only(connection, link, &[], now_ms)?;
    guard::close(connection, link)?;
    let resource: Option<i64> = value(
        connection,
        "DELETE FROM link WHERE id = ?1 RETURNING resource_sequence",
        [link],
    )?;
    if let Some(resource) = resource {
        execute(
            connection,
            "DELETE FROM tombstone WHERE sequence = ?1 \
             AND NOT EXISTS (SELECT 1 FROM link WHERE resource_sequence = ?1)",
            params![resource],
        )?;
    }
    Ok(woke)
}
