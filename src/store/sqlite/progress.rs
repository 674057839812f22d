//! How far a link has come: what attempts write between two calls and at their end.

use rusqlite::{Connection, named_params, params};

use super::sql::{Result, execute, to_json, value};
use super::{claims, leases, links};
use crate::store::{Inheritance, Intent, LinkProgress, LinkState, StoreError};

/// Saves progress while the work goes on.
pub(super) fn checkpoint(
    connection: &Connection,
    appliance: &str,
    epoch: i64,
    link: i64,
    progress: &LinkProgress,
) -> Result<()> {
    leases::check(connection, appliance, epoch)?;
    found(link, write(connection, appliance, link, progress)?)
}

/// Records a creation that is about to be tried.
pub(super) fn record_intent(
    connection: &Connection,
    appliance: &str,
    epoch: i64,
    link: i64,
    intent: &Intent,
) -> Result<()> {
    leases::check(connection, appliance, epoch)?;
    let written = execute(
        connection,
        "UPDATE link SET intent = ?3 WHERE id = ?1 AND appliance = ?2",
        params![link, appliance, to_json("intent of a link", intent)?],
    )?;
    found(link, written)
}

/// Writes all of a link's progress; how many links that were.
pub(super) fn write(
    connection: &Connection,
    appliance: &str,
    link: i64,
    progress: &LinkProgress,
) -> Result<usize> {
    let intent = progress.intent.as_ref();
    let guard_hold = progress.guard_hold.as_ref();
    let former = progress.former.as_ref();
    execute(
        connection,
        "UPDATE link SET remote_id = :remote_id, account_key = :account_key, applied = :applied, \
             account_state = :account_state, ownership = :ownership, intent = :intent, \
             uncertain = :uncertain, disabling = :disabling, guard_hold = :guard_hold, \
             password_version = :password_version, \
             applied_activations = :applied_activations, notes = :notes, \
             former = :former, lasting_notes = :lasting_notes \
         WHERE id = :link AND appliance = :appliance",
        named_params! {
            ":link": link,
            ":appliance": appliance,
            ":remote_id": progress.remote_id,
            ":account_key": progress.account_key,
            ":applied": to_json("list of applied fields", &progress.applied)?,
            ":account_state": progress.account_state,
            ":ownership": progress.ownership,
            ":intent": intent.map(|intent| to_json("intent of a link", intent)).transpose()?,
            ":uncertain": progress.uncertain,
            ":disabling": progress.disabling,
            ":guard_hold": guard_hold
                .map(|hold| to_json("guard's hold on a link", hold))
                .transpose()?,
            ":password_version": progress.password_version,
            ":applied_activations": progress.applied_activations,
            ":notes": to_json("list of notes of a link", &progress.notes)?,
            ":former": former
                .map(|former| to_json("former account of a link", former))
                .transpose()?,
            ":lasting_notes": to_json("lasting notes of a link", &progress.lasting_notes)?,
        },
    )
}

/// Notes the account as it is now for the groups that list it; whether they were told otherwise
/// before. Kept apart from the account itself, because checkpoints and hand-overs write that too.
pub(super) fn announce(connection: &Connection, link: i64) -> Result<bool> {
    let announced = execute(
        connection,
        "UPDATE link SET announced_remote_id = remote_id, announced_account_key = account_key \
         WHERE id = ?1 AND (announced_remote_id IS NOT remote_id \
                            OR announced_account_key IS NOT account_key)",
        [link],
    )?;
    Ok(announced > 0)
}

/// Hands the account of one link over to another and ends the first, unless the first is at work:
/// whoever saw it rest may have been overtaken by the purge that takes the account away.
pub(super) fn inherit(
    connection: &Connection,
    appliance: &str,
    epoch: i64,
    from: i64,
    to: i64,
) -> Result<Inheritance> {
    leases::check(connection, appliance, epoch)?;
    let giver: Option<LinkState> = value(
        connection,
        "SELECT state FROM link WHERE id = ?1 AND appliance = ?2",
        params![from, appliance],
    )?;
    if giver.is_none_or(|state| state == LinkState::InFlight) {
        return Ok(Inheritance::Busy);
    }
    // Versions of passwords and counts of activations belong to the old resource; the new one
    // begins its own.
    let inherited = execute(
        connection,
        "UPDATE link SET (remote_id, account_key, applied, account_state, ownership, intent, \
                          uncertain, disabling, former) = \
             (SELECT remote_id, account_key, applied, account_state, ownership, intent, \
                     uncertain, disabling, former FROM link WHERE id = ?1) \
         WHERE id = ?2 AND appliance = ?3",
        params![from, to, appliance],
    )?;
    found(to, inherited)?;
    claims::hand_over(connection, from, to)?;
    // It has no claims left whose release could wake anybody, so the time does not matter.
    links::end(connection, from, 0)?;
    Ok(Inheritance::HandedOver {
        progress: Box::new(links::progress(connection, to)?),
        claims: claims::of_link(connection, to)?,
    })
}

fn found(link: i64, rows: usize) -> Result<()> {
    if rows > 0 {
        return Ok(());
    }
    Err(StoreError::Corrupt {
        what: "link",
        message: format!("there is no link {link} on this appliance"),
    }
    .into())
}
