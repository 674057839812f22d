//! Making an account where there is none: claim, look, record the intent, write.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use crate::appliance::Failure;
use crate::delivery::naming::Candidate;
use crate::delivery::secrets::{SealError, generate_password};
use crate::delivery::settings::PasswordPolicy;
use crate::store::{AccountState, Intent, Ownership, Verdict};
use crate::vendor::{FailureClass, SecretField, Translated};

use super::collision::Tried;
use super::run::{Run, Stop};

/// The alphabet of a generated secret when the profile names none.
const DEFAULT_ALPHABET: &str = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.";

/// What came of a creation.
pub(super) enum Made {
    /// The account is there.
    Account,
    /// Somebody else has the name, although no look-up shows it; what to end with.
    Collision(Stop),
}

impl Run<'_> {
    /// Makes the account, under the first name that is free for it. On return it exists and
    /// `progress` says how.
    pub(super) async fn create(&mut self, desired: &Translated, key: &str) -> Result<(), Stop> {
        let mut taken = None;
        for candidate in self.candidates(key) {
            let stop = match self.try_name(&candidate, desired).await? {
                Tried::Ours => return Ok(()),
                Tried::Free => match self.make(desired, &candidate).await? {
                    Made::Account => return Ok(()),
                    Made::Collision(stop) => stop,
                },
                Tried::Collision(stop) => stop,
            };
            self.give_up(&candidate.key);
            // What is wrong with the plain name is what an operator can do something about.
            taken.get_or_insert(stop);
        }
        Err(taken.unwrap_or_else(|| self.no_name_left(key)))
    }

    pub(super) fn no_name_left(&self, key: &str) -> Stop {
        Stop::refuse(
            FailureClass::Invalid,
            format!(
                "no name can be made of {key:?} that {} takes; change it in the directory",
                self.target.name()
            ),
        )
    }

    /// Sends the creation under a name that is claimed and free.
    pub(super) async fn make(
        &mut self,
        desired: &Translated,
        candidate: &Candidate,
    ) -> Result<Made, Stop> {
        let desired = &self.object.rekeyed(desired, &candidate.key);
        let key = candidate.key.as_str();
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
                self.prove_creation(desired, &answer).await?;
                Ok(Made::Account)
            }
            Err(Stop::Failure(failure)) if may_exist_all_the_same(failure.class) => {
                // Some vendors refuse a creation after it has taken place (a mail that could not be
                // sent); and a conflict may be with our own lost attempt.
                self.progress.uncertain = true;
                self.look_after_refused_creation(key).await?;
                self.progress.uncertain = false;
                if self.progress.remote_id.is_some() {
                    return Ok(Made::Account);
                }
                self.progress.intent = None;
                creation_refused(failure)
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
        if self.progress.former.is_some() {
            // With the intent, the account in whose place this one is made has to be remembered.
            return self.checkpoint().await;
        }
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

fn creation_refused(failure: Failure) -> Result<Made, Stop> {
    if failure.class == FailureClass::Conflict {
        // Taken, yet not to be seen: an administrator of the appliance, or another kind of object.
        return Ok(Made::Collision(Stop::hold("existing", failure.message)));
    }
    Err(Stop::Failure(failure))
}
