//! Sweeps: one row stands for many links to be made due, and is worked off in batches.

use serde_json::{Map, Value};

use super::context::Context;
use super::target::Target;
use crate::store::{StoreError, SweepKind};

/// Works off one batch of the appliance's oldest sweep. Returns whether there was one.
///
/// # Errors
/// What the store says.
pub(super) async fn step(
    context: &Context,
    target: &Target,
    epoch: i64,
) -> Result<bool, StoreError> {
    let store = &context.store;
    let Some(batch) = store
        .sweep_batch(target.name(), context.settings.sweep_batch)
        .await?
    else {
        return Ok(false);
    };
    let wanted = batch
        .rows
        .iter()
        .filter(|row| !row.linked || batch.kind == SweepKind::MakeDue)
        // Of another directory, which the appliance served before, links are only worked off.
        .filter(|row| target.policy.serves(&row.resource.directory))
        .filter(|row| {
            let document: Map<String, Value> =
                serde_json::from_str(&row.resource.document).unwrap_or_default();
            target.in_scope(row.resource.kind, &document, &row.groups)
        })
        .map(|row| row.resource.id.clone())
        .collect();
    store
        .apply_sweep(target.name(), epoch, &batch, wanted, context.clock.now_ms())
        .await?;
    Ok(true)
}
