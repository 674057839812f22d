//! Links made due are worked off: leases, queue, backoff, breaker, guard, sweeps, convergence.
//!
//! Delivery is level-triggered: a link carries what should be true, never a queue of past
//! operations. Ten changes while an appliance is down become one write when it returns, and a crash
//! anywhere is healed by converging again.

mod attempt;
mod backoff;
mod breaker;
mod context;
mod converge;
mod goal;
mod health;
mod lease;
pub mod naming;
mod planner;
mod secrets;
mod settings;
mod sweep;
mod target;
mod upkeep;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use breaker::{Breaker, Permit};
pub use context::{Context, DeliveryObserver};
pub use health::DeliveryHealth;
pub use secrets::{Randomness, SealError, Sealer, SystemRandomness};
pub use settings::{
    AppliancePolicy, CollisionPolicy, DeliverySettings, GuardSettings, PasswordPolicy, Removal,
    RenamePolicy, Scope,
};
pub use target::Target;

use crate::directory::TargetPlanner;
use crate::store::StoreError;

/// The workers of all appliances, started or about to be.
pub struct Delivery {
    context: Arc<Context>,
    targets: Vec<(Arc<Target>, Arc<Notify>)>,
    stop: CancellationToken,
    health: Arc<DeliveryHealth>,
    tasks: JoinSet<()>,
}

impl Delivery {
    /// A delivery for these appliances; nothing runs before [`Delivery::start`].
    pub fn new(context: Context, targets: Vec<Target>) -> Self {
        Self {
            context: Arc::new(context),
            targets: targets
                .into_iter()
                .map(|target| (Arc::new(target), Arc::new(Notify::new())))
                .collect(),
            stop: CancellationToken::new(),
            health: Arc::new(DeliveryHealth::default()),
            tasks: JoinSet::new(),
        }
    }

    /// What the directory asks about appliances.
    pub fn planner(&self) -> Arc<dyn TargetPlanner> {
        Arc::new(planner::Planner {
            targets: self.targets.clone(),
        })
    }

    /// Tells the store which appliances there are, and starts a worker for each.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start(&mut self) -> Result<(), StoreError> {
        let registrations = self
            .targets
            .iter()
            .map(|(target, _)| target.registration())
            .collect();
        let now_ms = self.context.clock.now_ms();
        self.context
            .store
            .register_appliances(registrations, now_ms)
            .await?;
        for (target, wake) in &self.targets {
            let worker = worker::Worker {
                context: Arc::clone(&self.context),
                target: Arc::clone(target),
                wake: Arc::clone(wake),
                stop: self.stop.clone(),
            };
            let watched = health::watch(Arc::clone(&self.health), self.stop.clone(), worker.run());
            self.tasks.spawn(watched);
        }
        let guard_window = self
            .targets
            .iter()
            .map(|(target, _)| target.policy.guard.window)
            .max()
            .unwrap_or(Duration::from_secs(3600));
        let upkeep = upkeep::run(Arc::clone(&self.context), guard_window, self.stop.clone());
        self.tasks.spawn(health::watch(
            Arc::clone(&self.health),
            self.stop.clone(),
            upkeep,
        ));
        self.health.started();
        Ok(())
    }

    /// Whether the delivery is at work, to be asked at any time.
    pub fn health(&self) -> Arc<DeliveryHealth> {
        Arc::clone(&self.health)
    }

    /// Finishes or releases what is in flight, and ends.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

#[cfg(test)]
mod tests;
