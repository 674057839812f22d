//! Reading resources: by index, in pages, in scans, with their relations.

use rusqlite::{Connection, Params, Row, params};

use super::sql::{Result, all, first, value};
use crate::scim::ResourceKind;
use crate::store::{GroupReference, Lookup, MemberReference, Page, Relations, StoredResource};

/// The columns that [`resource_from_row`] reads, of a table or subquery called `r`.
macro_rules! resource_columns {
    () => {
        "r.sequence, r.directory, r.kind, r.id, r.version, r.created_ms, r.modified_ms, \
         r.activations, r.document"
    };
}
pub(super) use resource_columns;

/// How many columns [`resource_columns`] names: further ones start here.
pub(super) const RESOURCE_COLUMNS: usize = 9;

/// A resource without relations.
pub(super) fn resource_from_row(row: &Row<'_>) -> Result<StoredResource> {
    Ok(StoredResource {
        sequence: row.get(0)?,
        directory: row.get(1)?,
        kind: row.get(2)?,
        id: row.get(3)?,
        version: row.get(4)?,
        created_ms: row.get(5)?,
        modified_ms: row.get(6)?,
        activations: row.get(7)?,
        document: row.get(8)?,
        relations: Relations::default(),
    })
}

pub(super) fn by_id(
    connection: &Connection,
    directory: &str,
    kind: ResourceKind,
    id: &str,
) -> Result<Option<StoredResource>> {
    const SQL: &str = concat!(
        "SELECT ",
        resource_columns!(),
        " FROM resource r WHERE r.directory = ?1 AND r.id = ?2 AND r.kind = ?3"
    );
    first(
        connection,
        SQL,
        params![directory, id, kind],
        resource_from_row,
    )
}

pub(super) fn by_sequence(
    connection: &Connection,
    sequence: i64,
) -> Result<Option<StoredResource>> {
    const SQL: &str = concat!(
        "SELECT ",
        resource_columns!(),
        " FROM resource r WHERE r.sequence = ?1"
    );
    first(connection, SQL, [sequence], resource_from_row)
}

pub(super) fn resource(
    connection: &Connection,
    directory: &str,
    kind: ResourceKind,
    id: &str,
    expand: bool,
) -> Result<Option<StoredResource>> {
    let mut found = by_id(connection, directory, kind, id)?;
    if expand && let Some(resource) = &mut found {
        resource.relations = relations(connection, resource)?;
    }
    Ok(found)
}

/// `SELECT … WHERE directory = ?1 AND kind = ?2 AND <condition on ?3>`, oldest first, after ?4.
macro_rules! find {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            resource_columns!(),
            " FROM resource r WHERE r.directory = ?1 AND r.kind = ?2 AND ",
            $condition,
            " AND r.sequence > ?4 ORDER BY r.sequence LIMIT ?5"
        )
    };
}

/// `SELECT … WHERE <sequence among those of a subquery on ?1 and ?3> AND kind = ?2`, oldest first.
macro_rules! find_among {
    ($subquery:literal) => {
        concat!(
            "SELECT ",
            resource_columns!(),
            " FROM resource r WHERE r.sequence IN (",
            $subquery,
            ") AND +r.directory = ?1 AND +r.kind = ?2 AND +r.sequence > ?4 \
             ORDER BY r.sequence LIMIT ?5"
        )
    };
}

/// The statement that answers a look-up, and the key that it takes.
///
/// `+` keeps SQLite from walking over all resources of a kind where it should begin with the few
/// that the subquery names.
pub(super) fn statement(lookup: &Lookup) -> (&'static str, &str) {
    match lookup {
        Lookup::Id(key) => (find!("r.id = ?3"), key),
        Lookup::Name(key) => (find!("r.name = ?3"), key),
        Lookup::DisplayName(key) => (find!("r.display_name = ?3"), key),
        Lookup::ExternalId(key) => (find!("r.external_id = ?3"), key),
        Lookup::Email(key) => (
            find_among!("SELECT resource FROM email WHERE directory = ?1 AND value = ?3"),
            key,
        ),
        Lookup::HasMember(key) => (
            find_among!(
                "SELECT m.group_sequence FROM resource u \
                 JOIN member m ON m.member_sequence = u.sequence \
                 WHERE u.directory = ?1 AND u.id = ?3"
            ),
            key,
        ),
        Lookup::MemberOf(key) => (
            find_among!(
                "SELECT m.member_sequence FROM resource g \
                 JOIN member m ON m.group_sequence = g.sequence \
                 WHERE g.directory = ?1 AND g.id = ?3"
            ),
            key,
        ),
    }
}

/// A look-up, and which of its results are wanted.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) kind: ResourceKind,
    pub(super) lookup: Lookup,
    pub(super) after_sequence: i64,
    pub(super) limit: u32,
    pub(super) expand: bool,
}

pub(super) fn lookup(
    connection: &Connection,
    directory: &str,
    question: &Question,
) -> Result<Vec<StoredResource>> {
    let (sql, key) = statement(&question.lookup);
    list(
        connection,
        sql,
        params![
            directory,
            question.kind,
            key,
            question.after_sequence,
            question.limit
        ],
        question.expand,
    )
}

pub(super) fn page(
    connection: &Connection,
    directory: &str,
    kind: ResourceKind,
    offset: u64,
    limit: u32,
    expand: bool,
) -> Result<Page> {
    // Skips over the narrow index, not over the rows with their documents.
    const SQL: &str = concat!(
        "SELECT ",
        resource_columns!(),
        " FROM resource r WHERE r.sequence IN (SELECT sequence FROM resource \
         WHERE directory = ?1 AND kind = ?2 ORDER BY sequence LIMIT ?3 OFFSET ?4) \
         ORDER BY r.sequence"
    );
    let total: i64 = value(
        connection,
        "SELECT total FROM resource_count WHERE directory = ?1 AND kind = ?2",
        params![directory, kind],
    )?
    .unwrap_or(0);
    let offset = i64::try_from(offset).unwrap_or(i64::MAX);
    let resources = if limit == 0 || offset >= total {
        Vec::new()
    } else {
        list(
            connection,
            SQL,
            params![directory, kind, limit, offset],
            expand,
        )?
    };
    Ok(Page {
        resources,
        total: u64::try_from(total).unwrap_or(0),
    })
}

pub(super) fn scan(
    connection: &Connection,
    directory: &str,
    kind: ResourceKind,
    after_sequence: i64,
    limit: u32,
    expand: bool,
) -> Result<Vec<StoredResource>> {
    const SQL: &str = concat!(
        "SELECT ",
        resource_columns!(),
        " FROM resource r WHERE r.directory = ?1 AND r.kind = ?2 AND r.sequence > ?3 \
         ORDER BY r.sequence LIMIT ?4"
    );
    list(
        connection,
        SQL,
        params![directory, kind, after_sequence, limit],
        expand,
    )
}

fn list(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    expand: bool,
) -> Result<Vec<StoredResource>> {
    let mut resources = all(connection, sql, params, resource_from_row)?;
    if expand {
        for resource in &mut resources {
            resource.relations = relations(connection, resource)?;
        }
    }
    Ok(resources)
}

fn relations(connection: &Connection, resource: &StoredResource) -> Result<Relations> {
    Ok(match resource.kind {
        ResourceKind::User => Relations {
            groups: direct_groups(connection, resource.sequence)?,
            members: Vec::new(),
        },
        ResourceKind::Group => Relations {
            groups: Vec::new(),
            members: members(connection, resource.sequence)?,
        },
    })
}

fn direct_groups(connection: &Connection, sequence: i64) -> Result<Vec<GroupReference>> {
    all(
        connection,
        "SELECT g.id, coalesce(g.display, g.name, g.id), g.external_id, 1 \
         FROM member m JOIN resource g ON g.sequence = m.group_sequence \
         WHERE m.member_sequence = ?1 ORDER BY m.group_sequence",
        [sequence],
        group_from_row,
    )
}

fn members(connection: &Connection, group: i64) -> Result<Vec<MemberReference>> {
    all(
        connection,
        "SELECT r.id, r.kind, coalesce(m.display, r.display) \
         FROM member m JOIN resource r ON r.sequence = m.member_sequence \
         WHERE m.group_sequence = ?1 ORDER BY m.position",
        [group],
        |row| {
            Ok(MemberReference {
                id: row.get(0)?,
                kind: row.get(1)?,
                display: row.get(2)?,
            })
        },
    )
}

/// All groups above a resource. `UNION` drops what has been seen, so that a cycle of groups ends.
pub(super) fn groups_above(connection: &Connection, sequence: i64) -> Result<Vec<GroupReference>> {
    all(
        connection,
        "WITH RECURSIVE above (sequence, direct) AS (\
             SELECT group_sequence, 1 FROM member WHERE member_sequence = ?1 \
             UNION \
             SELECT m.group_sequence, 0 FROM above a \
             JOIN member m ON m.member_sequence = a.sequence) \
         SELECT g.id, coalesce(g.display, g.name, g.id), g.external_id, max(a.direct) \
         FROM above a JOIN resource g ON g.sequence = a.sequence \
         GROUP BY g.sequence ORDER BY g.sequence",
        [sequence],
        group_from_row,
    )
}

fn group_from_row(row: &Row<'_>) -> Result<GroupReference> {
    Ok(GroupReference {
        id: row.get(0)?,
        display: row.get(1)?,
        external_id: row.get(2)?,
        direct: row.get(3)?,
    })
}

/// Whether a group has more members than `limit`.
pub(super) fn has_more_members_than(
    connection: &Connection,
    directory: &str,
    group_id: &str,
    limit: u32,
) -> Result<bool> {
    let beyond: Option<i64> = value(
        connection,
        "SELECT 1 FROM member WHERE group_sequence =
             (SELECT sequence FROM resource WHERE directory = ?1 AND id = ?2)
         LIMIT 1 OFFSET ?3",
        params![directory, group_id, limit],
    )?;
    Ok(beyond.is_some())
}

pub(super) fn effective_groups(
    connection: &Connection,
    directory: &str,
    user_id: &str,
) -> Result<Vec<GroupReference>> {
    let sequence = value(
        connection,
        "SELECT sequence FROM resource WHERE directory = ?1 AND id = ?2",
        params![directory, user_id],
    )?;
    sequence.map_or_else(
        || Ok(Vec::new()),
        |sequence| groups_above(connection, sequence),
    )
}
