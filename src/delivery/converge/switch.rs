//! Switching an account off and on.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use crate::delivery::secrets::generate_password;
use crate::store::{AccountState, Destruction};
use crate::vendor::{Address, Answer, FailureClass, Operation, StepValues, Translated};

use super::run::{Run, Stop};

/// Where `applied` remembers that the account was locked out by the profile's fallback, because the
/// appliance cannot disable one; no vendor field can have this name.
const LOCKED_OUT: &str = "$locked_out";

impl Run<'_> {
    /// Disables the account, if it is not, and ends what the person still holds.
    pub(super) async fn disable(&mut self) -> Result<(), Stop> {
        if self.progress.account_state == AccountState::Active
            && let Some(id) = self.progress.remote_id.clone()
        {
            self.switch_off(&id).await?;
        }
        self.revoke_if_announced().await
    }

    async fn switch_off(&mut self, id: &str) -> Result<(), Stop> {
        if !self.object.can_disable() {
            return Err(Stop::refuse(
                FailureClass::Refused,
                format!("accounts on {} cannot be disabled", self.target.name()),
            ));
        }
        self.admit(Destruction::Disable).await?;
        self.announce_revocation().await?;
        let written = self.write_switch(Operation::Disable, id).await;
        self.progress.disabling = match &written {
            // Until it is proven, it may be disabled or not.
            Ok(_) => true,
            Err(Stop::Failure(failure)) => failure.class == FailureClass::Uncertain,
            Err(_) => false,
        };
        let shown = self.proven_state(Operation::Disable, id, &written?).await?;
        if shown != Some(false) {
            self.lock_out(id, shown).await?;
        }
        self.progress.disabling = false;
        self.progress.account_state = AccountState::Disabled;
        Ok(())
    }

    /// The appliance did not disable the account: the profile's fallback, if it has one.
    async fn lock_out(&mut self, id: &str, shown: Option<bool>) -> Result<(), Stop> {
        let nothing = Map::new();
        if !self
            .write_fallback(Operation::Disable, id, &nothing)
            .await?
        {
            let what = match shown {
                Some(_) => "the account can still be used",
                None => "the account does not show that it cannot be used any more",
            };
            return Err(self.not_obeyed(Operation::Disable, what));
        }
        self.progress
            .applied
            .insert(LOCKED_OUT.to_owned(), Value::Bool(true));
        self.progress.notes.push(format!(
            "{} cannot disable accounts: this one is locked out by other means, as its profile says",
            self.target.name()
        ));
        Ok(())
    }

    /// What is desired of an account that stays locked out: the fields that the lock-out took away
    /// come back with the account's return. `None` if nothing has to wait.
    pub(super) fn while_locked_out(
        &self,
        desired: &Translated,
        follow_state: bool,
    ) -> Option<Translated> {
        let returns = follow_state && desired.active;
        if returns || !self.is_locked_out() {
            return None;
        }
        let mut desired = desired.clone();
        for name in self.object.fields_of_return() {
            match self.progress.applied.get(name) {
                Some(value) => desired.fields.insert(name.clone(), value.clone()),
                None => desired.fields.remove(name),
            };
        }
        Some(desired)
    }

    fn is_locked_out(&self) -> bool {
        self.progress.applied.contains_key(LOCKED_OUT)
    }

    /// Enables the account if the bridge disabled it, or if the directory has activated the person
    /// anew; never because somebody else disabled it.
    pub(super) async fn enable(&mut self, desired: &Translated) -> Result<(), Stop> {
        let Some(resource) = &self.work.resource else {
            return Ok(());
        };
        let newly_activated = resource.activations > self.progress.applied_activations;
        // One that may have been disabled, and does not show, is enabled to be sure.
        if self.progress.account_state == AccountState::Active
            && !newly_activated
            && !self.progress.disabling
        {
            return Ok(());
        }
        let activations = resource.activations;
        let Some(id) = self.progress.remote_id.clone() else {
            return Ok(());
        };
        if self.object.can_disable() {
            self.switch_on(&id, desired).await?;
        }
        self.withdraw_revocation();
        self.progress.account_state = AccountState::Active;
        self.progress.disabling = false;
        self.progress.applied_activations = activations;
        Ok(())
    }

    async fn switch_on(&mut self, id: &str, desired: &Translated) -> Result<(), Stop> {
        let answer = self.write_switch(Operation::Enable, id).await?;
        let shown = self.proven_state(Operation::Enable, id, &answer).await?;
        if self.is_locked_out() {
            let fields = self.with_ids(&desired.fields).await?;
            self.write_fallback(Operation::Enable, id, &fields).await?;
            for name in self.object.fields_of_return() {
                if let Some(value) = desired.fields.get(name) {
                    self.progress.applied.insert(name.clone(), value.clone());
                }
            }
            self.progress.applied.remove(LOCKED_OUT);
            // The lock-out replaced it: one that the store still has is delivered again.
            self.progress.password_version = None;
            return Ok(());
        }
        if shown == Some(false) {
            return Err(self.not_obeyed(
                Operation::Enable,
                "the appliance itself keeps the account switched off",
            ));
        }
        Ok(())
    }

    /// Writes the state, in as many requests as the profile says; gives the last answer.
    pub(super) async fn write_switch(
        &mut self,
        operation: Operation,
        id: &str,
    ) -> Result<Answer, Stop> {
        let key = self.progress.account_key.clone().unwrap_or_default();
        let password = self.unknown_password();
        let nothing = Map::new();
        let requests = self.object.switch_requests(
            operation,
            StepValues {
                account: Address { id, key: &key },
                password: password.as_ref().map(|password| password.expose_secret()),
                fields: &nothing,
            },
        )?;
        let mut last = None;
        for request in requests {
            last = Some(self.write_to_existing(request).await?);
        }
        last.ok_or_else(|| {
            Stop::refuse(
                FailureClass::Refused,
                format!("{} has no request for {operation}", self.target.name()),
            )
        })
    }

    /// Writes the profile's fallback; `false` if it has none.
    async fn write_fallback(
        &mut self,
        operation: Operation,
        id: &str,
        fields: &Map<String, Value>,
    ) -> Result<bool, Stop> {
        let key = self.progress.account_key.clone().unwrap_or_default();
        let password = self.unknown_password();
        let requests = self.object.fallback_requests(
            operation,
            StepValues {
                account: Address { id, key: &key },
                password: password.as_ref().map(|password| password.expose_secret()),
                fields,
            },
        )?;
        let any = !requests.is_empty();
        for request in requests {
            self.write_to_existing(request).await?;
        }
        Ok(any)
    }

    /// A password that nobody will ever know, within the vendor's rules.
    fn unknown_password(&self) -> Option<SecretString> {
        let (length, alphabet) = self
            .object
            .secrets()
            .into_iter()
            .find_map(|secret| secret.generate)?;
        Some(generate_password(
            self.context.random.as_ref(),
            length,
            &alphabet,
        ))
    }
}
