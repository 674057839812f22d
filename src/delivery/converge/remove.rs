//! Taking an account away.

use crate::store::{Destruction, Ownership};
use crate::vendor::{Address, FailureClass};

use super::run::{Run, Stop};

impl Run<'_> {
    /// Deletes the account, if it is ours. Afterwards there is none, as far as the bridge knows.
    pub(super) async fn delete(&mut self) -> Result<(), Stop> {
        let Some(id) = self.progress.remote_id.clone() else {
            self.forget_account();
            return Ok(());
        };
        if self.progress.ownership == Ownership::Adopted {
            // Bound by configuration: memberships only, the object itself is never ours to delete.
            self.forget_account();
            return Ok(());
        }
        let key = self.progress.account_key.clone().unwrap_or_default();
        self.refuse_own_account(&key).await?;
        let account = Address { id: &id, key: &key };
        let Some(request) = self.object.delete_request(account)? else {
            return Err(Stop::refuse(
                FailureClass::Refused,
                format!("accounts on {} cannot be deleted", self.target.name()),
            ));
        };
        if !self.is_still_at(account).await? {
            self.forget_account();
            return Ok(());
        }
        self.admit(Destruction::Delete).await?;
        self.revoke_before_deletion(&id).await?;
        match self.call(request).await {
            Ok(_) => {}
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {}
            Err(Stop::Failure(failure))
                if failure.class == FailureClass::Refused
                    && self.object.delete_falls_back_to_disable() =>
            {
                self.disable().await?;
                return Err(Stop::Failure(crate::appliance::Failure {
                    message: format!("{} (the account is disabled in its place)", failure.message),
                    ..failure
                }));
            }
            Err(stop) => return Err(stop),
        }
        self.forget_account();
        Ok(())
    }
}
