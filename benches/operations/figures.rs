//! Times, and what is told of them.

use std::time::{Duration, Instant};

/// How long the same thing took, again and again.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Waits for the end of something and notes how long it took.
    pub async fn note<T>(&mut self, work: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let done = work.await;
        self.0.push(begun.elapsed());
        done
    }

    /// The time, in milliseconds, that this share of all did not exceed.
    pub fn at_most(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        let position = (last as f64 * share).round() as usize;
        sorted
            .get(position)
            .map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
    }

    /// The median in milliseconds.
    pub fn median(&self) -> f64 {
        self.at_most(0.5)
    }
}
