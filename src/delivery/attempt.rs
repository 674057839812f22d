//! One attempt at one link: decide the goal, translate, converge, record.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};
use tracing::{info, warn};

use super::backoff;
use super::context::Context;
use super::converge::{Run, Stop, converge};
use super::goal::{self, Goal};
use super::lease::LeaseHandle;
use super::target::Target;
use crate::appliance::Failure;
use crate::scim::ResourceKind;
use crate::store::{Claim, LinkProgress, LinkWork, RecordOutcome, StoreError, Verdict};
use crate::vendor::{FailureClass, ObjectProfile, Translated};

/// What an attempt tells the worker.
#[derive(Debug)]
pub(super) struct Report {
    /// The failure of a call, if one ended the attempt.
    pub(super) failure: Option<Failure>,
    /// Whether the appliance answered at all as it should.
    pub(super) answered: bool,
    /// Whether the store still takes our outcomes.
    pub(super) lease_held: bool,
}

/// Works on a link and records what came of it.
pub(super) async fn attempt(
    context: &Context,
    target: &Target,
    lease: &LeaseHandle,
    work: &LinkWork,
) -> Report {
    let started_ms = context.clock.now_ms();
    // What it speaks may not be known yet; whether anybody needs to ask, the goal says, which is the
    // same in every variant.
    let assumed = target.connection.profile();
    let Some(object) = assumed.object(work.link.kind) else {
        return record_without_object(context, target, lease, work, started_ms).await;
    };
    let document = document_of(work);
    let translate =
        |object| target.translate(object, &work.link.resource_id, &document, &work.groups);
    let mut desired = translate(object);
    // An appliance that has been taken from a directory keeps its links of it.
    let in_scope = target.policy.serves(&work.link.directory)
        && target.in_scope(work.link.kind, &document, &work.groups);
    let goal = goal::decide(work, &target.policy, in_scope, desired.active);
    let mut run = Run {
        context,
        target,
        lease,
        work,
        object,
        progress: work.link.progress.clone(),
        held: work.claims.clone(),
        claimed: Vec::new(),
        base: base_of(object, &desired),
        writes: Vec::new(),
        answered: false,
    };
    if !goal.destroys(desired.active) && !run.recreates(&desired) {
        // The directory has taken back what the guard held.
        run.progress.guard_hold = None;
    }
    if !takes_calls(goal, work) {
        let ended = converge(&mut run, goal, &desired).await;
        return finish(run, goal, ended, started_ms).await;
    }
    let spoken = match target.connection.speaks().await {
        Ok(spoken) => spoken,
        Err(failure) => return finish(run, goal, Err(Stop::Failure(failure)), started_ms).await,
    };
    let Some(object) = spoken.object(work.link.kind) else {
        return record_without_object(context, target, lease, work, started_ms).await;
    };
    if !Arc::ptr_eq(&spoken, &assumed) {
        desired = translate(object);
    }
    let mut run = Run {
        object,
        base: base_of(object, &desired),
        ..run
    };
    let ended = converge(&mut run, goal, &desired).await;
    finish(run, goal, ended, started_ms).await
}

/// The key that the attributes give, as the vendor compares it.
fn base_of(object: &ObjectProfile, desired: &Translated) -> Option<String> {
    desired.key.as_deref().map(|key| object.fold_key(key))
}

/// Whether the appliance may have to be called to reach a goal.
fn takes_calls(goal: Goal, work: &LinkWork) -> bool {
    let progress = &work.link.progress;
    match goal {
        Goal::LeftAlone(_) => false,
        Goal::Absent => progress.uncertain || progress.intent.is_some(),
        Goal::Present { .. } | Goal::Disabled(_) | Goal::Deleted(_) => true,
    }
}

fn document_of(work: &LinkWork) -> Map<String, Value> {
    let text = match (&work.resource, &work.tombstone) {
        (Some(resource), _) => resource.document.as_str(),
        (None, Some(tombstone)) => tombstone.document.as_str(),
        (None, None) => "{}",
    };
    serde_json::from_str(text).unwrap_or_default()
}

async fn record_without_object(
    context: &Context,
    target: &Target,
    lease: &LeaseHandle,
    work: &LinkWork,
    started_ms: i64,
) -> Report {
    let verdict = Verdict::Refuse {
        class: FailureClass::Invalid.as_str().to_owned(),
        message: format!(
            "the profile of {} has no {}s any more",
            target.name(),
            work.link.kind.as_str().to_lowercase()
        ),
    };
    let recorded = context
        .store
        .record_outcome(RecordOutcome {
            appliance: target.name().to_owned(),
            epoch: lease.epoch,
            link_id: work.link.id,
            generation: work.link.desired_generation,
            progress: work.link.progress.clone(),
            keep_claims: work.claims.clone(),
            verdict,
            started_ms,
            now_ms: context.clock.now_ms(),
        })
        .await;
    Report {
        failure: None,
        answered: false,
        lease_held: recorded.is_ok(),
    }
}

async fn finish(run: Run<'_>, goal: Goal, ended: Result<Verdict, Stop>, started_ms: i64) -> Report {
    let (verdict, failure) = match ended {
        Ok(verdict) => (verdict, None),
        Err(Stop::Verdict(verdict)) => (verdict, None),
        Err(Stop::Failure(failure)) => (verdict_for(&run, &failure), Some(failure)),
        Err(Stop::Store(error)) => return lost(&run, &error),
    };
    log(&run, goal, &verdict, started_ms);
    let outcome = RecordOutcome {
        appliance: run.target.name().to_owned(),
        epoch: run.lease.epoch,
        link_id: run.work.link.id,
        generation: run.work.link.desired_generation,
        keep_claims: keep_claims(&run, &verdict),
        progress: run.progress.clone(),
        verdict,
        started_ms,
        now_ms: run.context.clock.now_ms(),
    };
    let (word, class) = outcome_words(&outcome.verdict);
    let elapsed_ms = outcome.now_ms.saturating_sub(started_ms);
    run.context.observer.attempted(
        run.target.name(),
        word,
        &class,
        std::time::Duration::from_millis(elapsed_ms.unsigned_abs()),
    );
    match run.context.store.record_outcome(outcome).await {
        Ok(_) => Report {
            answered: failure.is_none() && run.answered,
            failure,
            lease_held: true,
        },
        Err(error) => lost(&run, &error),
    }
}

/// Nothing more can be recorded. The link stays in flight under this epoch, and whoever takes the
/// lease next finds it uncertain and looks before it writes.
fn lost(run: &Run<'_>, error: &StoreError) -> Report {
    warn!(
        appliance = run.target.name(),
        resource = run.work.link.resource_id,
        error = %error,
        "an attempt could not be recorded"
    );
    Report {
        failure: None,
        answered: false,
        lease_held: false,
    }
}

/// What happens next follows from the class alone.
fn verdict_for(run: &Run<'_>, failure: &Failure) -> Verdict {
    let settings = &run.context.settings;
    let class = failure.class.as_str().to_owned();
    let message = failure.message.clone();
    let pause = match failure.class {
        FailureClass::Invalid => return Verdict::Refuse { class, message },
        FailureClass::Conflict => return Verdict::Hold { class, message },
        FailureClass::Refused => settings.refused_retry,
        FailureClass::Denied => backoff::longest(settings),
        // It is the appliance that is paused. The link may have to be the probe that ends the pause.
        FailureClass::Unauthenticated => {
            backoff::delay(settings, 0, None, run.context.random.as_ref())
        }
        FailureClass::NotFound
        | FailureClass::Throttled
        | FailureClass::Unavailable
        | FailureClass::Uncertain
        | FailureClass::Incomplete
        | FailureClass::Protocol => backoff::delay(
            settings,
            run.work.link.attempts,
            failure.retry_after,
            run.context.random.as_ref(),
        ),
    };
    Verdict::Retry {
        at_ms: run.context.clock.now_ms()
            + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2),
        class,
        message,
    }
}

fn keep_claims(run: &Run<'_>, verdict: &Verdict) -> Vec<Claim> {
    let kept = kept_claims(&run.progress, &run.held, &run.claimed, verdict, |key| {
        run.claim_of(key)
    });
    let numbered = run.held.iter().chain(&run.claimed).filter(|claim| {
        // A number stays with the person as long as the attributes give the name that it is for,
        // whether there is an account at the moment or not.
        claim
            .suffix
            .as_ref()
            .is_some_and(|suffix| run.base.as_ref().is_none_or(|base| suffix.base == *base))
    });
    kept.iter().chain(numbered).cloned().collect()
}

/// The keys that the link goes on holding: the account's own, and where the attempt is to be made
/// again, those that it has claimed for it. While a write is uncertain, it holds every key that it
/// held before, as an earlier attempt may have used any of them.
fn kept_claims(
    progress: &LinkProgress,
    held: &[Claim],
    claimed: &[Claim],
    verdict: &Verdict,
    claim_of: impl Fn(&str) -> Claim,
) -> BTreeSet<Claim> {
    let mut kept: BTreeSet<Claim> = BTreeSet::new();
    kept.extend(progress.account_key.as_deref().map(&claim_of));
    kept.extend(progress.intent.as_ref().map(|intent| claim_of(&intent.key)));
    let former = progress.former.as_ref();
    kept.extend(former.map(|former| claim_of(&former.account_key)));
    if progress.uncertain || matches!(verdict, Verdict::Retry { .. }) {
        kept.extend(claimed.iter().cloned());
    }
    if progress.uncertain {
        kept.extend(held.iter().cloned());
    }
    kept
}

/// The words for outcome and class, for metrics and logs.
fn outcome_words(verdict: &Verdict) -> (&'static str, String) {
    match verdict {
        Verdict::Done | Verdict::PurgeAt { .. } => ("done", "none".into()),
        Verdict::Gone => ("gone", "none".into()),
        Verdict::Retry { class, .. } => ("retry", class.clone()),
        Verdict::WaitForKey { class, .. } => ("waiting", class.clone()),
        Verdict::Hold { class, .. } => ("held", class.clone()),
        Verdict::Refuse { class, .. } => ("refused", class.clone()),
    }
}

fn log(run: &Run<'_>, goal: Goal, verdict: &Verdict, started_ms: i64) {
    let link = &run.work.link;
    let (outcome, class) = outcome_words(verdict);
    let elapsed_ms = run.context.clock.now_ms().saturating_sub(started_ms);
    let kind = match link.kind {
        ResourceKind::User => "user",
        ResourceKind::Group => "group",
    };
    let message = match verdict {
        Verdict::Retry { message, .. }
        | Verdict::WaitForKey { message, .. }
        | Verdict::Hold { message, .. }
        | Verdict::Refuse { message, .. } => message.as_str(),
        Verdict::Done | Verdict::Gone | Verdict::PurgeAt { .. } => "",
    };
    let writes = run.writes.join(",");
    let request_ids = link.request_ids.join(",");
    let held_leaver = matches!(verdict, Verdict::Hold { .. })
        && !matches!(
            goal,
            Goal::Present {
                follow_state: false
            }
        )
        && class == "guard";
    if held_leaver {
        warn!(
            appliance = run.target.name(),
            kind,
            resource = link.resource_id,
            request_ids,
            "a removal is held: {message}"
        );
    } else if message.is_empty() {
        info!(
            appliance = run.target.name(),
            kind,
            resource = link.resource_id,
            outcome,
            writes,
            elapsed_ms,
            request_ids,
            "converged"
        );
    } else {
        info!(
            appliance = run.target.name(),
            kind,
            resource = link.resource_id,
            outcome,
            class,
            writes,
            elapsed_ms,
            request_ids,
            attempt = link.attempts + 1,
            "not converged: {message}"
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::kept_claims;
    use crate::store::{Claim, LinkProgress, Verdict};

    fn claim(key: &str) -> Claim {
        Claim {
            namespace: "users".to_owned(),
            key: key.to_lowercase(),
            suffix: None,
        }
    }

    fn set(keys: &[&str]) -> BTreeSet<Claim> {
        keys.iter().map(|key| claim(key)).collect()
    }

    fn kept(
        progress: &LinkProgress,
        held: &[&str],
        claimed: &[&str],
        verdict: &Verdict,
    ) -> BTreeSet<Claim> {
        let claims = |keys: &[&str]| -> Vec<Claim> { set(keys).into_iter().collect() };
        kept_claims(progress, &claims(held), &claims(claimed), verdict, claim)
    }

    fn retry() -> Verdict {
        Verdict::Retry {
            at_ms: 0,
            class: String::new(),
            message: String::new(),
        }
    }

    fn named(key: &str, uncertain: bool) -> LinkProgress {
        LinkProgress {
            account_key: Some(key.to_owned()),
            uncertain,
            ..LinkProgress::default()
        }
    }

    #[test]
    fn a_finished_rename_keeps_the_new_key_alone() {
        let kept = kept(&named("New", false), &["old"], &["new"], &Verdict::Done);
        assert_eq!(kept, set(&["new"]));
    }

    #[test]
    fn a_rename_that_may_have_happened_holds_its_keys_until_it_is_looked_at() {
        // The second attempt ended before it could look; the directory wants a third key by now.
        let kept = kept(&named("Old", true), &["old", "new"], &[], &retry());
        assert_eq!(kept, set(&["old", "new"]));
    }

    #[test]
    fn a_refused_rename_gives_the_new_key_back() {
        let refused = Verdict::Refuse {
            class: String::new(),
            message: String::new(),
        };
        let kept = kept(&named("Old", false), &["old"], &["new"], &refused);
        assert_eq!(kept, set(&["old"]));
    }
}
