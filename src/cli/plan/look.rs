//! What is there already: `--live`. Only reading calls are made.

use std::collections::BTreeSet;

use super::change::changes;
use super::draft::{Draft, Outcome, bound_group};
use super::known::KnownAccounts;
use super::names::Names;
use super::subject::PlannedResource;
use crate::appliance::Failure;
use crate::delivery::{CollisionPolicy, Target};
use crate::store::Link;
use crate::vendor::{Answer, FailureClass, ObjectProfile, Observed, RenderError, RenderedRequest};

/// Why looking did not lead to a plan.
#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error(transparent)]
    Call(#[from] Failure),
    #[error("a request cannot be made: {0}")]
    Render(#[from] RenderError),
    #[error("the answer cannot be read: {0}")]
    Answer(String),
    #[error("more than one account answers to {0:?}; remove or rename one of them")]
    Ambiguous(String),
}

/// Looks at the appliance and makes the draft fit what is there.
pub(super) async fn look(
    target: &Target,
    resource: &PlannedResource,
    names: &Names,
    known: &KnownAccounts,
) -> Draft {
    let mut draft = Draft::of(target, resource);
    let mut taken = BTreeSet::new();
    names.settle(target, resource, &mut draft, &taken).await;
    let spoken = target.connection.profile();
    let Some(object) = spoken.object(resource.kind) else {
        return draft;
    };
    let fitted = match (known.on(target.name()), draft.key.clone(), draft.outcome) {
        (Some(link), ..) if bound_group(target, resource).is_none() => {
            known_account(target, object, link, &mut draft).await
        }
        (_, Some(mut key), Outcome::Create | Outcome::Change) => loop {
            let looked = by_key(target, resource, object, &key, &mut draft).await;
            let numbered = target.policy.on_collision == CollisionPolicy::Suffix;
            if looked.is_err() || !draft.name_is_taken() || !numbered || !taken.insert(key) {
                break looked;
            }
            // The next name that the bridge itself knows to be free, if there is one.
            let mut next = Draft::of(target, resource);
            names.settle(target, resource, &mut next, &taken).await;
            match next.key.clone().filter(|next| !taken.contains(next)) {
                Some(next_key) => {
                    key = next_key;
                    draft = next;
                }
                None => break looked,
            }
        },
        _ => Ok(()),
    };
    if let Err(error) = fitted {
        draft.end(Outcome::Failed, error.to_string());
    }
    draft
}

/// The bridge has an account: what is written is what is desired less what was written last.
async fn known_account(
    target: &Target,
    object: &ObjectProfile,
    link: &Link,
    draft: &mut Draft,
) -> Result<(), LookError> {
    match read(target, object, link).await? {
        Some(found) => changes(target, object, link, &found, draft)?,
        None if draft.outcome == Outcome::Create => {
            draft.reason = Some("the account has vanished there and is made anew".to_owned());
        }
        None => {
            draft.reason = Some("the account has vanished there".to_owned());
        }
    }
    Ok(())
}

/// The bridge has no account: the key is free, or somebody else has it.
async fn by_key(
    target: &Target,
    resource: &PlannedResource,
    object: &ObjectProfile,
    key: &str,
    draft: &mut Draft,
) -> Result<(), LookError> {
    let own = target.connection.whoami().await?;
    if own.is_some_and(|own| object.fold_key(&own) == object.fold_key(key)) {
        draft.end(
            Outcome::Refused,
            format!(
                "{key:?} is the account by which the bridge itself logs in; it is never changed"
            ),
        );
        return Ok(());
    }
    let bound = bound_group(target, resource).is_some();
    match find(target, object, key).await? {
        None if bound => draft.end(
            Outcome::Refused,
            format!("there is no group {key:?}, which the configuration binds"),
        ),
        None => draft.reason = Some(format!("{key:?} is free there")),
        Some(found) if bound => {
            draft.reason = Some(format!(
                "it is bound to the existing group {key:?} (id {}); only members are managed",
                found.id
            ));
        }
        Some(found) if found.protected => draft.end(
            Outcome::Refused,
            format!(
                "{key:?} (id {}) is built in or protected there; the bridge never touches it",
                found.id
            ),
        ),
        Some(found) => draft.end(
            Outcome::Held,
            format!(
                "{key:?} exists there (id {}) and the bridge did not make it; on_existing = \"hold\" \
                 waits for an operator",
                found.id
            ),
        ),
    }
    Ok(())
}

/// Reads the account of a link: by its id, or where the vendor cannot, by its key.
async fn read(
    target: &Target,
    object: &ObjectProfile,
    link: &Link,
) -> Result<Option<Observed>, LookError> {
    let id = link.progress.remote_id.as_deref().unwrap_or_default();
    let Some(request) = object.read_request(id)? else {
        let key = link.progress.account_key.as_deref().unwrap_or_default();
        let found = find(target, object, key).await?;
        return Ok(found.filter(|found| found.id == id));
    };
    match ask(target, &request).await? {
        Some(answer) => object
            .observe_one(&answer)
            .map(Some)
            .map_err(LookError::Answer),
        None => Ok(None),
    }
}

/// Rows are compared with the key again: some vendors ignore a filter that they do not know.
async fn find(
    target: &Target,
    object: &ObjectProfile,
    key: &str,
) -> Result<Option<Observed>, LookError> {
    let Some(answer) = ask(target, &object.find_request(key)?).await? else {
        return Ok(None);
    };
    let folded = object.fold_key(key);
    let mut matching = object
        .observe_many(&answer)
        .map_err(LookError::Answer)?
        .into_iter()
        .filter(|row| object.fold_key(&row.key) == folded);
    match (matching.next(), matching.next()) {
        (first, None) => Ok(first),
        (_, Some(_)) => Err(LookError::Ambiguous(key.to_owned())),
    }
}

/// Sends a reading request; `None` if there is no such object.
async fn ask(target: &Target, request: &RenderedRequest) -> Result<Option<Answer>, Failure> {
    match target.connection.call(request).await {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.class == FailureClass::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}
