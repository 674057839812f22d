//! Looking before writing.

use crate::store::{AccountState, Intent, Ownership};
use crate::vendor::{Address, FailureClass, Observed, Translated};

use super::run::{Run, Stop};

impl Run<'_> {
    /// Looks an account up by its key. The rows that come back are compared with the key again,
    /// as some vendors ignore a filter that they do not know; several that match end the attempt.
    pub(super) async fn find(&mut self, key: &str) -> Result<Option<Observed>, Stop> {
        let request = self.object.find_request(key)?;
        let answer = match self.call(request).await {
            Ok(answer) => answer,
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => {
                return Ok(None);
            }
            Err(stop) => return Err(stop),
        };
        let rows = self
            .object
            .observe_many(&answer)
            .map_err(|reason| self.unreadable("looking up an account", &reason))?;
        let folded = self.object.fold_key(key);
        let mut matching = rows
            .into_iter()
            .filter(|row| self.object.fold_key(&row.key) == folded);
        let first = matching.next();
        match matching.find(|row| first.as_ref().is_some_and(|first| first.id != row.id)) {
            None => Ok(first),
            Some(second) => Err(Stop::hold(
                FailureClass::Conflict.as_str(),
                format!(
                    "{} has more than one account that answers to {key:?} (ids {} and {}); remove \
                     or rename one of them",
                    self.target.name(),
                    first.map(|row| row.id).unwrap_or_default(),
                    second.id
                ),
            )),
        }
    }

    /// Reads the account of the link; `None` if it is gone.
    pub(super) async fn read(&mut self, id: &str) -> Result<Option<Observed>, Stop> {
        let Some(request) = self.object.read_request(id)? else {
            // Only a look-up by key is to be had, and a rename may be under way: to a key that is
            // claimed.
            let account_key = self.progress.account_key.clone();
            let claimed = self.held.clone().into_iter().map(|claim| claim.key);
            for key in account_key.into_iter().chain(claimed) {
                let found = self.find(&key).await?;
                if found.as_ref().is_some_and(|row| row.id == id) {
                    return Ok(found);
                }
            }
            return Ok(None);
        };
        match self.call(request).await {
            Ok(answer) => self
                .object
                .observe_one(&answer)
                .map(Some)
                .map_err(|reason| self.unreadable("reading an account", &reason)),
            Err(Stop::Failure(failure)) if failure.class == FailureClass::NotFound => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    /// Whether a write to an account reaches it. An id reaches nobody else; a key may be somebody
    /// else's by now, so that where the vendor knows accounts by nothing else, a look comes before
    /// every write: what we don't own we don't touch.
    pub(super) async fn is_still_at(&mut self, account: Address<'_>) -> Result<bool, Stop> {
        if !self.object.is_addressed_by_key() {
            return Ok(true);
        }
        let found = self.find(account.key).await?;
        Ok(found.is_some_and(|found| found.id == account.id && !found.protected))
    }

    /// Settles what a lost answer left open, by looking.
    pub(super) async fn resolve_uncertainty(&mut self, desired: &Translated) -> Result<(), Stop> {
        if !self.progress.uncertain {
            return Ok(());
        }
        if let Some(id) = self.progress.remote_id.clone() {
            match self.read(&id).await? {
                Some(observed) => self.learn(&observed, desired),
                None => self.forget_account(),
            }
        } else if let Some(intent) = self.progress.intent.clone() {
            match self.find(&intent.key).await? {
                Some(observed) => self.take_if_ours(observed, &intent).await?,
                None => self.progress.intent = None,
            }
        }
        self.progress.uncertain = false;
        self.checkpoint().await
    }

    /// The account that an intent announced is ours if it equals the intent. (The ownership marker,
    /// where a profile has one, is among the fields.)
    ///
    /// A look-up may show a few fields only, and what is not shown counts as equal: so the whole
    /// account is read where the vendor lets us.
    pub(super) async fn take_if_ours(
        &mut self,
        found: Observed,
        intent: &Intent,
    ) -> Result<(), Stop> {
        let observed = match self.object.read_request(&found.id)? {
            Some(_) => self.read(&found.id).await?,
            None => Some(found),
        };
        let ours = observed.filter(|observed| {
            !observed.protected && self.object.same_as(&observed.fields, &intent.fields)
        });
        let Some(observed) = ours else {
            self.progress.intent = None;
            return Ok(());
        };
        self.progress.remote_id = Some(observed.id.clone());
        self.progress.account_key = Some(observed.key.clone());
        self.progress.applied = intent.fields.clone();
        self.progress.ownership = Ownership::Created;
        self.progress.intent = None;
        self.progress.account_state = match observed.active {
            Some(false) => AccountState::Disabled,
            _ => AccountState::Active,
        };
        Ok(())
    }

    /// Takes over what the appliance shows of our account. Fields that the answer does not hold
    /// stay as they were: a missing key is unknown, not empty.
    fn learn(&mut self, observed: &Observed, desired: &Translated) {
        self.progress.account_key = Some(observed.key.clone());
        for (name, value) in &observed.fields {
            if self.progress.applied.contains_key(name) || desired.fields.contains_key(name) {
                self.progress.applied.insert(name.clone(), value.clone());
            }
        }
        let followed = self
            .work
            .resource
            .as_ref()
            .is_some_and(|resource| resource.activations <= self.progress.applied_activations);
        let disabling = self.progress.disabling;
        // What does not show stays open until the state is written again.
        self.progress.disabling = disabling && observed.active.is_none();
        match observed.active {
            Some(true) => self.progress.account_state = AccountState::Active,
            // Somebody else has disabled it, if we neither did nor were about to: only a new
            // activation in the directory may enable it.
            Some(false)
                if self.progress.account_state == AccountState::Active
                    && !disabling
                    && desired.active
                    && followed =>
            {
                self.progress.notes.push(format!(
                    "somebody else disabled the account on {}; it stays so until it is activated \
                     anew in the directory",
                    self.target.name()
                ));
            }
            Some(false) => self.progress.account_state = AccountState::Disabled,
            None => {}
        }
    }

    /// An answer that is JSON but not what the profile says.
    pub(super) fn unreadable(&self, doing: &str, reason: &str) -> Stop {
        Stop::Failure(crate::appliance::Failure {
            class: FailureClass::Protocol,
            operation: crate::vendor::Operation::Read,
            status: None,
            message: format!(
                "{doing}: {} answered what its profile does not know: {reason}",
                self.target.name()
            ),
            retry_after: None,
        })
    }
}
