//! Asking the guard before an account is disabled or deleted.

use crate::store::{Admission, AdmitDestruction, Destruction, GuardHold};

use super::run::{Run, Stop};

/// What the configuration allows within the guard's window.
#[derive(Debug, Clone, Copy)]
struct Limits {
    max_count: u32,
    max_share_percent: u32,
    window_ms: i64,
}

impl Run<'_> {
    /// Asks the guard; ends the attempt as held when the limit of the window is reached.
    ///
    /// What has once been held stays so: a new window, or another change of the resource that wants
    /// the same, is no operator's decision. Other limits in the configuration are.
    pub(super) async fn admit(&mut self, destruction: Destruction) -> Result<(), Stop> {
        let limits = self.limits(destruction);
        if let Some(hold) = &self.progress.guard_hold
            && hold.destruction == destruction
            && hold.limits == limits.text()
        {
            return Err(Stop::hold("guard", hold.message.clone()));
        }
        let now_ms = self.context.clock.now_ms();
        let admission = self
            .context
            .store
            .admit_destruction(AdmitDestruction {
                appliance: self.target.name().to_owned(),
                epoch: self.lease.epoch,
                link_id: self.work.link.id,
                destruction,
                since_ms: now_ms.saturating_sub(limits.window_ms),
                now_ms,
                max_count: limits.max_count,
                max_share_percent: limits.max_share_percent,
            })
            .await?;
        match admission {
            Admission::Admitted => {
                self.progress.guard_hold = None;
                // As the store has noted it.
                self.progress.disabling = destruction == Destruction::Disable;
                Ok(())
            }
            Admission::Held { used, limit } => {
                let message = self.held_message(destruction, limits, used, limit);
                self.progress.guard_hold = Some(GuardHold {
                    destruction,
                    limits: limits.text(),
                    message: message.clone(),
                });
                Err(Stop::hold("guard", message))
            }
        }
    }

    fn limits(&self, destruction: Destruction) -> Limits {
        let guard = &self.target.policy.guard;
        let (max_count, max_share_percent) = match destruction {
            Destruction::Disable => (guard.max_disables, guard.max_disables_percent),
            Destruction::Delete => (guard.max_deletes, guard.max_deletes_percent),
        };
        Limits {
            max_count,
            max_share_percent,
            window_ms: i64::try_from(guard.window.as_millis()).unwrap_or(i64::MAX),
        }
    }

    fn held_message(
        &self,
        destruction: Destruction,
        limits: Limits,
        used: u64,
        limit: u64,
    ) -> String {
        let doing = match destruction {
            Destruction::Disable => "disabling",
            Destruction::Delete => "deleting",
        };
        format!(
            "{doing} one more would pass the guard of {appliance}: {used} of {limit} within \
             {minutes} minutes are used; it stays held until an operator decides (raise the guard \
             in the appliance's configuration) or the directory takes it back",
            appliance = self.target.name(),
            minutes = limits.window_ms / 60_000,
        )
    }
}

impl Limits {
    fn text(self) -> String {
        format!(
            "{} or {}% within {} ms",
            self.max_count, self.max_share_percent, self.window_ms
        )
    }
}
