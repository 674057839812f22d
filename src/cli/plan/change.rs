//! What would be written to an account that the bridge has.

use serde_json::{Map, Value};

use super::draft::{Draft, Outcome, creation};
use crate::delivery::{Removal, RenamePolicy, Target};
use crate::store::{AccountState, Link};
use crate::vendor::{Address, ObjectProfile, Observed, RenderError, RenderedRequest};

/// Replaces the draft's calls by those that lead from what was written last to what is desired.
pub(super) fn changes(
    target: &Target,
    object: &ObjectProfile,
    link: &Link,
    found: &Observed,
    draft: &mut Draft,
) -> Result<(), RenderError> {
    if draft.outcome == Outcome::Refused {
        return Ok(());
    }
    draft.calls.clear();
    if draft.outcome == Outcome::NoAccount {
        // It said why none is made; there is one.
        draft.reason = None;
    }
    if draft.outcome == Outcome::OutOfScope {
        let removal = target.policy.on_leave_scope;
        draft.calls.extend(remove(object, link, found, removal)?);
    } else {
        let renaming = rename(target, object, link, found, draft)?;
        let made_anew = !object.can_rename() && !renaming.is_empty();
        draft.calls.extend(renaming);
        if !made_anew {
            draft.calls.extend(update(object, link, found, draft)?);
            draft
                .calls
                .extend(switch(target, object, link, found, draft)?);
        }
    }
    note_drift(object, link, found, draft);
    draft.outcome = if draft.calls.is_empty() {
        Outcome::InSync
    } else {
        Outcome::Change
    };
    let there = format!("the bridge's account is there (id {})", found.id);
    draft.reason = Some(match draft.reason.take() {
        Some(reason) => format!("{there}; {reason}"),
        None => there,
    });
    Ok(())
}

fn rename(
    target: &Target,
    object: &ObjectProfile,
    link: &Link,
    found: &Observed,
    draft: &mut Draft,
) -> Result<Vec<RenderedRequest>, RenderError> {
    let (Some(old), Some(new)) = (&link.progress.account_key, draft.key.clone()) else {
        return Ok(Vec::new());
    };
    if *old == new {
        return Ok(Vec::new());
    }
    if let Some(request) = object.rename_request(address(found), &new)? {
        return Ok(vec![request]);
    }
    let cannot =
        format!("the account is called {old:?} and this vendor cannot rename it to {new:?}");
    if target.policy.on_rename == RenamePolicy::Refuse
        || object.fold_key(old) == object.fold_key(&new)
    {
        draft.notes.push(cannot);
        return Ok(Vec::new());
    }
    draft.notes.push(format!(
        "{cannot}; on_rename = \"recreate\" makes another account, which the groups take in before \
         the former one goes. Its password, its tokens and memberships given by hand are lost"
    ));
    let mut calls = vec![
        object.find_request(&new)?,
        creation(object, &draft.desired)?,
    ];
    calls.extend(match target.policy.on_delete {
        Removal::Delete => object.delete_request(address(found))?,
        Removal::Disable | Removal::Keep => object.disable_request(address(found))?,
    });
    Ok(calls)
}

fn update(
    object: &ObjectProfile,
    link: &Link,
    found: &Observed,
    draft: &Draft,
) -> Result<Option<RenderedRequest>, RenderError> {
    let desired = &draft.desired.fields;
    let changes = object.changes(&link.progress.applied, desired);
    if changes.is_empty() {
        return Ok(None);
    }
    object
        .update_request(address(found), &changes, desired, &Map::new())
        .map(Some)
}

/// Follows `active`. An account that somebody else disabled is not enabled by a plan.
fn switch(
    target: &Target,
    object: &ObjectProfile,
    link: &Link,
    found: &Observed,
    draft: &Draft,
) -> Result<Option<RenderedRequest>, RenderError> {
    if !object.can_disable() {
        return Ok(None);
    }
    if !draft.desired.active {
        return remove(object, link, found, target.policy.on_deactivate);
    }
    if link.progress.account_state == AccountState::Disabled {
        return object.enable_request(address(found));
    }
    Ok(None)
}

fn remove(
    object: &ObjectProfile,
    link: &Link,
    found: &Observed,
    removal: Removal,
) -> Result<Option<RenderedRequest>, RenderError> {
    match removal {
        Removal::Disable if link.progress.account_state == AccountState::Active => {
            object.disable_request(address(found))
        }
        Removal::Delete => object.delete_request(address(found)),
        Removal::Disable | Removal::Keep => Ok(None),
    }
}

fn address(found: &Observed) -> Address<'_> {
    Address {
        id: &found.id,
        key: &found.key,
    }
}

/// Names the fields that somebody else changed since the bridge wrote them.
fn note_drift(object: &ObjectProfile, link: &Link, found: &Observed, draft: &mut Draft) {
    for (name, value) in &link.progress.applied {
        let field: Map<String, Value> = [(name.clone(), value.clone())].into_iter().collect();
        if !object.same_as(&found.fields, &field) {
            draft.notes.push(format!(
                "{name} is not as the bridge wrote it; somebody else has changed it"
            ));
        }
    }
}
