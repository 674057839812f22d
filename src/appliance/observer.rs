//! Who is told of every exchange with an appliance: the metrics.

use std::time::Duration;

use crate::vendor::{FailureClass, Operation};

/// Is told of every exchange, logins and second attempts after a new login included.
pub trait CallObserver: Send + Sync {
    /// An exchange is over. `status` is the answer's, if there was one; `elapsed` runs from the
    /// sending to the last byte of the body.
    fn called(
        &self,
        appliance: &str,
        operation: Operation,
        outcome: Result<(), FailureClass>,
        status: Option<u16>,
        elapsed: Duration,
    );
}

/// Takes no notice; for commands that keep no metrics.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl CallObserver for Unobserved {
    fn called(
        &self,
        _appliance: &str,
        _operation: Operation,
        _outcome: Result<(), FailureClass>,
        _status: Option<u16>,
        _elapsed: Duration,
    ) {
    }
}
