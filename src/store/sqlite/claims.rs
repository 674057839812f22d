//! Claims: which link holds which account key, and who waits for it.

use rusqlite::{Connection, Row, params};

use super::leases;
use super::sql::{Result, all, execute, first, value};
use crate::scim::ResourceKind;
use crate::store::{Claim, ClaimHolder, ClaimKey, ClaimOutcome, KeySuffix};

/// How far a chain of waiting links is followed. A cycle of renames longer than this is found from
/// one of its other links, or ends when their waiting times out.
const LONGEST_CHAIN: usize = 64;

pub(super) fn claim(connection: &Connection, command: &ClaimKey) -> Result<ClaimOutcome> {
    leases::check(connection, &command.appliance, command.epoch)?;
    let key = (
        command.appliance.as_str(),
        command.namespace.as_str(),
        command.key.as_str(),
    );
    match holder_link(connection, key)? {
        Some(link) if link == command.link_id => {
            note_suffix(connection, key, command.suffix.as_ref())?;
            Ok(ClaimOutcome::Claimed)
        }
        Some(link) => {
            let waits_for_us = leads_to(connection, &command.appliance, link, command.link_id)?;
            Ok(ClaimOutcome::HeldBy(holder(
                connection,
                link,
                waits_for_us,
            )?))
        }
        None => {
            execute(
                connection,
                "INSERT INTO claim (appliance, namespace, key, link) VALUES (?1, ?2, ?3, ?4)",
                params![key.0, key.1, key.2, command.link_id],
            )?;
            note_suffix(connection, key, command.suffix.as_ref())?;
            Ok(ClaimOutcome::Claimed)
        }
    }
}

fn note_suffix(
    connection: &Connection,
    key: (&str, &str, &str),
    suffix: Option<&KeySuffix>,
) -> Result<()> {
    if let Some(suffix) = suffix {
        execute(
            connection,
            "UPDATE claim SET suffix_base = ?4, suffix_number = ?5 \
             WHERE appliance = ?1 AND namespace = ?2 AND key = ?3",
            params![key.0, key.1, key.2, suffix.base, suffix.number],
        )?;
    }
    Ok(())
}

/// The link that holds a key, given as (appliance, name space, folded key).
fn holder_link(connection: &Connection, key: (&str, &str, &str)) -> Result<Option<i64>> {
    value(
        connection,
        "SELECT link FROM claim WHERE appliance = ?1 AND namespace = ?2 AND key = ?3",
        params![key.0, key.1, key.2],
    )
}

/// Who holds a key.
pub(super) fn key_holder(
    connection: &Connection,
    key: (&str, &str, &str),
) -> Result<Option<ClaimHolder>> {
    holder_link(connection, key)?
        .map(|link| holder(connection, link, false))
        .transpose()
}

/// Whether a link other than `link` holds a key.
pub(super) fn held_by_another(
    connection: &Connection,
    key: (&str, &str, &str),
    link: i64,
) -> Result<bool> {
    Ok(holder_link(connection, key)?.is_some_and(|holder| holder != link))
}

fn holder(connection: &Connection, link: i64, waits_for_us: bool) -> Result<ClaimHolder> {
    let found = first(
        connection,
        "SELECT l.directory, l.resource_id, l.state, \
                CASE WHEN r.sequence IS NULL THEN t.external_id ELSE r.external_id END, \
                r.sequence IS NULL, l.remote_id IS NOT NULL, \
                CASE l.kind \
                     WHEN 'User' THEN coalesce(r.name, t.name, r.display, t.display, '') \
                     ELSE coalesce(r.display, t.display, r.name, t.name, '') END \
         FROM link l LEFT JOIN resource r ON r.sequence = l.resource_sequence \
         LEFT JOIN tombstone t ON t.sequence = l.resource_sequence WHERE l.id = ?1",
        [link],
        |row| {
            Ok(ClaimHolder {
                link_id: link,
                directory: row.get(0)?,
                resource_id: row.get(1)?,
                state: row.get(2)?,
                external_id: row.get(3)?,
                deleted: row.get(4)?,
                has_account: row.get(5)?,
                name: row.get(6)?,
                waits_for_us,
            })
        },
    )?;
    // A claim goes with its link (ON DELETE CASCADE), so the link is there.
    found.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// Whether `from` waits for a key of `to`, directly or through the holders of the keys between.
fn leads_to(connection: &Connection, appliance: &str, from: i64, to: i64) -> Result<bool> {
    let mut link = from;
    for _ in 0..LONGEST_CHAIN {
        let next = value(
            connection,
            "SELECT c.link FROM link l JOIN claim c \
             ON c.appliance = l.appliance AND c.namespace = l.wait_namespace \
                AND c.key = l.wait_key \
             WHERE l.id = ?1 AND l.appliance = ?2",
            params![link, appliance],
        )?;
        match next {
            Some(next) if next == to => return Ok(true),
            Some(next) => link = next,
            None => return Ok(false),
        }
    }
    Ok(false)
}

/// The keys that a link holds.
pub(super) fn of_link(connection: &Connection, link: i64) -> Result<Vec<Claim>> {
    all(
        connection,
        "SELECT namespace, key, suffix_base, suffix_number FROM claim WHERE link = ?1",
        [link],
        claim_from_row,
    )
}

/// The keys that the link of a resource holds on an appliance.
pub(super) fn of_resource(
    connection: &Connection,
    appliance: &str,
    resource_id: &str,
) -> Result<Vec<Claim>> {
    all(
        connection,
        "SELECT c.namespace, c.key, c.suffix_base, c.suffix_number \
         FROM resource r JOIN link l ON l.resource_sequence = r.sequence AND l.appliance = ?1 \
         JOIN claim c ON c.link = l.id WHERE r.id = ?2",
        params![appliance, resource_id],
        claim_from_row,
    )
}

fn claim_from_row(row: &Row<'_>) -> Result<Claim> {
    let base: Option<String> = row.get(2)?;
    let number: Option<u32> = row.get(3)?;
    Ok(Claim {
        namespace: row.get(0)?,
        key: row.get(1)?,
        suffix: base
            .zip(number)
            .map(|(base, number)| KeySuffix { base, number }),
    })
}

/// How many links of groups above a user's, on the same appliance, have yet to be worked on.
pub(super) fn unsettled_groups(connection: &Connection, link: i64) -> Result<u64> {
    let count: Option<i64> = value(
        connection,
        "WITH RECURSIVE above (sequence) AS (\
             SELECT m.group_sequence FROM link l \
             JOIN member m ON m.member_sequence = l.resource_sequence WHERE l.id = ?1 \
             UNION \
             SELECT m.group_sequence FROM above a \
             JOIN member m ON m.member_sequence = a.sequence) \
         SELECT count(*) FROM above a \
         JOIN link g ON g.resource_sequence = a.sequence AND g.kind = ?2 \
         JOIN link l ON l.id = ?1 AND l.appliance = g.appliance \
         WHERE g.state IN ('pending', 'in_flight')",
        params![link, ResourceKind::Group],
    )?;
    Ok(count
        .and_then(|count| u64::try_from(count).ok())
        .unwrap_or(0))
}

/// Releases the claims of a link but those in `keep`, and wakes the links that waited for them;
/// whether there were any.
pub(super) fn keep_only(
    connection: &Connection,
    link: i64,
    keep: &[Claim],
    now_ms: i64,
) -> Result<bool> {
    let held: Vec<(String, String, String)> = all(
        connection,
        "SELECT appliance, namespace, key FROM claim WHERE link = ?1",
        [link],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut woke = false;
    for (appliance, namespace, key) in held {
        if keep
            .iter()
            .any(|kept| kept.namespace == namespace && kept.key == key)
        {
            continue;
        }
        execute(
            connection,
            "DELETE FROM claim WHERE appliance = ?1 AND namespace = ?2 AND key = ?3",
            params![appliance, namespace, key],
        )?;
        woke |= wake(connection, (&appliance, &namespace, &key), now_ms)? > 0;
    }
    Ok(woke)
}

/// Wakes the links that wait for keys which a link keeps; whether there were any.
pub(super) fn wake_for_kept(connection: &Connection, link: i64, now_ms: i64) -> Result<bool> {
    let woken = execute(
        connection,
        "UPDATE link SET state = 'pending', next_attempt_ms = ?2, \
                         wait_namespace = NULL, wait_key = NULL \
         WHERE id IN (SELECT w.id FROM claim c \
                      JOIN link w ON w.appliance = c.appliance \
                           AND w.wait_namespace = c.namespace AND w.wait_key = c.key \
                      WHERE c.link = ?1 AND w.state = 'waiting')",
        params![link, now_ms],
    )?;
    Ok(woken > 0)
}

/// Makes the links due that wait for a key; how many.
fn wake(connection: &Connection, key: (&str, &str, &str), now_ms: i64) -> Result<usize> {
    execute(
        connection,
        "UPDATE link SET state = 'pending', next_attempt_ms = ?4, \
                         wait_namespace = NULL, wait_key = NULL \
         WHERE appliance = ?1 AND wait_namespace = ?2 AND wait_key = ?3 AND state = 'waiting'",
        params![key.0, key.1, key.2, now_ms],
    )
}

/// Hands all claims of a link over to another.
pub(super) fn hand_over(connection: &Connection, from: i64, to: i64) -> Result<()> {
    execute(
        connection,
        "UPDATE claim SET link = ?2 WHERE link = ?1",
        [from, to],
    )?;
    Ok(())
}
