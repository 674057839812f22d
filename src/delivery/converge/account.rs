//! The road of one attempt, from goal to verdict.

use crate::delivery::goal::{Afterwards, Goal};
use crate::scim::ResourceKind;
use crate::store::{AccountState, Ownership, Verdict};
use crate::vendor::{FailureClass, Translated};

use super::run::{Run, Stop};

/// Works towards the goal. `desired` is `None` where the goal needs no translation.
///
/// # Errors
/// [`Stop`] says why the goal was not reached; `run.progress` says how far it came.
pub(in crate::delivery) async fn converge(
    run: &mut Run<'_>,
    goal: Goal,
    desired: &Translated,
) -> Result<Verdict, Stop> {
    run.progress.notes = desired.notes.clone();
    if run.progress.intent.is_some() && !matches!(goal, Goal::Present { .. }) {
        // Nothing will be created, so this is the last chance to see what came of the intent.
        run.progress.uncertain = true;
    }
    let was_uncertain = run.progress.uncertain;
    if !matches!(goal, Goal::LeftAlone(_)) {
        run.resolve_uncertainty(desired).await?;
        run.restore_former();
    }
    match goal {
        Goal::Absent => {
            follow_activation(run);
            Ok(Verdict::Done)
        }
        Goal::LeftAlone(Afterwards::EndLink) => Ok(Verdict::Gone),
        Goal::LeftAlone(_) => Ok(Verdict::Done),
        Goal::Present { follow_state } => present(run, desired, follow_state, was_uncertain).await,
        Goal::Disabled(afterwards) => {
            run.retire_former().await?;
            switch_off(run).await?;
            Ok(after_disabling(run, afterwards))
        }
        Goal::Deleted(afterwards) => {
            if run.progress.ownership == Ownership::Adopted {
                run.withdraw_members().await?;
            }
            run.retire_former().await?;
            run.delete().await?;
            follow_activation(run);
            Ok(match afterwards {
                Afterwards::KeepLink => Verdict::Done,
                Afterwards::EndLink | Afterwards::Purge => Verdict::Gone,
            })
        }
    }
}

async fn present(
    run: &mut Run<'_>,
    desired: &Translated,
    follow_state: bool,
    was_uncertain: bool,
) -> Result<Verdict, Stop> {
    if run.work.link.kind == ResourceKind::Group
        && let Some(bound) = bound_group(run)
    {
        if !is_bound_to(run, &bound) {
            release_group(run).await?;
            bind(run, &bound).await?;
        }
        run.converge_members(was_uncertain).await?;
        return Ok(Verdict::Done);
    }
    if run.work.link.kind == ResourceKind::Group && run.progress.ownership == Ownership::Adopted {
        // The configuration binds it no longer. What was bound is never ours to rename.
        release_group(run).await?;
    }
    let key = checked_key(run, desired, follow_state, was_uncertain).await?;
    if run.progress.remote_id.is_none() {
        run.create(desired, &key).await?;
        follow_activation(run);
    }
    let waiting = run.while_locked_out(desired, follow_state);
    let changed = run
        .change(waiting.as_ref().unwrap_or(desired), follow_state)
        .await;
    if let Err(stop @ (Stop::Store(_) | Stop::Failure(_))) = changed {
        return Err(stop);
    }
    run.converge_collections(desired, was_uncertain).await?;
    if run.work.link.kind == ResourceKind::Group {
        // Also where its name cannot be as wanted: who has left a group has to get out of it.
        run.converge_members(was_uncertain).await?;
    }
    run.retire_former_after_groups(desired).await?;
    run.note_number(&key);
    changed.map(|()| Verdict::Done)
}

/// The key, if the vendor can represent the resource. A leaver is locked out even when nothing else
/// of the resource can be represented any more.
async fn checked_key(
    run: &mut Run<'_>,
    desired: &Translated,
    follow_state: bool,
    was_uncertain: bool,
) -> Result<String, Stop> {
    if let (true, Some(key)) = (desired.violations.is_empty(), &desired.key) {
        return Ok(key.clone());
    }
    if run.work.link.kind == ResourceKind::Group {
        run.converge_members(was_uncertain).await?;
    }
    if follow_state && !desired.active && run.progress.remote_id.is_some() {
        run.disable().await?;
    }
    let mut sentences: Vec<&str> = desired
        .violations
        .iter()
        .map(|violation| violation.message.as_str())
        .collect();
    if sentences.is_empty() {
        sentences.push("the resource has no account name");
    }
    Err(Stop::refuse(FailureClass::Invalid, sentences.join("; ")))
}

/// The vendor's existing group that the configuration binds to this one.
fn bound_group(run: &Run<'_>) -> Option<String> {
    if run.target.policy.bind_groups.is_empty() {
        return None;
    }
    let resource = run.work.resource.as_ref()?;
    let document = serde_json::from_str(&resource.document).ok()?;
    run.target.bound_group(&document).map(str::to_owned)
}

fn is_bound_to(run: &Run<'_>, vendor_group: &str) -> bool {
    let key = run.progress.account_key.as_deref();
    run.progress.remote_id.is_some()
        && run.progress.ownership == Ownership::Adopted
        && key.is_some_and(|key| run.object.fold_key(key) == run.object.fold_key(vendor_group))
}

/// Takes our members out of the group that was written so far, and lets go of it: the configuration
/// now names another one.
async fn release_group(run: &mut Run<'_>) -> Result<(), Stop> {
    if run.progress.remote_id.is_none() {
        return Ok(());
    }
    run.withdraw_members().await?;
    run.forget_account();
    run.checkpoint().await
}

/// Finds the bound group; it is never made, renamed or deleted.
async fn bind(run: &mut Run<'_>, vendor_group: &str) -> Result<(), Stop> {
    let Some(found) = run.find(vendor_group).await? else {
        return Err(Stop::refuse(
            FailureClass::NotFound,
            format!(
                "{} has no group {vendor_group:?}, which the configuration binds",
                run.target.name()
            ),
        ));
    };
    run.progress.remote_id = Some(found.id);
    run.progress.account_key = Some(found.key);
    run.progress.ownership = Ownership::Adopted;
    run.checkpoint().await
}

/// Disables an account; takes a group's members out, as groups have no state.
async fn switch_off(run: &mut Run<'_>) -> Result<(), Stop> {
    if run.work.link.kind == ResourceKind::Group {
        run.withdraw_members().await?;
        if run.progress.remote_id.is_some() {
            // For a group that is what the purge waits for.
            run.progress.account_state = AccountState::Disabled;
        }
        return Ok(());
    }
    let key = run.progress.account_key.clone().unwrap_or_default();
    run.refuse_own_account(&key).await?;
    run.disable().await
}

fn after_disabling(run: &Run<'_>, afterwards: Afterwards) -> Verdict {
    match (afterwards, run.target.policy.purge_after) {
        _ if run.progress.remote_id.is_none() => match run.work.resource {
            Some(_) => Verdict::Done,
            None => Verdict::Gone,
        },
        (Afterwards::Purge, Some(after)) => Verdict::PurgeAt {
            at_ms: run.context.clock.now_ms()
                + i64::try_from(after.as_millis()).unwrap_or(i64::MAX / 2),
        },
        _ => Verdict::Done,
    }
}

/// An activation that came before the account (or while there was none) is followed by its
/// creation.
fn follow_activation(run: &mut Run<'_>) {
    if let Some(resource) = &run.work.resource {
        run.progress.applied_activations = resource.activations;
    }
}
