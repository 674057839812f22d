//! Changing an account that the bridge owns: rename, fields, password, state.

use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use crate::store::{ClaimOutcome, Verdict};
use crate::vendor::{Answer, FailureClass, RenderedRequest, Translated};

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
        let updated = self.update(desired, secrets).await;
        // Nor what the appliance does not take, or does not obey.
        if let Err(stop @ (Stop::Store(_) | Stop::Failure(_))) = updated {
            return Err(stop);
        }
        if follow_state && desired.active {
            self.enable(desired).await?;
        }
        renamed.and(undelivered).and(updated)
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
        let request = self.object.update_request(&id, &sent, &beside, &secrets)?;
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
            self.checkpoint().await?;
        }
        self.prove_update(&id, &before, &changes, &answer).await
    }

    /// A password travels only if it is newer than what the account has.
    fn secrets_for_change(&self, desired: &Translated) -> Result<Map<String, Value>, Stop> {
        let mut secrets = Map::new();
        let Some(sealed) = &self.work.password else {
            return Ok(secrets);
        };
        if self.progress.password_version >= Some(sealed.version) {
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

    async fn rename(&mut self, desired: &Translated) -> Result<(), Stop> {
        let (Some(id), Some(old), Some(new)) = (
            self.progress.remote_id.clone(),
            self.progress.account_key.clone(),
            desired.key.clone(),
        ) else {
            return Ok(());
        };
        if old == new {
            return Ok(());
        }
        if !self.object.can_rename() {
            return self.refuse_rename(&old, &new);
        }
        if self.object.is_protected_key(&new) {
            return Err(Stop::refuse(
                FailureClass::Refused,
                format!("{new:?} is a protected name on {}", self.target.name()),
            ));
        }
        if let ClaimOutcome::HeldBy(holder) = self.claim(&new).await? {
            if !holder.waits_for_us {
                return Err(self.wait_for_key(&new, &holder));
            }
            // Each waits for the other's name: this account steps aside under a temporary one.
            let temporary = self.temporary_key();
            if old != temporary {
                self.claim(&temporary).await?;
                self.rename_to(&id, &temporary).await?;
            }
            return Err(self.wait_for_key(&new, &holder));
        }
        self.rename_to(&id, &new).await
    }

    fn refuse_rename(&self, old: &str, new: &str) -> Result<(), Stop> {
        if self.object.fold_key(old) == self.object.fold_key(new) {
            // Only the letters' case differs, and the vendor takes both for the same name.
            return Ok(());
        }
        Err(Stop::refuse(
            FailureClass::Invalid,
            format!(
                "the account is called {old:?} on {}, and this vendor cannot rename it to {new:?}; \
                 everything else is up to date",
                self.target.name()
            ),
        ))
    }

    async fn rename_to(&mut self, id: &str, key: &str) -> Result<(), Stop> {
        let Some(request) = self.object.rename_request(id, key)? else {
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
        match self.call(request).await {
            Ok(answer) => Ok(answer),
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {
                self.forget_account();
                Err(Stop::Verdict(Verdict::Retry {
                    at_ms: self.context.clock.now_ms(),
                    class: failure.class.as_str().to_owned(),
                    message: format!(
                        "the account has vanished from {}; it is made anew",
                        self.target.name()
                    ),
                }))
            }
            Err(stop) => Err(stop),
        }
    }
}
