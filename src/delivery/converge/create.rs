//! Making an account where there is none: claim, look, record the intent, write.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use crate::appliance::Failure;
use crate::delivery::secrets::{SealError, generate_password};
use crate::delivery::settings::PasswordPolicy;
use crate::store::{
    AccountState, ClaimHolder, ClaimOutcome, Inheritance, Intent, LinkProgress, LinkState,
    Ownership, Verdict,
};
use crate::vendor::{FailureClass, Observed, SecretField, Translated};

use super::run::{Run, Stop};

/// The alphabet of a generated secret when the profile names none.
const DEFAULT_ALPHABET: &str = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.";

impl Run<'_> {
    /// Makes the account. On return it exists and `progress` says how.
    pub(super) async fn create(&mut self, desired: &Translated, key: &str) -> Result<(), Stop> {
        if self.object.is_protected_key(key) {
            return Err(Stop::refuse(
                FailureClass::Refused,
                format!(
                    "{key:?} is a protected account of {}; the bridge never touches it",
                    self.target.name()
                ),
            ));
        }
        self.refuse_own_account(key).await?;
        if self.claim_or_inherit(key).await? {
            // The account came with the claim; what differs is written as a change. What the old
            // link left open is looked at first.
            self.resolve_uncertainty(desired).await?;
            if self.progress.remote_id.is_some() {
                return Ok(());
            }
        }
        if let Some(found) = self.find(key).await? {
            return self.existing(found, key).await;
        }
        // An intent without a request would let us take an account for ours that somebody else makes.
        let secrets = self.secrets_for_creation(desired)?;
        let fields = self.with_ids(&desired.fields).await?;
        let request = self
            .object
            .create_request(&fields, desired.active, &secrets)?;
        self.record_intent(desired, key).await?;
        match self.call(request).await {
            Ok(answer) => {
                let id = self.object.created_id(&answer);
                self.created(desired, key, id).await?;
                self.prove_creation(desired, &answer).await
            }
            Err(Stop::Failure(failure)) if may_exist_all_the_same(failure.class) => {
                // Some vendors refuse a creation after it has taken place (a mail that could not be
                // sent); and a conflict may be with our own lost attempt.
                self.progress.uncertain = true;
                self.look_after_refused_creation(key).await?;
                self.progress.uncertain = false;
                if self.progress.remote_id.is_some() {
                    return Ok(());
                }
                self.progress.intent = None;
                Err(creation_refused(failure))
            }
            Err(Stop::Failure(failure)) if failure.class != FailureClass::Uncertain => {
                // Nothing has happened: what turns up there meanwhile is not ours.
                self.progress.intent = None;
                Err(Stop::Failure(failure))
            }
            Err(stop) => Err(stop),
        }
    }

    async fn record_intent(&mut self, desired: &Translated, key: &str) -> Result<(), Stop> {
        let intent = Intent {
            key: key.to_owned(),
            fields: desired.fields.clone(),
            at_ms: self.context.clock.now_ms(),
        };
        self.progress.intent = Some(intent.clone());
        self.context
            .store
            .record_intent(
                self.target.name(),
                self.lease.epoch,
                self.work.link.id,
                intent,
            )
            .await?;
        Ok(())
    }

    async fn created(
        &mut self,
        desired: &Translated,
        key: &str,
        id: Option<String>,
    ) -> Result<(), Stop> {
        let id = match id {
            Some(id) => id,
            None => {
                // There is an account, whatever becomes of the look-up.
                self.progress.uncertain = true;
                match self.find(key).await? {
                    Some(found) => found.id,
                    None => {
                        return Err(self.unreadable(
                            "creating an account",
                            "it reported success, but the account cannot be found",
                        ));
                    }
                }
            }
        };
        self.progress.uncertain = false;
        self.progress.remote_id = Some(id);
        self.progress.account_key = Some(key.to_owned());
        self.progress.applied = desired.fields.clone();
        self.progress.ownership = Ownership::Created;
        self.progress.intent = None;
        self.progress.account_state = if desired.active || !self.object.can_disable() {
            AccountState::Active
        } else {
            AccountState::Disabled
        };
        if let Some(password) = &self.work.password
            && self.target.policy.password == PasswordPolicy::Sync
        {
            self.progress.password_version = Some(password.version);
        }
        // No checkpoint: until the outcome is recorded, the intent says all that a crash has to know.
        Ok(())
    }

    async fn look_after_refused_creation(&mut self, key: &str) -> Result<(), Stop> {
        let Some(intent) = self.progress.intent.clone() else {
            return Ok(());
        };
        if let Some(found) = self.find(key).await? {
            self.take_if_ours(found, &intent).await?;
        }
        Ok(())
    }

    /// An account that the bridge did not make: `on_existing` decides, and its only word so far is
    /// `hold`.
    async fn existing(&mut self, found: Observed, key: &str) -> Result<(), Stop> {
        let (id, protected) = (found.id.clone(), found.protected);
        if let Some(intent) = self.progress.intent.clone() {
            self.take_if_ours(found, &intent).await?;
            if self.progress.remote_id.is_some() {
                return Ok(());
            }
        }
        let appliance = self.target.name();
        if protected {
            return Err(Stop::refuse(
                FailureClass::Refused,
                format!(
                    "{key:?} is a built-in or protected account of {appliance}; the bridge never touches it"
                ),
            ));
        }
        Err(Stop::hold(
            "existing",
            format!(
                "{appliance} already has {key:?} (id {id}), which the bridge did not make; rename or \
                 delete it there, or leave the person out of the appliance's scope"
            ),
        ))
    }

    /// Claims the key. Where a deleted resource's account still holds it, the account goes over to
    /// the same person (same directory and `externalId`), and `true` is returned.
    async fn claim_or_inherit(&mut self, key: &str) -> Result<bool, Stop> {
        match self.claim(key).await? {
            ClaimOutcome::Claimed => Ok(false),
            ClaimOutcome::HeldBy(holder) => {
                if self.lingers(&holder)
                    && self.same_person(&holder)
                    && self.inherit(&holder).await?
                {
                    return Ok(true);
                }
                // An account that is about to go, or will in the end, frees the key with that, and
                // whoever waits for it is woken.
                Err(self.wait_for_key(key, &holder))
            }
        }
    }

    /// Whether the holder keeps the key although nothing is about to happen to it.
    fn lingers(&self, holder: &ClaimHolder) -> bool {
        holder.deleted
            && matches!(
                holder.state,
                LinkState::PurgeWaiting | LinkState::InSync | LinkState::Held | LinkState::Refused
            )
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

    /// A key that another link of ours holds is a dependency, not a conflict.
    pub(super) fn wait_for_key(&self, key: &str, holder: &ClaimHolder) -> Stop {
        let pause = crate::delivery::backoff::delay(
            &self.context.settings,
            self.work.link.attempts,
            None,
            self.context.random.as_ref(),
        );
        Stop::Verdict(Verdict::WaitForKey {
            namespace: self.object.namespace().to_owned(),
            key: self.object.fold_key(key),
            message: format!(
                "waits for {key:?} on {}, which resource {} holds",
                self.target.name(),
                holder.resource_id
            ),
            until_ms: self.context.clock.now_ms()
                + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2),
        })
    }

    fn secrets_for_creation(&self, desired: &Translated) -> Result<Map<String, Value>, Stop> {
        let mut secrets = Map::new();
        for field in &desired.secrets {
            let synchronised = self.synchronised_password(field)?;
            let value = match (&synchronised, &field.generate) {
                (Some(password), _) => password.expose_secret().to_owned(),
                (None, Some((length, alphabet))) => {
                    let alphabet = if alphabet.is_empty() {
                        DEFAULT_ALPHABET
                    } else {
                        alphabet
                    };
                    generate_password(self.context.random.as_ref(), *length, alphabet)
                        .expose_secret()
                        .to_owned()
                }
                (None, None) => continue,
            };
            secrets.insert(field.name.clone(), Value::String(value));
        }
        Ok(secrets)
    }

    /// The identity provider's password for this appliance, if there is one and the vendor can
    /// take it.
    pub(super) fn synchronised_password(
        &self,
        field: &SecretField,
    ) -> Result<Option<SecretString>, Stop> {
        let (Some(sealed), PasswordPolicy::Sync, Some(sealer)) = (
            &self.work.password,
            self.target.policy.password,
            &self.context.sealer,
        ) else {
            return Ok(None);
        };
        let password = sealer
            .open(&self.work.link.resource_id, &sealed.sealed)
            .map_err(|error| self.unopenable_password(&error))?;
        let text = password.expose_secret();
        let too_long = field
            .max_length
            .is_some_and(|longest| text.chars().count() > longest);
        if too_long || text.chars().any(|c| field.forbidden.contains(c)) {
            // Tried again with another password, or when the store has forgotten this one.
            return Err(Stop::refuse(
                FailureClass::Invalid,
                format!(
                    "the password from the identity provider breaks the rules of {} (at most {} \
                     characters, none of {:?})",
                    self.target.name(),
                    field
                        .max_length
                        .map_or("any number of".to_owned(), |n| n.to_string()),
                    field.forbidden,
                ),
            ));
        }
        Ok(Some(password))
    }

    /// Nothing tells the link when the sealing key is the right one again, so it looks by itself.
    fn unopenable_password(&self, error: &SealError) -> Stop {
        let pause = self.context.settings.refused_retry;
        Stop::Verdict(Verdict::Retry {
            at_ms: self.context.clock.now_ms()
                + i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 2),
            class: FailureClass::Invalid.as_str().to_owned(),
            message: error.to_string(),
        })
    }
}

fn may_exist_all_the_same(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::Conflict | FailureClass::Invalid | FailureClass::Refused
    )
}

fn creation_refused(failure: Failure) -> Stop {
    if failure.class == FailureClass::Conflict {
        // Taken, yet not to be seen: an administrator of the appliance, or another kind of object.
        return Stop::hold("existing", failure.message);
    }
    Stop::Failure(failure)
}
