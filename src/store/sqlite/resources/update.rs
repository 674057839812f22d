//! Changing a resource.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::{ensure_links, groups_directly_above, joined_groups, name_holder, set_emails};
use crate::scim::ResourceKind;
use crate::store::sqlite::audit::{self, Action};
use crate::store::sqlite::links::{self, Cause};
use crate::store::sqlite::lookups::{RESOURCE_COLUMNS, resource_columns, resource_from_row};
use crate::store::sqlite::members::{self, Group, MemberChange};
use crate::store::sqlite::sql::{Result, all, execute, first};
use crate::store::sqlite::{dependents, parked, passwords};
use crate::store::{IndexKeys, StoredResource, UpdateOutcome, UpdateResource};

/// A resource as a command finds it.
struct Current {
    resource: StoredResource,
    keys: IndexKeys,
}

fn current(
    connection: &Connection,
    directory: &str,
    kind: ResourceKind,
    id: &str,
) -> Result<Option<Current>> {
    const SQL: &str = concat!(
        "SELECT ",
        resource_columns!(),
        ", r.name, r.display_name, r.display, r.external_id \
         FROM resource r WHERE r.directory = ?1 AND r.id = ?2 AND r.kind = ?3"
    );
    let found = first(connection, SQL, params![directory, id, kind], |row| {
        Ok(Current {
            resource: resource_from_row(row)?,
            keys: IndexKeys {
                name: row.get(RESOURCE_COLUMNS)?,
                display_name: row.get(RESOURCE_COLUMNS + 1)?,
                display: row.get(RESOURCE_COLUMNS + 2)?,
                external_id: row.get(RESOURCE_COLUMNS + 3)?,
                emails: Vec::new(),
            },
        })
    })?;
    let Some(mut current) = found else {
        return Ok(None);
    };
    current.keys.emails = all(
        connection,
        "SELECT value FROM email WHERE resource = ?1",
        [current.resource.sequence],
        |row| Ok(row.get(0)?),
    )?;
    Ok(Some(current))
}

pub(in crate::store::sqlite) fn update(
    connection: &Connection,
    command: &UpdateResource,
) -> Result<UpdateOutcome> {
    let (directory, kind) = (command.directory.as_str(), command.kind);
    let Some(before) = current(connection, directory, kind, &command.id)? else {
        return Ok(UpdateOutcome::NotFound);
    };
    if command
        .expected_version
        .is_some_and(|version| version != before.resource.version)
    {
        return Ok(UpdateOutcome::VersionMismatch);
    }
    if let Some((_, keys)) = &command.document
        && keys.name != before.keys.name
        && let Some(holder) = name_holder(connection, directory, kind, keys)?
    {
        return Ok(UpdateOutcome::NameTaken(holder));
    }
    let effect = apply_update(connection, command, &before)?;
    let mut resource = before.resource;
    if effect.changed() {
        resource.version += 1;
        resource.modified_ms = command.context.now_ms;
        resource.activations += i64::from(command.activated);
        finish_update(connection, command, &resource, &effect)?;
        if let Some((document, _)) = &command.document {
            resource.document.clone_from(document);
        }
    }
    Ok(UpdateOutcome::Updated {
        changed: effect.changed(),
        resource: Box::new(resource),
    })
}

/// What a change did, before links follow it.
struct Effect {
    /// The document, or a value by which the resource is looked up.
    document: bool,
    /// What groups or members of it are shown by.
    name_shown: bool,
    members: MemberChange,
    /// Groups in which the user was parked.
    joined: BTreeSet<i64>,
    password: bool,
    activated: bool,
}

impl Effect {
    fn changed(&self) -> bool {
        self.document
            || self.members.changed
            || !self.joined.is_empty()
            || self.password
            || self.activated
    }
}

fn apply_update(
    connection: &Connection,
    command: &UpdateResource,
    before: &Current,
) -> Result<Effect> {
    let sequence = before.resource.sequence;
    let directory = command.directory.as_str();
    let now_ms = command.context.now_ms;
    let mut effect = Effect {
        document: false,
        name_shown: false,
        members: MemberChange::default(),
        joined: BTreeSet::new(),
        password: command.password.is_some(),
        activated: command.activated,
    };
    if let Some((document, keys)) = &command.document {
        effect.document = write_document(connection, directory, before, document, keys)?;
        effect.name_shown =
            keys.display != before.keys.display || keys.external_id != before.keys.external_id;
        if keys.display != before.keys.display {
            members::forget_displays(connection, sequence)?;
        }
        if command.kind == ResourceKind::User {
            let by_name = command.match_parked_by_name;
            effect.joined = parked::link_user(connection, directory, sequence, keys, by_name)?;
        }
    }
    if command.kind == ResourceKind::Group {
        let group = Group {
            sequence,
            directory,
            match_by_name: command.match_parked_by_name,
        };
        effect.members = members::apply(connection, group, &command.members, now_ms)?;
    }
    if let Some((sealed, targets)) = &command.password {
        passwords::store(connection, directory, sequence, sealed, targets, now_ms)?;
    }
    Ok(effect)
}

/// Writes document and keys where they differ; whether they did.
fn write_document(
    connection: &Connection,
    directory: &str,
    before: &Current,
    document: &str,
    keys: &IndexKeys,
) -> Result<bool> {
    let sequence = before.resource.sequence;
    let emails: BTreeSet<&String> = keys.emails.iter().collect();
    let emails_differ = emails != before.keys.emails.iter().collect();
    if emails_differ {
        execute(
            connection,
            "DELETE FROM email WHERE resource = ?1",
            [sequence],
        )?;
        set_emails(connection, directory, sequence, &keys.emails)?;
    }
    let row_differs = document != before.resource.document
        || keys.name != before.keys.name
        || keys.display_name != before.keys.display_name
        || keys.display != before.keys.display
        || keys.external_id != before.keys.external_id;
    if row_differs {
        execute(
            connection,
            "UPDATE resource SET name = ?2, display_name = ?3, display = ?4, external_id = ?5, \
             document = ?6 WHERE sequence = ?1",
            params![
                sequence,
                keys.name,
                keys.display_name,
                keys.display,
                keys.external_id,
                document
            ],
        )?;
    }
    Ok(emails_differ || row_differs)
}

/// Gives the changed resource its version, makes links due, leaves an audit event.
fn finish_update(
    connection: &Connection,
    command: &UpdateResource,
    resource: &StoredResource,
    effect: &Effect,
) -> Result<()> {
    let sequence = resource.sequence;
    let directory = command.directory.as_str();
    let cause = Cause::request(&command.context);
    execute(
        connection,
        "UPDATE resource SET version = ?2, modified_ms = ?3, activations = ?4 \
         WHERE sequence = ?1",
        params![
            sequence,
            resource.version,
            resource.modified_ms,
            resource.activations
        ],
    )?;
    links::make_due(connection, sequence, cause)?;
    ensure_links(connection, sequence, &command.targets.ensure, cause)?;
    joined_groups(
        connection,
        directory,
        sequence,
        &effect.joined,
        &command.targets,
        cause,
    )?;
    if command.kind == ResourceKind::Group {
        follow_group(connection, command, sequence, effect, cause)?;
    }
    let kind = command.kind;
    audit::record(
        connection,
        &command.context,
        Action::Update,
        directory,
        kind,
        &command.id,
    )
}

/// Makes links due that depend on a group which has changed.
fn follow_group(
    connection: &Connection,
    command: &UpdateResource,
    group: i64,
    effect: &Effect,
    cause: Cause<'_>,
) -> Result<()> {
    let mut concerned = effect.members.concerned();
    if !concerned.is_empty() {
        // The group's own links are due already; those above hold the same people.
        let above = groups_directly_above(connection, group)?;
        dependents::make_groups_due(connection, &above, None, cause)?;
    }
    if command.targets.members.is_empty() {
        return Ok(());
    }
    if effect.name_shown {
        // Whoever is in the group has another group name to go by.
        concerned.insert(group);
    }
    let users = dependents::users_below(connection, &concerned)?;
    let appliances = &command.targets.members;
    dependents::make_users_due(connection, &command.directory, &users, appliances, cause)
}
