//! Another name where the vendor cannot rename: a new account takes the place of the former one.
//!
//! The order keeps a crash harmless: the guard is asked, the new name is claimed and looked up, the
//! former account is remembered together with the intent, the new one is made, the groups take it
//! in, and only then the former one goes. Both names stay claimed until that is done.

use crate::delivery::backoff;
use crate::delivery::settings::{Removal, RenamePolicy};
use crate::store::{AccountState, Destruction, FormerAccount, Ownership, Verdict};
use crate::vendor::{Address, FailureClass, Translated};

use super::collision::Tried;
use super::create::Made;
use super::run::{Run, Stop};

impl Run<'_> {
    /// Whether an account has been, or is to be, made anew under another name.
    pub(in crate::delivery) fn recreates(&self, desired: &Translated) -> bool {
        let renamed = match (&self.progress.account_key, &desired.key) {
            (Some(old), Some(base)) => {
                self.object.fold_key(old) != self.object.fold_key(&self.own_name(base))
            }
            _ => false,
        };
        let wanted = self.target.policy.on_rename == RenamePolicy::Recreate
            && !self.object.can_rename()
            && renamed;
        wanted || self.progress.former.is_some()
    }

    /// Makes the account anew under the name that the attributes give now.
    pub(super) async fn recreate(&mut self, desired: &Translated) -> Result<(), Stop> {
        let Some(base) = desired.key.clone() else {
            return Ok(());
        };
        if !desired.active {
            self.progress.notes.push(format!(
                "the account of a leaver is not made anew; it is called {base:?} when the person \
                 returns"
            ));
            return Ok(());
        }
        if self.progress.ownership != Ownership::Created || self.progress.former.is_some() {
            return Err(Stop::refuse(
                FailureClass::Refused,
                format!(
                    "the account on {} cannot be made anew as {base:?}: the bridge did not make it, \
                     or an earlier one is still to be taken away",
                    self.target.name()
                ),
            ));
        }
        self.admit_removal_of_former().await?;
        let mut taken = None;
        for candidate in self.candidates(&base) {
            let stop = match self.try_name(&candidate, desired).await? {
                Tried::Ours => return Ok(()),
                Tried::Collision(stop) => stop,
                Tried::Free => {
                    self.set_aside();
                    let made = self.make(desired, &candidate).await;
                    // Unless the new account exists or may exist, the former one is the account.
                    self.restore_former();
                    match made? {
                        Made::Account => return Ok(()),
                        Made::Collision(stop) => stop,
                    }
                }
            };
            self.give_up(&candidate.key);
            taken.get_or_insert(stop);
        }
        Err(taken.unwrap_or_else(|| self.no_name_left(&base)))
    }

    fn set_aside(&mut self) {
        let progress = &mut self.progress;
        let (Some(remote_id), Some(account_key)) =
            (progress.remote_id.take(), progress.account_key.take())
        else {
            return;
        };
        progress.former = Some(FormerAccount {
            remote_id,
            account_key,
            applied: std::mem::take(&mut progress.applied),
            active: progress.account_state == AccountState::Active,
            password_version: progress.password_version.take(),
        });
        progress.account_state = AccountState::Absent;
        progress.ownership = Ownership::None;
    }

    /// Makes the former account the account again where no other one has taken its place, nor may
    /// have.
    pub(super) fn restore_former(&mut self) {
        let progress = &mut self.progress;
        if progress.remote_id.is_some() || progress.intent.is_some() || progress.uncertain {
            return;
        }
        if let Some(former) = progress.former.take() {
            progress.remote_id = Some(former.remote_id);
            progress.account_key = Some(former.account_key);
            progress.applied = former.applied;
            progress.password_version = former.password_version;
            progress.ownership = Ownership::Created;
            progress.account_state = if former.active {
                AccountState::Active
            } else {
                AccountState::Disabled
            };
        }
    }

    /// Takes the former account away once the groups have taken the new one in, so that nobody is
    /// out of a group in between. A leaver's goes at once.
    pub(super) async fn retire_former_after_groups(
        &mut self,
        desired: &Translated,
    ) -> Result<(), Stop> {
        if self.progress.former.is_none() {
            return Ok(());
        }
        if desired.active && self.target.policy.groups.is_some() {
            // Groups learn of an account with the outcome of the attempt that made it.
            let announced = self.work.link.progress.remote_id == self.progress.remote_id;
            if !announced {
                return Err(self.wait_for_groups(false));
            }
            let store = &self.context.store;
            if store.unsettled_groups(self.work.link.id).await? > 0 {
                return Err(self.wait_for_groups(true));
            }
        }
        self.retire_former().await
    }

    fn wait_for_groups(&self, pause: bool) -> Stop {
        let pause = if pause {
            let random = self.context.random.as_ref();
            backoff::delay(
                &self.context.settings,
                self.work.link.attempts,
                None,
                random,
            )
        } else {
            std::time::Duration::ZERO
        };
        Stop::Verdict(Verdict::Retry {
            at_ms: self.context.clock.now_ms()
                + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2),
            class: "dependency".to_owned(),
            message: format!(
                "the account was made anew on {}; the one under the former name goes when the \
                 groups have taken the new one in",
                self.target.name()
            ),
        })
    }

    /// Disables or deletes the account under the former name, if there is one.
    pub(super) async fn retire_former(&mut self) -> Result<(), Stop> {
        let Some(former) = self.progress.former.clone() else {
            return Ok(());
        };
        self.refuse_own_account(&former.account_key).await?;
        self.admit_removal_of_former().await?;
        let become_of_it = match self.removal_of_former() {
            Destruction::Delete => self.delete_former(&former).await?,
            Destruction::Disable => self.disable_former(&former).await?,
        };
        self.progress.former = None;
        let now = self.progress.account_key.as_deref().unwrap_or_default();
        let note = format!(
            "the account was called {:?} (id {}), and was made anew as {now:?} because {} cannot be \
             told to rename it: the former one {become_of_it}, and its password, its tokens and \
             memberships that were given by hand went with it",
            former.account_key,
            former.remote_id,
            self.target.name(),
        );
        self.progress.lasting_notes.recreated = Some(note);
        Ok(())
    }

    async fn delete_former(&mut self, former: &FormerAccount) -> Result<&'static str, Stop> {
        let Some(request) = self.object.delete_request(address(former))? else {
            return self.disable_former(former).await;
        };
        if !self.is_still_at(address(former)).await? {
            return Ok("was gone");
        }
        match self.call(request).await {
            Ok(_) => Ok("was deleted"),
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {
                Ok("was gone")
            }
            Err(Stop::Failure(failure))
                if failure.class == FailureClass::Refused
                    && self.object.delete_falls_back_to_disable() =>
            {
                self.disable_former(former).await
            }
            Err(stop) => Err(stop),
        }
    }

    async fn disable_former(&mut self, former: &FormerAccount) -> Result<&'static str, Stop> {
        const DISABLED: &str = "is disabled";
        if !former.active {
            return Ok(DISABLED);
        }
        let Some(request) = self.object.disable_request(address(former))? else {
            return Err(Stop::refuse(
                FailureClass::Refused,
                format!(
                    "the account {:?} on {} was made anew under another name, and cannot be \
                     disabled; delete it there",
                    former.account_key,
                    self.target.name()
                ),
            ));
        };
        if !self.is_still_at(address(former)).await? {
            return Ok("was gone");
        }
        match self.call(request).await {
            Ok(_) => Ok(DISABLED),
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {
                Ok("was gone")
            }
            Err(stop) => Err(stop),
        }
    }

    fn removal_of_former(&self) -> Destruction {
        match self.target.policy.on_delete {
            Removal::Delete => Destruction::Delete,
            // The configuration does not let a former account stay in use.
            Removal::Disable | Removal::Keep => Destruction::Disable,
        }
    }

    /// Asks the guard. That something is about to be disabled is not said of the account itself.
    async fn admit_removal_of_former(&mut self) -> Result<(), Stop> {
        let disabling = self.progress.disabling;
        let admitted = self.admit(self.removal_of_former()).await;
        self.progress.disabling = disabling;
        admitted
    }
}

fn address(former: &FormerAccount) -> Address<'_> {
    Address {
        id: &former.remote_id,
        key: &former.account_key,
    }
}
