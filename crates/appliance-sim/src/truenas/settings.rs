//! What of a TrueNAS can be set from outside.

use std::time::Duration;

use serde_json::{Value, json};

use crate::knobs;

/// How long a refused login takes; on the real thing one to two seconds.
const FAILED_LOGIN_PAUSE: Duration = Duration::from_secs(1);
/// How long somebody over the limit waits for the refusal; on the real thing up to ten seconds.
const RATE_LIMIT_PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) failed_login_pause: Duration,
    pub(super) rate_limit_pause: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            failed_login_pause: FAILED_LOGIN_PAUSE,
            rate_limit_pause: RATE_LIMIT_PAUSE,
        }
    }
}

impl knobs::Settings for Settings {
    fn document(&self) -> Value {
        let milliseconds = |pause: Duration| json!(u64::try_from(pause.as_millis()).ok());
        json!({
            "failed_login_milliseconds": milliseconds(self.failed_login_pause),
            "rate_limit_milliseconds": milliseconds(self.rate_limit_pause),
        })
    }

    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        let pause = || value.as_u64().map(Duration::from_millis);
        match name {
            "failed_login_milliseconds" => self.failed_login_pause = pause()?,
            "rate_limit_milliseconds" => self.rate_limit_pause = pause()?,
            _ => return None,
        }
        Some(())
    }
}
