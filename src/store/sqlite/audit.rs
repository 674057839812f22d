//! Audit events: who did what to which resource; never a value.

use rusqlite::{Connection, params};

use super::sql::{Result, execute};
use crate::scim::ResourceKind;
use crate::store::WriteContext;

/// What was done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action {
    Create,
    Update,
    Delete,
}

impl Action {
    fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

pub(super) fn record(
    connection: &Connection,
    context: &WriteContext,
    action: Action,
    directory: &str,
    kind: ResourceKind,
    id: &str,
) -> Result<()> {
    execute(
        connection,
        "INSERT INTO audit (at_ms, actor, action, directory, kind, resource_id, request_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            context.now_ms,
            context.actor,
            action.as_str(),
            directory,
            kind,
            id,
            context.request_id
        ],
    )?;
    Ok(())
}
