//! Reading everything that an attempt at a link needs.

use rusqlite::{Connection, params};

use super::links::{LINK_COLUMNS, link_columns, link_from_row};
use super::sql::{Result, all, first};
use super::{claims, lookups, passwords};
use crate::scim::ResourceKind;
use crate::store::{LinkWork, LinkedMember, Tombstone};

/// The work of links, in the order given; a link that has ended in the meantime is left out.
pub(super) fn read(connection: &Connection, links: &[i64]) -> Result<Vec<LinkWork>> {
    let mut work = Vec::with_capacity(links.len());
    for link in links {
        work.extend(read_one(connection, *link)?);
    }
    Ok(work)
}

fn read_one(connection: &Connection, link: i64) -> Result<Option<LinkWork>> {
    const SQL: &str = concat!(
        "SELECT ",
        link_columns!(),
        ", l.resource_sequence FROM link l WHERE l.id = ?1"
    );
    let found = first(connection, SQL, [link], |row| {
        Ok((link_from_row(row)?, row.get::<_, i64>(LINK_COLUMNS)?))
    })?;
    let Some((link, sequence)) = found else {
        return Ok(None);
    };
    let mut work = LinkWork {
        resource: lookups::by_sequence(connection, sequence)?,
        tombstone: None,
        groups: Vec::new(),
        members: Vec::new(),
        password: None,
        claims: claims::of_link(connection, link.id)?,
        link,
    };
    if work.resource.is_none() {
        work.tombstone = tombstone(connection, sequence)?;
        return Ok(Some(work));
    }
    match work.link.kind {
        ResourceKind::User => {
            work.groups = lookups::groups_above(connection, sequence)?;
            work.password = passwords::waiting(connection, sequence, &work.link.appliance)?;
        }
        ResourceKind::Group => {
            work.members = linked_members(connection, sequence, &work.link.appliance)?;
        }
    }
    Ok(Some(work))
}

fn tombstone(connection: &Connection, sequence: i64) -> Result<Option<Tombstone>> {
    first(
        connection,
        "SELECT document, external_id, deleted_ms FROM tombstone WHERE sequence = ?1",
        [sequence],
        |row| {
            Ok(Tombstone {
                document: row.get(0)?,
                external_id: row.get(1)?,
                deleted_ms: row.get(2)?,
            })
        },
    )
}

/// All users in a group, nested ones too, with their accounts on an appliance.
fn linked_members(
    connection: &Connection,
    group: i64,
    appliance: &str,
) -> Result<Vec<LinkedMember>> {
    all(
        connection,
        "WITH RECURSIVE below (sequence) AS (\
             SELECT member_sequence FROM member WHERE group_sequence = ?1 \
             UNION \
             SELECT m.member_sequence FROM below b \
             JOIN member m ON m.group_sequence = b.sequence) \
         SELECT r.id, l.remote_id, l.account_key \
         FROM below b JOIN resource r ON r.sequence = b.sequence \
         LEFT JOIN link l ON l.resource_sequence = r.sequence AND l.appliance = ?2 \
         WHERE r.kind = 'User' ORDER BY r.sequence",
        params![group, appliance],
        |row| {
            Ok(LinkedMember {
                resource_id: row.get(0)?,
                remote_id: row.get(1)?,
                account_key: row.get(2)?,
            })
        },
    )
}
