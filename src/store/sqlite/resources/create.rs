//! Creating a resource.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::{count, ensure_links, joined_groups, name_holder, set_emails};
use crate::scim::ResourceKind;
use crate::store::sqlite::audit::{self, Action};
use crate::store::sqlite::links::Cause;
use crate::store::sqlite::members::{self, Group, MemberChange};
use crate::store::sqlite::sql::{Result, execute};
use crate::store::sqlite::{dependents, parked, passwords};
use crate::store::{CreateOutcome, CreateResource, MemberDelta, Relations, StoredResource};

pub(in crate::store::sqlite) fn create(
    connection: &Connection,
    command: &CreateResource,
) -> Result<CreateOutcome> {
    let (directory, kind) = (command.directory.as_str(), command.kind);
    let now_ms = command.context.now_ms;
    let Some(sequence) = insert(connection, command)? else {
        let holder = name_holder(connection, directory, kind, &command.keys)?;
        return Ok(CreateOutcome::NameTaken(holder.unwrap_or_default()));
    };
    set_emails(connection, directory, sequence, &command.keys.emails)?;
    count(connection, directory, kind, 1)?;
    if let Some((sealed, targets)) = &command.password {
        passwords::store(connection, directory, sequence, sealed, targets, now_ms)?;
    }
    let change = match kind {
        ResourceKind::Group if !command.members.is_empty() => {
            let group = Group {
                sequence,
                directory,
                match_by_name: command.match_parked_by_name,
            };
            let members = MemberDelta::Add(command.members.clone());
            members::apply(connection, group, &[members], now_ms)?
        }
        _ => MemberChange::default(),
    };
    let joined = match kind {
        ResourceKind::User => parked::link_user(
            connection,
            directory,
            sequence,
            &command.keys,
            command.match_parked_by_name,
        )?,
        ResourceKind::Group => BTreeSet::new(),
    };
    let cause = Cause::request(&command.context);
    ensure_links(connection, sequence, &command.targets.ensure, cause)?;
    joined_groups(
        connection,
        directory,
        sequence,
        &joined,
        &command.targets,
        cause,
    )?;
    let users = dependents::users_below(connection, &change.concerned())?;
    dependents::make_users_due(
        connection,
        directory,
        &users,
        &command.targets.members,
        cause,
    )?;
    audit::record(
        connection,
        &command.context,
        Action::Create,
        directory,
        kind,
        &command.id,
    )?;
    Ok(CreateOutcome::Created(Box::new(StoredResource {
        sequence,
        kind,
        version: 1,
        created_ms: now_ms,
        modified_ms: now_ms,
        activations: 0,
        directory: command.directory.clone(),
        id: command.id.clone(),
        document: command.document.clone(),
        relations: Relations::default(),
    })))
}

/// The new resource's sequence; `None` if its name is taken.
fn insert(connection: &Connection, command: &CreateResource) -> Result<Option<i64>> {
    let inserted = execute(
        connection,
        "INSERT INTO resource (directory, kind, id, version, created_ms, modified_ms, name, \
                               display_name, display, external_id, document) \
         VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5, ?6, ?7, ?8, ?9) \
         ON CONFLICT (directory, kind, name) WHERE name IS NOT NULL DO NOTHING",
        params![
            command.directory,
            command.kind,
            command.id,
            command.context.now_ms,
            command.keys.name,
            command.keys.display_name,
            command.keys.display,
            command.keys.external_id,
            command.document
        ],
    )?;
    Ok((inserted > 0).then(|| connection.last_insert_rowid()))
}
