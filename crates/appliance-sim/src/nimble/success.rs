//! What a call that succeeded answers.

use serde_json::Value;

use super::failure::Failure;

/// A status and the body that goes with it.
pub(super) struct Success {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Success {
    pub(super) fn ok(body: Value) -> Result<Self, Failure> {
        Ok(Self { status: 200, body })
    }

    /// One object, in its envelope.
    pub(super) fn data(status: u16, object: Value) -> Result<Self, Failure> {
        Ok(Self {
            status,
            body: serde_json::json!({"data": object}),
        })
    }
}
