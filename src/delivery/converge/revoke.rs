//! Ending what a person still holds when an account is switched off or deleted.

use serde_json::Value;
use tracing::warn;

use crate::store::AccountState;
use crate::vendor::{Cursor, FailureClass, Holder, Operation};

use super::run::{Run, Stop};

/// Where `applied` remembers that sessions and tokens are still to be ended, so that no crash and
/// no failure in between hides it; no vendor field can have this name.
const REVOKING: &str = "$revoking";

/// So many pages of sessions are read, far more than a person has.
const MOST_PAGES: usize = 1_000;

impl Run<'_> {
    /// Notes, before the account is switched off, that what the person holds has to end.
    pub(super) async fn announce_revocation(&mut self) -> Result<(), Stop> {
        if self.object.revocation().is_none() {
            return Ok(());
        }
        self.progress
            .applied
            .insert(REVOKING.to_owned(), Value::Bool(true));
        self.checkpoint().await
    }

    /// An account that is let in again keeps what it has.
    pub(super) fn withdraw_revocation(&mut self) {
        self.progress.applied.remove(REVOKING);
    }

    /// Ends what the person holds, if that is still to be done.
    pub(super) async fn revoke_if_announced(&mut self) -> Result<(), Stop> {
        if self.progress.applied.contains_key(REVOKING) {
            self.revoke().await?;
            self.progress.applied.remove(REVOKING);
        }
        Ok(())
    }

    /// Before a deletion, where sessions would outlive the account. The account is switched off
    /// first, or its owner could log in again in between. What the appliance does not let us end
    /// keeps no account from being deleted.
    pub(super) async fn revoke_before_deletion(&mut self, id: &str) -> Result<(), Stop> {
        let wanted = self
            .object
            .revocation()
            .is_some_and(crate::vendor::Revocation::is_before_deletion);
        if !wanted {
            return Ok(());
        }
        let ended = async {
            if self.progress.account_state == AccountState::Active && self.object.can_disable() {
                self.write_switch(Operation::Disable, id).await?;
                self.progress.account_state = AccountState::Disabled;
            }
            self.revoke().await
        };
        match ended.await {
            Err(Stop::Failure(failure))
                if !failure.class.is_transient() && is_ours(failure.class) =>
            {
                warn!(
                    appliance = self.target.name(),
                    resource = self.work.link.resource_id,
                    "sessions or tokens of an account that is deleted could not be ended: {failure}"
                );
                Ok(())
            }
            ended => ended,
        }
    }

    async fn revoke(&mut self) -> Result<(), Stop> {
        let object = self.object;
        let (Some(revocation), Some(id)) = (object.revocation(), self.progress.remote_id.clone())
        else {
            return Ok(());
        };
        let key = self.progress.account_key.clone().unwrap_or_default();
        let holder = Holder { id: &id, key: &key };
        for item in self.held(holder).await? {
            match self.call(revocation.revoke_request(holder, &item)?).await {
                Ok(_) => {}
                Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    /// All of it is listed before any of it is ended, or the pages would shift.
    async fn held(&mut self, holder: Holder<'_>) -> Result<Vec<String>, Stop> {
        let object = self.object;
        let Some(revocation) = object.revocation() else {
            return Ok(Vec::new());
        };
        let mut held = Vec::new();
        let mut cursor = Cursor::default();
        for _ in 0..MOST_PAGES {
            let answer = match self.call(revocation.list_request(holder, &cursor)?).await {
                Ok(answer) => answer,
                // Without the account there is nothing to hold.
                Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {
                    return Ok(held);
                }
                Err(stop) => return Err(stop),
            };
            let same_key =
                |left: &str, right: &str| object.fold_key(left) == object.fold_key(right);
            let page = revocation
                .held(&answer, holder, same_key)
                .map_err(|reason| self.unreadable("listing sessions or tokens", &reason))?;
            held.extend(page);
            match revocation.next_page(&cursor, &answer) {
                Ok(Some(next)) => cursor = next,
                Ok(None) => return Ok(held),
                Err(reason) => return Err(self.unreadable("listing sessions or tokens", &reason)),
            }
        }
        Err(self.unreadable(
            "listing sessions or tokens",
            &format!("the list does not end after {MOST_PAGES} pages"),
        ))
    }
}

/// Whether the appliance will not let us, which waiting does not change.
fn is_ours(class: FailureClass) -> bool {
    class != FailureClass::Unauthenticated
}
