//! Changing an account that the bridge owns: rename, fields, password, state.

use std::borrow::Cow;

use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use crate::delivery::naming::{Candidate, keeps_its_key};
use crate::delivery::settings::{PasswordPolicy, RenamePolicy};
use crate::store::{ClaimOutcome, SealedPassword, Verdict};
use crate::vendor::{Address, Answer, FailureClass, RenderedRequest, Translated};

use super::run::{Run, Stop};

impl Run<'_> {
    /// Brings an existing account to the desired state.
    pub(super) async fn change(
        &mut self,
        desired: &Translated,
        follow_state: bool,
    ) -> Result<(), Stop> {
        let key = self.progress.account_key.clone().unwrap_or_default();
        self.refuse_own_account(&key).await?;
        // A leaver is locked out first; whatever else has changed comes after.
        if follow_state && !desired.active {
            self.disable().await?;
        }
        let renamed = self.rename(desired).await;
        // What is wrong with the name keeps nothing else from being brought up to date.
        if let Err(stop @ (Stop::Store(_) | Stop::Failure(_))) = renamed {
            return Err(stop);
        }
        // Nor does a password that cannot be delivered.
        let (secrets, undelivered) = match self.secrets_for_change(desired) {
            Ok(secrets) => (secrets, Ok(())),
            Err(stop) => (Map::new(), Err(stop)),
        };
        let named = self.under_its_name(desired);
        let updated = self.update(&named, secrets).await;
        // Nor what the appliance does not take, or does not obey.
        if let Err(stop @ (Stop::Store(_) | Stop::Failure(_))) = updated {
            return Err(stop);
        }
        if follow_state && desired.active {
            self.enable(&named).await?;
        }
        renamed.and(undelivered).and(updated)
    }

    /// The desired state under the name that the account has: a number may be behind it, or it could
    /// not be renamed.
    fn under_its_name<'d>(&self, desired: &'d Translated) -> Cow<'d, Translated> {
        match &self.progress.account_key {
            Some(key) if desired.key.as_ref() != Some(key) => {
                Cow::Owned(self.object.rekeyed(desired, key))
            }
            _ => Cow::Borrowed(desired),
        }
    }

    async fn update(
        &mut self,
        desired: &Translated,
        secrets: Map<String, Value>,
    ) -> Result<(), Stop> {
        let Some(id) = self.progress.remote_id.clone() else {
            return Ok(());
        };
        let changes = self.object.changes(&self.progress.applied, &desired.fields);
        if changes.is_empty() && secrets.is_empty() {
            return Ok(());
        }
        let sent = self.with_ids(&changes).await?;
        let beside = self.with_ids(&desired.fields).await?;
        let key = self.progress.account_key.clone().unwrap_or_default();
        let account = Address { id: &id, key: &key };
        let request = self
            .object
            .update_request(account, &sent, &beside, &secrets)?;
        let answer = self.write_to_existing(request).await?;
        let after = self
            .object
            .after_update(&self.progress.applied, &desired.fields);
        let before = std::mem::replace(&mut self.progress.applied, after);
        if !secrets.is_empty() {
            // What else was written can be read again after a crash; that a password has been
            // delivered cannot.
            self.progress.password_version =
                self.work.password.as_ref().map(|sealed| sealed.version);
            self.progress.lasting_notes.password = Some(format!(
                "the changed password was sent, and {} accepted the call; that the account has it \
                 cannot be seen there",
                self.target.name()
            ));
            self.checkpoint().await?;
        }
        self.prove_update(&id, &before, &changes, &answer).await
    }

    /// A password travels only if it is newer than what the account has.
    fn secrets_for_change(&mut self, desired: &Translated) -> Result<Map<String, Value>, Stop> {
        let mut secrets = Map::new();
        let Some(sealed) = &self.work.password else {
            return Ok(secrets);
        };
        if self.progress.password_version >= Some(sealed.version) {
            return Ok(secrets);
        }
        if !desired.secrets.iter().any(|field| field.changeable) {
            self.note_undeliverable_password(sealed);
            return Ok(secrets);
        }
        for field in desired.secrets.iter().filter(|field| field.changeable) {
            if let Some(password) = self.synchronised_password(field)? {
                let value = Value::String(password.expose_secret().to_owned());
                secrets.insert(field.name.clone(), value);
            }
        }
        Ok(secrets)
    }

    /// The vendor takes a password at the creation only: a newer one has nowhere to go, and is not
    /// kept for it.
    fn note_undeliverable_password(&mut self, sealed: &SealedPassword) {
        if self.target.policy.password != PasswordPolicy::Sync {
            return;
        }
        self.progress.password_version = Some(sealed.version);
        self.progress.lasting_notes.password = Some(format!(
            "the password has changed in the directory; {} takes one only when an account is made, \
             so that the account keeps the one it has",
            self.target.name()
        ));
    }

    async fn rename(&mut self, desired: &Translated) -> Result<(), Stop> {
        let (Some(id), Some(old), Some(base)) = (
            self.progress.remote_id.clone(),
            self.progress.account_key.clone(),
            desired.key.clone(),
        ) else {
            return Ok(());
        };
        let new = self.own_name(&base);
        if old == new {
            return Ok(());
        }
        if !self.object.can_rename() {
            return self.rename_impossible(desired, &old, &new).await;
        }
        let mut taken = None;
        for candidate in self.candidates(&base) {
            let stop = match self.rename_as(&id, &old, &candidate).await? {
                None => return Ok(()),
                Some(stop) => stop,
            };
            self.give_up(&candidate.key);
            taken.get_or_insert(stop);
        }
        Err(taken.unwrap_or_else(|| self.no_name_left(&base)))
    }

    /// Renames the account if nobody else has the name; else what to end with, unless another name
    /// is found.
    async fn rename_as(
        &mut self,
        id: &str,
        old: &str,
        candidate: &Candidate,
    ) -> Result<Option<Stop>, Stop> {
        let new = candidate.key.as_str();
        if let Some(stop) = self.protected_name(new) {
            return Ok(Some(stop));
        }
        if let ClaimOutcome::HeldBy(holder) = self.claim(candidate).await? {
            if keeps_its_key(&holder) {
                return Ok(Some(self.kept_by_another(new, &holder)));
            }
            if holder.waits_for_us {
                // Each waits for the other's name: this account steps aside under a temporary one.
                self.step_aside(id, old).await?;
            }
            return Err(self.wait_for_key(new, &holder));
        }
        match self.rename_to(id, new).await {
            Ok(()) => Ok(None),
            Err(Stop::Failure(failure)) if failure.class == FailureClass::Conflict => {
                Ok(Some(Stop::Failure(failure)))
            }
            Err(stop) => Err(stop),
        }
    }

    async fn step_aside(&mut self, id: &str, old: &str) -> Result<(), Stop> {
        let temporary = Candidate {
            key: self.temporary_key(),
            suffix: None,
        };
        if old == temporary.key {
            return Ok(());
        }
        self.claim(&temporary).await?;
        self.rename_to(id, &temporary.key).await
    }

    async fn rename_impossible(
        &mut self,
        desired: &Translated,
        old: &str,
        new: &str,
    ) -> Result<(), Stop> {
        if self.object.fold_key(old) == self.object.fold_key(new) {
            // Only the letters' case differs, and the vendor takes both for the same name.
            return Ok(());
        }
        match self.target.policy.on_rename {
            RenamePolicy::Recreate => self.recreate(desired).await,
            RenamePolicy::Refuse => Err(Stop::refuse(
                FailureClass::Invalid,
                format!(
                    "the account is called {old:?} on {}, and this vendor cannot rename it to \
                     {new:?}; everything else is up to date. Undo the new name in the directory, \
                     or let the appliance make another account: on_rename = \"recreate\"",
                    self.target.name()
                ),
            )),
        }
    }

    async fn rename_to(&mut self, id: &str, key: &str) -> Result<(), Stop> {
        let old = self.progress.account_key.clone().unwrap_or_default();
        let account = Address { id, key: &old };
        let Some(request) = self.object.rename_request(account, key)? else {
            return Ok(());
        };
        self.write_to_existing(request).await?;
        self.progress.account_key = Some(key.to_owned());
        self.progress.applied.insert(
            self.object.key_field().to_owned(),
            Value::String(key.to_owned()),
        );
        Ok(())
    }

    /// The same for the same link, so that a crash in between finds its own temporary name.
    fn temporary_key(&self) -> String {
        let token: String = self
            .work
            .link
            .resource_id
            .chars()
            .rev()
            .filter(char::is_ascii_alphanumeric)
            .take(10)
            .collect();
        self.object.temporary_key(&token.to_lowercase())
    }

    /// A write to an account that we believe exists. If it does not, the account is forgotten and
    /// the link starts anew at once.
    pub(super) async fn write_to_existing(
        &mut self,
        request: RenderedRequest,
    ) -> Result<Answer, Stop> {
        let id = self.progress.remote_id.clone().unwrap_or_default();
        let key = self.progress.account_key.clone().unwrap_or_default();
        if !self.is_still_at(Address { id: &id, key: &key }).await? {
            return Err(self.account_vanished());
        }
        match self.call(request).await {
            Ok(answer) => Ok(answer),
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {
                Err(self.account_vanished())
            }
            Err(stop) => Err(stop),
        }
    }

    fn account_vanished(&mut self) -> Stop {
        self.forget_account();
        Stop::Verdict(Verdict::Retry {
            at_ms: self.context.clock.now_ms(),
            class: FailureClass::NotFound.as_str().to_owned(),
            message: format!(
                "the account has vanished from {}; it is made anew",
                self.target.name()
            ),
        })
    }
}
