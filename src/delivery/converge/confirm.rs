//! Looking whether a write was obeyed, where its success proves nothing.

use serde_json::{Map, Value};

use crate::store::Verdict;
use crate::vendor::{Answer, Confirm, FailureClass, Observed, Operation, Translated};

use super::run::{Run, Stop};

impl Run<'_> {
    /// Whether the account is in the state that was written: `None` if it does not show, and what
    /// was written where the profile asks for no proof.
    pub(super) async fn proven_state(
        &mut self,
        operation: Operation,
        id: &str,
        answer: &Answer,
    ) -> Result<Option<bool>, Stop> {
        let confirm = self.object.confirm(operation);
        match self.shown_after(confirm, id, answer).await? {
            Some(observed) => Ok(observed.active),
            None => Ok(Some(operation == Operation::Enable)),
        }
    }

    /// Takes those of the changes back out of `applied` that the appliance has ignored, and fails
    /// if there are any.
    pub(super) async fn prove_update(
        &mut self,
        id: &str,
        before: &Map<String, Value>,
        written: &Map<String, Value>,
        answer: &Answer,
    ) -> Result<(), Stop> {
        let confirm = self.object.confirm(Operation::Update);
        match self.shown_after(confirm, id, answer).await? {
            Some(observed) => self.judge(Operation::Update, &observed, before, written),
            None => Ok(()),
        }
    }

    /// The same of a creation, of which nothing was there before.
    pub(super) async fn prove_creation(
        &mut self,
        desired: &Translated,
        answer: &Answer,
    ) -> Result<(), Stop> {
        let confirm = self.object.confirm(Operation::Create);
        let Some(id) = self.progress.remote_id.clone() else {
            return Ok(());
        };
        match self.shown_after(confirm, &id, answer).await? {
            Some(observed) => {
                self.judge(Operation::Create, &observed, &Map::new(), &desired.fields)
            }
            None => Ok(()),
        }
    }

    /// What the account shows after a write; `None` where the profile asks for no proof.
    async fn shown_after(
        &mut self,
        confirm: Confirm,
        id: &str,
        answer: &Answer,
    ) -> Result<Option<Observed>, Stop> {
        match confirm {
            Confirm::None => return Ok(None),
            Confirm::Reply => {
                if let Ok(observed) = self.object.observe_one(answer)
                    && observed.id == id
                {
                    return Ok(Some(observed));
                }
            }
            Confirm::Read => {}
        }
        if let Some(observed) = self.read(id).await? {
            return Ok(Some(observed));
        }
        self.forget_account();
        Err(Stop::Verdict(Verdict::Retry {
            at_ms: self.context.clock.now_ms(),
            class: FailureClass::NotFound.as_str().to_owned(),
            message: format!(
                "the account has vanished from {} after it was written; it is made anew",
                self.target.name()
            ),
        }))
    }

    fn judge(
        &mut self,
        operation: Operation,
        observed: &Observed,
        before: &Map<String, Value>,
        written: &Map<String, Value>,
    ) -> Result<(), Stop> {
        let disobeyed = self.object.disobeyed(&observed.fields, before, written);
        if !disobeyed.altered.is_empty() {
            self.progress.notes.push(format!(
                "{} shows {} otherwise than it was written",
                self.target.name(),
                disobeyed.altered.join(", ")
            ));
        }
        if disobeyed.ignored.is_empty() {
            return Ok(());
        }
        // The next attempt writes them again.
        for name in &disobeyed.ignored {
            match before.get(name) {
                Some(value) => self.progress.applied.insert(name.clone(), value.clone()),
                None => self.progress.applied.remove(name),
            };
        }
        Err(self.not_obeyed(
            operation,
            &format!("{} did not change", disobeyed.ignored.join(", ")),
        ))
    }

    /// The appliance reported success and did not do it.
    pub(super) fn not_obeyed(&self, operation: Operation, what: &str) -> Stop {
        self.look_again(
            FailureClass::Refused,
            format!(
                "{}: {operation} reported success, but {what}; check what the bridge's account may \
                 do there, and whether the release has the field",
                self.target.name()
            ),
        )
    }
}
