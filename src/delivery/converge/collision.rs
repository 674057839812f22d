//! Names that somebody else has: found before the call, and resolved as the appliance's policy says.
//!
//! A collision is a key that another link of ours keeps, or that the appliance has for an account
//! which is not ours. A key that its holder is about to let go is none: it is waited for.

use serde_json::{Map, Value};

use crate::delivery::context::Context;
use crate::delivery::lease::LeaseHandle;
use crate::delivery::naming::{Candidate, candidates, keeps_its_key, own_suffix};
use crate::delivery::settings::CollisionPolicy;
use crate::delivery::target::Target;
use crate::scim::ResourceKind;
use crate::store::{
    ClaimHolder, ClaimKey, ClaimOutcome, Inheritance, LinkProgress, LinkState, LinkWork,
    StoreError, Verdict,
};
use crate::vendor::{FailureClass, Observed, Translated};

use super::run::{Run, Stop};

/// The class of a link that waits for a key which its holder lets go by itself.
const WAITING: &str = "waiting";

/// What came of trying a name.
pub(super) enum Tried {
    /// It is claimed, and the appliance has no such account.
    Free,
    /// There is an account of that name, and it is ours.
    Ours,
    /// Somebody else has it; what to end with, unless another name is found.
    Collision(Stop),
}

impl<'a> Run<'a> {
    /// The names to try for a key that the attributes give.
    pub(super) fn candidates<'b>(
        &self,
        base: &'b str,
    ) -> impl Iterator<Item = Candidate> + use<'a, 'b>
    where
        'a: 'b,
    {
        let suffixes = self.target.policy.on_collision == CollisionPolicy::Suffix;
        candidates(self.object, base, self.own_suffix(base), suffixes)
    }

    /// The name that the person has for a key that the attributes give, if nobody else does.
    pub(super) fn own_name(&self, base: &str) -> String {
        let first = self.candidates(base).next();
        first.map_or_else(|| base.to_owned(), |candidate| candidate.key)
    }

    fn own_suffix(&self, base: &str) -> Option<u32> {
        own_suffix(self.object, self.held.iter().chain(&self.claimed), base)
    }

    /// Says on the link why the account is not called as the attributes give.
    pub(super) fn note_number(&mut self, base: &str) {
        if let Some(number) = self.own_suffix(base) {
            self.progress.notes.push(format!(
                "{base:?} was taken on {}, so the account got the number {number}, which stays with \
                 the person",
                self.target.name()
            ));
        }
    }

    /// Claims a name for a new account and looks whether the appliance has it free.
    ///
    /// # Errors
    /// [`Stop`] where no other name would help: a failed call, or a key that will be free soon.
    pub(super) async fn try_name(
        &mut self,
        candidate: &Candidate,
        desired: &Translated,
    ) -> Result<Tried, Stop> {
        let key = candidate.key.as_str();
        if let Some(stop) = self.protected_name(key) {
            return Ok(Tried::Collision(stop));
        }
        if let ClaimOutcome::HeldBy(holder) = self.claim(candidate).await?
            && let Some(tried) = self.held_by(key, &holder, desired).await?
        {
            return Ok(tried);
        }
        if let Some(stop) = self.own_login(key).await? {
            return Ok(Tried::Collision(stop));
        }
        match self.find(key).await? {
            None => Ok(Tried::Free),
            Some(found) => self.existing(found, key).await,
        }
    }

    /// Lets go of a name that was tried in vain: it is released with the outcome, and not taken for
    /// the person's own any more.
    pub(super) fn give_up(&mut self, key: &str) {
        let claim = self.claim_of(key);
        let other =
            |kept: &crate::store::Claim| kept.namespace != claim.namespace || kept.key != claim.key;
        self.claimed.retain(other);
        self.held.retain(other);
    }

    pub(super) fn protected_name(&self, key: &str) -> Option<Stop> {
        self.object.is_protected_key(key).then(|| {
            Stop::refuse(
                FailureClass::Refused,
                format!(
                    "{key:?} is a protected account of {}; the bridge never touches it",
                    self.target.name()
                ),
            )
        })
    }

    /// Another link of ours has the key. The account of a deleted resource of the same person comes
    /// over with it; `None` then, unless it turns out that there is an account.
    async fn held_by(
        &mut self,
        key: &str,
        holder: &ClaimHolder,
        desired: &Translated,
    ) -> Result<Option<Tried>, Stop> {
        if lingers(holder) && self.same_person(holder) && self.progress.remote_id.is_none() {
            if !self.inherit(holder).await? {
                return Err(self.wait_for_key(key, holder));
            }
            // What differs is written as a change. What the old link left open is looked at first.
            self.resolve_uncertainty(desired).await?;
            return Ok(self.progress.remote_id.is_some().then_some(Tried::Ours));
        }
        if !keeps_its_key(holder) {
            // Whoever waits for it is woken when it is free, or when the holder has settled on it.
            return Err(self.wait_for_key(key, holder));
        }
        Ok(Some(Tried::Collision(self.kept_by_another(key, holder))))
    }

    fn same_person(&self, holder: &ClaimHolder) -> bool {
        let ours = self.external_id();
        holder.directory == self.work.link.directory
            && ours.is_some()
            && holder.external_id.as_deref() == ours.as_deref()
    }

    fn external_id(&self) -> Option<String> {
        let resource = self.work.resource.as_ref()?;
        let document: Map<String, Value> = serde_json::from_str(&resource.document).ok()?;
        document.get("externalId")?.as_str().map(str::to_owned)
    }

    /// Takes the holder's account over; `false` if something is happening to it after all.
    async fn inherit(&mut self, holder: &ClaimHolder) -> Result<bool, Stop> {
        let inheritance = self
            .context
            .store
            .inherit_account(
                self.target.name(),
                self.lease.epoch,
                holder.link_id,
                self.work.link.id,
            )
            .await?;
        let Inheritance::HandedOver { progress, claims } = inheritance else {
            return Ok(false);
        };
        // The outcome will write our progress over the link's, so it has to know the account.
        let mut notes = std::mem::take(&mut self.progress.notes);
        notes
            .push("the account of a deleted resource of the same person was taken over".to_owned());
        self.progress = LinkProgress { notes, ..*progress };
        self.held = claims;
        Ok(true)
    }

    /// A key that another link of ours is about to let go is a dependency, not a conflict, unless
    /// the two are of different directories: nothing that one of those does is meant to make way for
    /// the other.
    pub(super) fn wait_for_key(&self, key: &str, holder: &ClaimHolder) -> Stop {
        if self.is_foreign(holder) {
            return self.of_another_directory(key, holder);
        }
        let message = format!(
            "waits for {key:?} on {}, which resource {} holds",
            self.target.name(),
            holder.resource_id
        );
        self.wait(key, WAITING, message)
    }

    /// A key that another link of ours keeps: the person still gets it should it become free.
    pub(super) fn kept_by_another(&self, key: &str, holder: &ClaimHolder) -> Stop {
        if self.is_foreign(holder) {
            return self.of_another_directory(key, holder);
        }
        let whose = if holder.deleted {
            "the account of the deleted resource"
        } else {
            "the account of resource"
        };
        let remedy = match self.target.policy.on_collision {
            CollisionPolicy::Refuse => {
                "change one of the names in the directory, or let the appliance number them: \
                 on_collision = \"suffix\""
            }
            CollisionPolicy::Suffix => {
                "no number behind it makes a name that the appliance takes; change one of the \
                 names in the directory"
            }
        };
        let message = format!(
            "{key:?} on {} is {whose} {} and waits until that one lets go of it; {remedy}",
            self.target.name(),
            holder.resource_id
        );
        self.wait(key, WAITING, message)
    }

    fn is_foreign(&self, holder: &ClaimHolder) -> bool {
        holder.directory != self.work.link.directory
    }

    fn of_another_directory(&self, key: &str, holder: &ClaimHolder) -> Stop {
        let message = format!(
            "{key:?} on {} belongs to {:?} (id {}) of the directory {:?}, and this one is of the \
             directory {:?}; rename or delete one of the two, or leave this one out of the \
             appliance's scope. It goes on by itself as soon as the name is free",
            self.target.name(),
            holder.name,
            holder.resource_id,
            holder.directory,
            self.work.link.directory,
        );
        self.wait(key, FailureClass::Conflict.as_str(), message)
    }

    fn wait(&self, key: &str, class: &str, message: String) -> Stop {
        let pause = crate::delivery::backoff::delay(
            &self.context.settings,
            self.work.link.attempts,
            None,
            self.context.random.as_ref(),
        );
        Stop::Verdict(Verdict::WaitForKey {
            class: class.to_owned(),
            namespace: self.object.namespace().to_owned(),
            key: self.object.fold_key(key),
            message,
            until_ms: self.context.clock.now_ms()
                + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2),
        })
    }

    /// An account that the bridge did not make: `on_existing` decides, and its only word so far is
    /// `hold`.
    async fn existing(&mut self, found: Observed, key: &str) -> Result<Tried, Stop> {
        let (id, protected) = (found.id.clone(), found.protected);
        if let Some(intent) = self.progress.intent.clone() {
            self.take_if_ours(found, &intent).await?;
            if self.progress.remote_id.is_some() {
                return Ok(Tried::Ours);
            }
        }
        let appliance = self.target.name();
        if protected {
            return Ok(Tried::Collision(Stop::refuse(
                FailureClass::Refused,
                format!(
                    "{key:?} is a built-in or protected account of {appliance}; the bridge never \
                     touches it"
                ),
            )));
        }
        Ok(Tried::Collision(Stop::hold(
            "existing",
            format!(
                "{appliance} already has {key:?} (id {id}), which the bridge did not make; rename or \
                 delete it there, or leave the person out of the appliance's scope"
            ),
        )))
    }
}

/// Whether the holder keeps the key although its resource is gone and nothing is about to happen.
fn lingers(holder: &ClaimHolder) -> bool {
    holder.deleted
        && matches!(
            holder.state,
            LinkState::PurgeWaiting | LinkState::InSync | LinkState::Held | LinkState::Refused
        )
}

/// Claims the names of accounts that are about to be made, in the order of their links, before the
/// attempts run beside each other: which of two people gets the plain name does not depend on which
/// attempt is the faster. What cannot be claimed is left to the attempts.
pub(in crate::delivery) async fn reserve_names(
    context: &Context,
    target: &Target,
    lease: &LeaseHandle,
    work: &[LinkWork],
) {
    if target.policy.on_collision != CollisionPolicy::Suffix {
        return;
    }
    // Which names it takes depends on the API that it speaks; an appliance that cannot be asked gets
    // no accounts now, and what is claimed for them would be let go again.
    if target.connection.speaks().await.is_err() {
        return;
    }
    for work in work {
        if let Some(base) = name_to_reserve(target, work)
            && reserve(context, target, lease, work, &base).await.is_err()
        {
            // The attempts will meet the same, and say so.
            return;
        }
    }
}

async fn reserve(
    context: &Context,
    target: &Target,
    lease: &LeaseHandle,
    work: &LinkWork,
    base: &str,
) -> Result<(), StoreError> {
    let spoken = target.connection.profile();
    let Some(object) = spoken.object(work.link.kind) else {
        return Ok(());
    };
    for candidate in candidates(object, base, None, true) {
        if object.is_protected_key(&candidate.key) {
            continue;
        }
        let outcome = context
            .store
            .claim_key(ClaimKey {
                appliance: target.name().to_owned(),
                epoch: lease.epoch,
                link_id: work.link.id,
                namespace: object.namespace().to_owned(),
                key: object.fold_key(&candidate.key),
                suffix: candidate.suffix,
            })
            .await?;
        match outcome {
            // An account that may come over, or go, is for the attempt to judge.
            ClaimOutcome::HeldBy(holder) if keeps_its_key(&holder) && !holder.deleted => {}
            ClaimOutcome::HeldBy(_) | ClaimOutcome::Claimed => return Ok(()),
        }
    }
    Ok(())
}

/// The key that the attributes of a new account give.
fn name_to_reserve(target: &Target, work: &LinkWork) -> Option<String> {
    let progress = &work.link.progress;
    let starts_anew =
        progress.remote_id.is_none() && progress.intent.is_none() && !progress.uncertain;
    if work.link.kind != ResourceKind::User || !starts_anew {
        return None;
    }
    let resource = work.resource.as_ref()?;
    let spoken = target.connection.profile();
    let object = spoken.object(work.link.kind)?;
    let document: Map<String, Value> = serde_json::from_str(&resource.document).ok()?;
    if !target.in_scope(work.link.kind, &document, &work.groups) {
        return None;
    }
    let desired = target.translate(object, &work.link.resource_id, &document, &work.groups);
    let wanted = desired.violations.is_empty() && (desired.active || target.policy.create_inactive);
    let key = desired.key.filter(|_| wanted)?;
    let numbered = own_suffix(object, &work.claims, &key).is_some();
    (!numbered).then_some(key)
}
