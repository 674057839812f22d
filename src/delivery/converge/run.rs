//! One attempt under way: what every step of it needs.

use serde_json::Map;

use crate::appliance::Failure;
use crate::delivery::context::Context;
use crate::delivery::lease::{LeaseHandle, call_timeout};
use crate::delivery::naming::Candidate;
use crate::delivery::target::Target;
use crate::store::{Claim, ClaimKey, ClaimOutcome, LinkProgress, LinkWork, StoreError, Verdict};
use crate::vendor::{Answer, FailureClass, ObjectProfile, RenderError, RenderedRequest};

/// Why an attempt ends before the account is as desired.
#[derive(Debug)]
pub(in crate::delivery) enum Stop {
    /// A call to the appliance failed; what follows depends on its class.
    Failure(Failure),
    /// The store failed, or the lease is lost: nothing can be recorded.
    Store(StoreError),
    /// The attempt ends with this verdict.
    Verdict(Verdict),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<RenderError> for Stop {
    fn from(error: RenderError) -> Self {
        // A value that may not stand in a request: sending it again will not help.
        Self::refuse(FailureClass::Invalid, error.to_string())
    }
}

impl Stop {
    /// Ends the attempt as refused: waits for another change.
    pub(super) fn refuse(class: FailureClass, message: impl Into<String>) -> Self {
        Self::Verdict(Verdict::Refuse {
            class: class.as_str().to_owned(),
            message: message.into(),
        })
    }

    /// Ends the attempt as held: an operator decides.
    pub(super) fn hold(class: &str, message: impl Into<String>) -> Self {
        Self::Verdict(Verdict::Hold {
            class: class.to_owned(),
            message: message.into(),
        })
    }
}

/// One attempt at one link.
pub(in crate::delivery) struct Run<'a> {
    pub(in crate::delivery) context: &'a Context,
    pub(in crate::delivery) target: &'a Target,
    pub(in crate::delivery) lease: &'a LeaseHandle,
    pub(in crate::delivery) work: &'a LinkWork,
    pub(in crate::delivery) object: &'a ObjectProfile,
    /// How far the link has come.
    pub(in crate::delivery) progress: LinkProgress,
    /// Keys that the link held before this attempt, or that came with an account taken over.
    pub(in crate::delivery) held: Vec<Claim>,
    /// Keys that this attempt has claimed.
    pub(in crate::delivery) claimed: Vec<Claim>,
    /// The key that the attributes give, folded, if they give one.
    pub(in crate::delivery) base: Option<String>,
    /// What was written, for the log: `create`, `update` ...
    pub(in crate::delivery) writes: Vec<&'static str>,
    /// Whether the appliance has answered a call; an attempt that needs none says nothing of it.
    pub(in crate::delivery) answered: bool,
}

impl Run<'_> {
    /// Calls the appliance, if the lease outlasts the call.
    pub(super) async fn call(&mut self, request: RenderedRequest) -> Result<Answer, Stop> {
        let timeout = call_timeout(self.target.connection.settings());
        let timeout_ms = i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX);
        if !self.lease.outlasts(self.context.clock.now_ms(), timeout_ms) {
            return Err(Stop::Store(StoreError::LeaseLost {
                appliance: self.target.name().to_owned(),
                epoch: self.lease.epoch,
            }));
        }
        if request.operation.writes() {
            self.writes.push(request.operation.as_str());
        }
        match self.target.connection.call(&request).await {
            Ok(answer) => {
                self.answered = true;
                Ok(answer)
            }
            Err(failure) => {
                self.answered = speaks_of_an_account(failure.class);
                if failure.class == FailureClass::Uncertain {
                    self.progress.uncertain = true;
                }
                Err(Stop::Failure(failure))
            }
        }
    }

    /// Saves how far the link has come, so that a crash from here on knows of it.
    pub(super) async fn checkpoint(&self) -> Result<(), Stop> {
        let store = &self.context.store;
        store
            .checkpoint(
                self.target.name(),
                self.lease.epoch,
                self.work.link.id,
                self.progress.clone(),
            )
            .await?;
        Ok(())
    }

    /// Claims a key in the profile's name space.
    pub(super) async fn claim(&mut self, candidate: &Candidate) -> Result<ClaimOutcome, Stop> {
        let claim = Claim {
            suffix: candidate.suffix.clone(),
            ..self.claim_of(&candidate.key)
        };
        let outcome = self
            .context
            .store
            .claim_key(ClaimKey {
                appliance: self.target.name().to_owned(),
                epoch: self.lease.epoch,
                link_id: self.work.link.id,
                namespace: claim.namespace.clone(),
                key: claim.key.clone(),
                suffix: claim.suffix.clone(),
            })
            .await?;
        if outcome == ClaimOutcome::Claimed && !self.claimed.contains(&claim) {
            self.claimed.push(claim);
        }
        Ok(outcome)
    }

    /// What is claimed of a key.
    pub(in crate::delivery) fn claim_of(&self, key: &str) -> Claim {
        Claim {
            namespace: self.object.namespace().to_owned(),
            key: self.object.fold_key(key),
            suffix: None,
        }
    }

    /// Refuses to touch the account by which the bridge itself logs in.
    pub(super) async fn refuse_own_account(&self, key: &str) -> Result<(), Stop> {
        self.own_login(key).await?.map_or(Ok(()), Err)
    }

    /// The refusal, if that is the account by which the bridge itself logs in.
    pub(super) async fn own_login(&self, key: &str) -> Result<Option<Stop>, Stop> {
        let own = self.target.connection.whoami().await?;
        let is_own = own.is_some_and(|own| self.object.fold_key(&own) == self.object.fold_key(key));
        Ok(is_own.then(|| {
            Stop::refuse(
                FailureClass::Refused,
                format!(
                    "{key:?} is the account by which the bridge itself logs in to {}; it is \
                     never changed",
                    self.target.name()
                ),
            )
        }))
    }

    /// The account is gone (or never was): what was applied is forgotten, a new one may be made. One
    /// under a former name is not concerned.
    pub(super) fn forget_account(&mut self) {
        let notes = std::mem::take(&mut self.progress.notes);
        let mut lasting_notes = std::mem::take(&mut self.progress.lasting_notes);
        lasting_notes.password = None;
        let applied_activations = self.progress.applied_activations;
        self.progress = LinkProgress {
            notes,
            lasting_notes,
            former: self.progress.former.take(),
            applied_activations,
            applied: Map::new(),
            ..LinkProgress::default()
        };
    }
}

/// Whether a failure is the appliance's judgement on what was asked, so that it is well itself.
fn speaks_of_an_account(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::Conflict
            | FailureClass::NotFound
            | FailureClass::Invalid
            | FailureClass::Refused
            | FailureClass::Denied
    )
}
