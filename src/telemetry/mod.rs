//! What every floor may use to say how it is doing: clock, metrics, logs. Imports none of them.

mod clock;
mod logs;
mod metrics;

pub use clock::{Clock, SystemClock};
pub use logs::{LogError, LogFormat, start_logs};
pub use metrics::{Metrics, ScanEvent};
