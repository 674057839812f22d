//! One worker for each appliance: holds its lease, takes due links, runs attempts beside each
//! other, steps through sweeps. Workers know nothing of each other, so that a dead appliance delays
//! no other.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::attempt::{Report, attempt};
use super::backoff;
use super::breaker::{Breaker, Limits, Permit};
use super::context::Context;
use super::converge::reserve_names;
use super::lease::{LeaseHandle, call_timeout};
use super::sweep;
use super::target::Target;
use crate::store::StoreError;

/// How long to rest when the store itself fails.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Drives one appliance until it is told to stop.
pub(super) struct Worker {
    pub(super) context: Arc<Context>,
    pub(super) target: Arc<Target>,
    pub(super) wake: Arc<Notify>,
    pub(super) stop: CancellationToken,
}

/// Why a lease period ended.
enum Ended {
    Stopped,
    /// Somebody else has the lease, or links may be in flight that nobody works on: only a new
    /// epoch says what became of them.
    LeaseLost,
    /// The store failed between marking links and handing them over: the lease is given back, which
    /// puts what nobody works on back into the queue, and is taken anew.
    StoreFailed,
}

impl Worker {
    pub(super) async fn run(self) {
        let mut restarted = true;
        while !self.stop.is_cancelled() {
            let duration_ms = self.lease_ms();
            let acquired = self
                .context
                .store
                .acquire_lease(
                    self.target.name(),
                    &self.context.owner,
                    self.context.clock.now_ms(),
                    duration_ms,
                )
                .await;
            match acquired {
                Ok(Some(lease)) => {
                    let lease = Arc::new(LeaseHandle::new(lease));
                    let breaker = self.restore_breaker(std::mem::take(&mut restarted)).await;
                    match self.drive(&lease, breaker).await {
                        Ended::Stopped => break,
                        Ended::LeaseLost => {
                            warn!(appliance = self.target.name(), "the lease is lost");
                            self.rest(STORE_PAUSE).await;
                        }
                        Ended::StoreFailed => self.rest(STORE_PAUSE).await,
                    }
                }
                // Another replica drives it; look again when its lease may have run out.
                Ok(None) => self.rest(self.context.settings.lease / 3).await,
                Err(error) => {
                    warn!(appliance = self.target.name(), %error, "no lease could be taken");
                    self.rest(STORE_PAUSE).await;
                }
            }
        }
        self.target.connection.close().await;
    }

    /// Works under one lease.
    async fn drive(&self, lease: &Arc<LeaseHandle>, mut breaker: Breaker) -> Ended {
        let mut attempts: JoinSet<Report> = JoinSet::new();
        let mut all_recorded = true;
        let ended = loop {
            if self.stop.is_cancelled() {
                break Ended::Stopped;
            }
            if !self.keep_lease(lease).await {
                break Ended::LeaseLost;
            }
            let next_ms = match self.start_attempts(lease, &breaker, &mut attempts).await {
                Ok(next_ms) => next_ms,
                Err(StoreError::LeaseLost { .. }) => break Ended::LeaseLost,
                Err(StoreError::Closed) => break Ended::Stopped,
                Err(error) => {
                    warn!(appliance = self.target.name(), %error, "due links could not be read");
                    break Ended::StoreFailed;
                }
            };
            let pause = self.pause_until(next_ms, lease);
            tokio::select! {
                biased;
                () = self.stop.cancelled() => break Ended::Stopped,
                Some(joined) = attempts.join_next(), if !attempts.is_empty() => {
                    if !self.joined(joined, &mut breaker, lease).await {
                        all_recorded = false;
                        break Ended::LeaseLost;
                    }
                }
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        };
        self.finish(attempts, &mut breaker, lease, all_recorded)
            .await;
        ended
    }

    /// Starts as many attempts as the breaker and the appliance's concurrency allow. Returns when
    /// to look again at the latest; `None` means that only a wake-up or a finished attempt matters.
    async fn start_attempts(
        &self,
        lease: &Arc<LeaseHandle>,
        breaker: &Breaker,
        attempts: &mut JoinSet<Report>,
    ) -> Result<Option<i64>, StoreError> {
        let now_ms = self.context.clock.now_ms();
        let allowed = match breaker.permit(now_ms) {
            Permit::Until(at_ms) => return Ok(Some(at_ms)),
            Permit::Probe => 1,
            Permit::All => self.target.connection.settings().concurrency.max(1),
        };
        let free = allowed.saturating_sub(attempts.len());
        if free == 0 {
            return Ok(None);
        }
        let store = &self.context.store;
        let due = store
            .take_due_links(
                self.target.name(),
                lease.epoch,
                now_ms,
                u32::try_from(free).unwrap_or(u32::MAX),
            )
            .await?;
        let took = due.work.len();
        reserve_names(&self.context, &self.target, lease, &due.work).await;
        for work in due.work {
            let context = Arc::clone(&self.context);
            let target = Arc::clone(&self.target);
            let lease = Arc::clone(lease);
            attempts.spawn(async move { attempt(&context, &target, &lease, &work).await });
        }
        // A sweep feeds the queue when single changes leave room, so that they never wait for it.
        if took == free {
            return Ok(due.next_due_ms);
        }
        match sweep::step(&self.context, &self.target, lease.epoch).await {
            Ok(true) => Ok(Some(now_ms)),
            Ok(false) => Ok(due.next_due_ms),
            Err(error @ (StoreError::LeaseLost { .. } | StoreError::Closed)) => Err(error),
            Err(error) => {
                // No link has been marked: the attempts that run are not concerned.
                warn!(appliance = self.target.name(), %error, "a sweep could not go on");
                Ok(Some(now_ms + pause_ms(STORE_PAUSE)))
            }
        }
    }

    async fn joined(
        &self,
        joined: Result<Report, tokio::task::JoinError>,
        breaker: &mut Breaker,
        lease: &LeaseHandle,
    ) -> bool {
        let report = match joined {
            Ok(report) => report,
            Err(error) => {
                // A defect of ours; the link stays in flight and becomes uncertain at the next
                // epoch, so let the lease run out to begin one.
                warn!(appliance = self.target.name(), %error, "an attempt ended abnormally");
                return false;
            }
        };
        self.tell_breaker(&report, breaker, lease).await;
        report.lease_held
    }

    async fn tell_breaker(&self, report: &Report, breaker: &mut Breaker, lease: &LeaseHandle) {
        let settings = &self.context.settings;
        let changed = match &report.failure {
            Some(failure) => breaker.failed(
                failure.class,
                &failure.message,
                failure
                    .retry_after
                    .map(|asked| asked.min(settings.max_retry_after)),
                Limits {
                    failures: settings.breaker_failures,
                    pause: settings.breaker_pause,
                    longest: backoff::longest(settings),
                },
                self.context.clock.now_ms(),
            ),
            None if report.answered => breaker.answered(self.context.clock.now_ms()),
            None => false,
        };
        if !changed {
            return;
        }
        let state = breaker.as_str();
        self.context.observer.breaker(self.target.name(), state);
        match &breaker.reason {
            Some(reason) => warn!(
                appliance = self.target.name(),
                state,
                pause_ms = breaker.open_until_ms - self.context.clock.now_ms(),
                "the appliance is paused: {reason}"
            ),
            None => info!(
                appliance = self.target.name(),
                state, "the appliance is back"
            ),
        }
        let saved = self
            .context
            .store
            .save_breaker(self.target.name(), lease.epoch, breaker.save())
            .await;
        if let Err(error) = saved {
            warn!(appliance = self.target.name(), %error, "the breaker could not be saved");
        }
    }

    async fn restore_breaker(&self, restarted: bool) -> Breaker {
        let reports = self.context.store.appliance_report().await;
        let text = reports.ok().and_then(|reports| {
            reports
                .into_iter()
                .find(|report| report.name == self.target.name())
                .and_then(|report| report.breaker)
        });
        let mut breaker = Breaker::restore(text.as_deref());
        if restarted {
            breaker = breaker.after_restart();
        }
        self.context
            .observer
            .breaker(self.target.name(), breaker.as_str());
        breaker
    }

    /// Renews the lease when a third of it is gone.
    async fn keep_lease(&self, lease: &LeaseHandle) -> bool {
        let now_ms = self.context.clock.now_ms();
        let duration_ms = self.lease_ms();
        if lease.until_ms() - now_ms > duration_ms / 3 * 2 {
            return true;
        }
        let renewed = self
            .context
            .store
            .renew_lease(self.target.name(), lease.epoch, now_ms, duration_ms)
            .await;
        match renewed {
            Ok(true) => {
                lease.prolong(now_ms + duration_ms);
                true
            }
            Ok(false) => false,
            // The store may come back before the lease runs out; attempts stop by themselves when
            // it does not.
            Err(error) => {
                warn!(appliance = self.target.name(), %error, "the lease could not be renewed");
                lease.until_ms() > now_ms
            }
        }
    }

    fn pause_until(&self, next_ms: Option<i64>, lease: &LeaseHandle) -> Duration {
        let now_ms = self.context.clock.now_ms();
        let renew_ms = match lease.until_ms() - self.lease_ms() / 3 * 2 {
            // The store did not take the last renewal: give it time.
            overdue if overdue < now_ms => now_ms + pause_ms(STORE_PAUSE),
            renew_ms => renew_ms,
        };
        let until_ms = next_ms.map_or(renew_ms, |next_ms| next_ms.min(renew_ms));
        Duration::from_millis(until_ms.saturating_sub(now_ms).max(0).unsigned_abs())
    }

    /// Lets attempts in flight end within the grace period, then gives the lease back, if every
    /// attempt under it has been recorded: giving it back puts links in flight into the queue as if
    /// nothing had been written, which of an attempt without an outcome nobody knows.
    async fn finish(
        &self,
        mut attempts: JoinSet<Report>,
        breaker: &mut Breaker,
        lease: &LeaseHandle,
        mut all_recorded: bool,
    ) {
        let grace = self.context.settings.shutdown_grace;
        let drain = async {
            while let Some(joined) = attempts.join_next().await {
                all_recorded &= self.joined(joined, breaker, lease).await;
            }
        };
        if tokio::time::timeout(grace, drain).await.is_err() {
            // What is cut off here stays in flight; the next epoch finds it uncertain and looks
            // before it writes. So the lease is left to run out.
            warn!(
                appliance = self.target.name(),
                cut_off = attempts.len(),
                "calls in flight did not end in time"
            );
            attempts.abort_all();
            return;
        }
        if !all_recorded {
            return;
        }
        let released = self
            .context
            .store
            .release_lease(self.target.name(), lease.epoch)
            .await;
        if let Err(error) = released {
            warn!(appliance = self.target.name(), %error, "the lease could not be given back");
        }
    }

    async fn rest(&self, duration: Duration) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep(duration) => {}
        }
    }

    /// A call starts only if the lease outlasts it, and the lease is renewed when a third of it is
    /// gone: a lease of less than three calls would keep slow appliances from ever being called.
    fn lease_ms(&self) -> i64 {
        let call = call_timeout(self.target.connection.settings());
        pause_ms(self.context.settings.lease.max(call.saturating_mul(3)))
    }
}

fn pause_ms(pause: Duration) -> i64 {
    i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 4)
}
