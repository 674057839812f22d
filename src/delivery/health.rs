//! Whether the delivery is at work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio_util::sync::CancellationToken;

/// The delivery's own account of itself.
#[derive(Debug, Default)]
pub struct DeliveryHealth {
    started: AtomicBool,
    /// Tasks that ended although nobody had told them to: a defect.
    lost: AtomicUsize,
}

impl DeliveryHealth {
    /// Says what is wrong, if something is.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn check(&self) -> Result<(), String> {
        if !self.started.load(Ordering::Acquire) {
            return Err("the delivery has not started yet".to_owned());
        }
        match self.lost.load(Ordering::Acquire) {
            0 => Ok(()),
            lost => Err(format!(
                "{lost} of the delivery's tasks ended unexpectedly; restart scim-bridge and report \
                 what the log says"
            )),
        }
    }

    pub(super) fn started(&self) {
        self.started.store(true, Ordering::Release);
    }
}

/// Counts a task as lost if it ends, in whatever way, before it was told to.
struct Watch {
    health: Arc<DeliveryHealth>,
    stop: CancellationToken,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.stop.is_cancelled() {
            self.health.lost.fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// Runs a task under watch.
pub(super) async fn watch(
    health: Arc<DeliveryHealth>,
    stop: CancellationToken,
    task: impl Future<Output = ()>,
) {
    let _watch = Watch { health, stop };
    task.await;
}

#[cfg(test)]
mod tests {
    use super::{DeliveryHealth, watch};
    use std::sync::Arc;
    use tokio_util::sync::CancellationToken;

    #[tokio::test]
    async fn a_task_that_ends_unasked_is_reported() {
        let health = Arc::new(DeliveryHealth::default());
        assert!(health.check().is_err(), "not started");
        health.started();
        let stop = CancellationToken::new();
        let panicking = tokio::spawn(watch(Arc::clone(&health), stop.clone(), async {
            panic!("a defect")
        }));
        assert!(panicking.await.is_err());
        assert!(health.check().unwrap_err().contains("1 of"));
    }

    #[tokio::test]
    async fn a_task_that_ends_when_told_to_is_fine() {
        let health = Arc::new(DeliveryHealth::default());
        health.started();
        let stop = CancellationToken::new();
        stop.cancel();
        watch(Arc::clone(&health), stop, async {}).await;
        assert!(health.check().is_ok());
    }
}
