//! Recording how an attempt ended, and what follows from it for other links.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params, params};

use super::links::{self, Cause, LINK_COLUMNS, link_columns, link_from_row};
use super::sql::{Result, execute, first, to_json, value};
use super::{claims, dependents, guard, leases, passwords, progress};
use crate::scim::ResourceKind;
use crate::store::{Link, LinkError, LinkState, RecordOutcome, Recorded, Verdict};

pub(super) fn record(connection: &Connection, command: &RecordOutcome) -> Result<Recorded> {
    leases::check(connection, &command.appliance, command.epoch)?;
    let Some((link, resource)) = load(connection, command)? else {
        // Ended in the meantime: its account has been handed over to another link.
        return Ok(Recorded {
            still_due: false,
            woke_others: false,
        });
    };
    record_attempt(connection, command, &link)?;
    let changed = link.desired_generation > command.generation;
    if command.verdict == Verdict::Gone && !(changed && exists(connection, resource)?) {
        return end(connection, command, &link, resource);
    }
    progress::write(connection, &command.appliance, link.id, &command.progress)?;
    guard::settle(connection, command)?;
    if let Some(version) = command.progress.password_version {
        passwords::delivered(connection, resource, &command.appliance, version)?;
    }
    let now_ms = command.now_ms;
    let mut woke_others = claims::keep_only(connection, link.id, &command.keep_claims, now_ms)?;
    woke_others |= announce(connection, command, &link, resource)?;
    if comes_to_rest(&command.verdict) {
        woke_others |= claims::wake_for_kept(connection, link.id, now_ms)?;
    }
    let overtaken = changed || key_is_free(connection, command)?;
    write_standing(connection, link.id, &standing(command, &link, overtaken))?;
    Ok(Recorded {
        still_due: overtaken,
        woke_others,
    })
}

/// Whether the link is left alone after that until something else changes, so that whoever waits
/// for one of its keys may as well know that it keeps it.
fn comes_to_rest(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Done | Verdict::PurgeAt { .. } | Verdict::Hold { .. } | Verdict::Refuse { .. }
    )
}

/// The link and the sequence of its resource.
fn load(connection: &Connection, command: &RecordOutcome) -> Result<Option<(Link, i64)>> {
    const SQL: &str = concat!(
        "SELECT ",
        link_columns!(),
        ", l.resource_sequence FROM link l WHERE l.id = ?1 AND l.appliance = ?2"
    );
    first(
        connection,
        SQL,
        params![command.link_id, command.appliance],
        |row| Ok((link_from_row(row)?, row.get(LINK_COLUMNS)?)),
    )
}

fn exists(connection: &Connection, resource: i64) -> Result<bool> {
    let found: Option<i64> = value(
        connection,
        "SELECT 1 FROM resource WHERE sequence = ?1",
        [resource],
    )?;
    Ok(found.is_some())
}

/// Whether the key that the attempt wants to wait for has been released while it ended.
fn key_is_free(connection: &Connection, command: &RecordOutcome) -> Result<bool> {
    let Verdict::WaitForKey { namespace, key, .. } = &command.verdict else {
        return Ok(false);
    };
    let key = (command.appliance.as_str(), namespace.as_str(), key.as_str());
    Ok(!claims::held_by_another(connection, key, command.link_id)?)
}

fn end(
    connection: &Connection,
    command: &RecordOutcome,
    link: &Link,
    resource: i64,
) -> Result<Recorded> {
    // A password that has nowhere to go is not kept for this appliance.
    passwords::delivered(connection, resource, &command.appliance, i64::MAX)?;
    progress::write(connection, &command.appliance, link.id, &command.progress)?;
    let told = announce(connection, command, link, resource)?;
    let woke = links::end(connection, link.id, command.now_ms)?;
    Ok(Recorded {
        still_due: false,
        woke_others: told || woke,
    })
}

/// Makes the links of the groups due that list an account which came, went, or got another key;
/// whether there are any.
fn announce(
    connection: &Connection,
    command: &RecordOutcome,
    link: &Link,
    resource: i64,
) -> Result<bool> {
    if link.kind != ResourceKind::User || !progress::announce(connection, link.id)? {
        return Ok(false);
    }
    let groups = dependents::make_groups_due(
        connection,
        &BTreeSet::from([resource]),
        Some(&command.appliance),
        Cause::delivery(command.now_ms),
    )?;
    Ok(groups > 0)
}

/// Where a link stands after an attempt.
struct Standing<'a> {
    state: LinkState,
    applied_generation: i64,
    attempts: i64,
    next_attempt_ms: i64,
    since_ms: i64,
    wait: Option<(&'a str, &'a str)>,
    error: Option<LinkError>,
    requests_carried: bool,
}

fn standing<'a>(command: &'a RecordOutcome, link: &Link, overtaken: bool) -> Standing<'a> {
    let now_ms = command.now_ms;
    let mut standing = Standing {
        state: LinkState::Pending,
        applied_generation: link.applied_generation,
        attempts: link.attempts.saturating_add(1),
        next_attempt_ms: now_ms,
        since_ms: link.since_ms,
        wait: None,
        error: error(command),
        requests_carried: false,
    };
    match &command.verdict {
        Verdict::Done => {
            standing.reach(command.generation, overtaken);
            standing.state = LinkState::InSync;
            standing.since_ms = if overtaken { link.since_ms } else { now_ms };
        }
        Verdict::PurgeAt { at_ms } => {
            standing.reach(command.generation, overtaken);
            standing.state = LinkState::PurgeWaiting;
            standing.next_attempt_ms = *at_ms;
        }
        Verdict::Retry { at_ms, .. } => standing.next_attempt_ms = *at_ms,
        Verdict::WaitForKey {
            namespace,
            key,
            until_ms,
            ..
        } => {
            standing.state = LinkState::Waiting;
            standing.next_attempt_ms = *until_ms;
            standing.wait = Some((namespace, key));
        }
        Verdict::Hold { .. } => standing.state = LinkState::Held,
        Verdict::Refuse { .. } => standing.state = LinkState::Refused,
        // Only if the resource came back into scope during the attempt: `overtaken` decides.
        Verdict::Gone => {}
    }
    if overtaken {
        standing.state = LinkState::Pending;
        standing.next_attempt_ms = now_ms;
        standing.wait = None;
    }
    standing
}

impl Standing<'_> {
    /// The appliance is as `generation` wants it. The requests are carried, unless newer ones have
    /// joined them.
    fn reach(&mut self, generation: i64, overtaken: bool) {
        self.applied_generation = generation;
        self.attempts = 0;
        self.requests_carried = !overtaken;
    }
}

fn error(command: &RecordOutcome) -> Option<LinkError> {
    let (class, message) = class_and_message(&command.verdict)?;
    Some(LinkError {
        class: class.to_owned(),
        message: message.to_owned(),
        at_ms: command.now_ms,
    })
}

fn class_and_message(verdict: &Verdict) -> Option<(&str, &str)> {
    match verdict {
        Verdict::Retry { class, message, .. }
        | Verdict::WaitForKey { class, message, .. }
        | Verdict::Hold { class, message }
        | Verdict::Refuse { class, message } => Some((class, message)),

        Verdict::Done | Verdict::PurgeAt { .. } | Verdict::Gone => None,
    }
}

fn write_standing(connection: &Connection, link: i64, standing: &Standing<'_>) -> Result<()> {
    let error = standing.error.as_ref();
    execute(
        connection,
        "UPDATE link SET state = :state, applied_generation = :applied_generation, \
             attempts = :attempts, next_attempt_ms = :next_attempt_ms, since_ms = :since_ms, \
             wait_namespace = :wait_namespace, wait_key = :wait_key, \
             error_class = :error_class, error_message = :error_message, error_ms = :error_ms, \
             request_ids = CASE WHEN :requests_carried THEN '[]' ELSE request_ids END \
         WHERE id = :link",
        named_params! {
            ":link": link,
            ":state": standing.state,
            ":applied_generation": standing.applied_generation,
            ":attempts": standing.attempts,
            ":next_attempt_ms": standing.next_attempt_ms,
            ":since_ms": standing.since_ms,
            ":wait_namespace": standing.wait.map(|wait| wait.0),
            ":wait_key": standing.wait.map(|wait| wait.1),
            ":error_class": error.map(|error| &error.class),
            ":error_message": error.map(|error| &error.message),
            ":error_ms": error.map(|error| error.at_ms),
            ":requests_carried": standing.requests_carried,
        },
    )?;
    Ok(())
}

fn record_attempt(connection: &Connection, command: &RecordOutcome, link: &Link) -> Result<()> {
    let verdict = match command.verdict {
        Verdict::Done => "done",
        Verdict::Retry { .. } => "retry",
        Verdict::WaitForKey { .. } => "wait_for_key",
        Verdict::Hold { .. } => "hold",
        Verdict::Refuse { .. } => "refuse",
        Verdict::PurgeAt { .. } => "purge_at",
        Verdict::Gone => "gone",
    };
    let reason = class_and_message(&command.verdict);
    execute(
        connection,
        "INSERT INTO attempt (link, appliance, directory, resource_id, generation, verdict, \
                              class, message, started_ms, duration_ms, request_ids) \
         VALUES (:link, :appliance, :directory, :resource, :generation, :verdict, \
                 :class, :message, :started_ms, :duration_ms, :request_ids)",
        named_params! {
            ":link": link.id,
            ":appliance": link.appliance,
            ":directory": link.directory,
            ":resource": link.resource_id,
            ":generation": command.generation,
            ":verdict": verdict,
            ":class": reason.map(|reason| reason.0),
            ":message": reason.map(|reason| reason.1),
            ":started_ms": command.started_ms,
            ":duration_ms": command.now_ms.saturating_sub(command.started_ms).max(0),
            ":request_ids": to_json("request list of a link", &link.request_ids)?,
        },
    )?;
    Ok(())
}
