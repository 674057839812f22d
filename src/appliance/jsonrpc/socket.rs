//! Opens links to one appliance, and not in a hot loop.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use tokio::time::Instant;

use super::dial::Dial;
use super::link::{KeepAlive, Link, LinkLimits};
use crate::appliance::ApplianceSettings;
use crate::appliance::lost::Lost;
use crate::appliance::rest::Rest;
use crate::vendor::Transport;

/// Firewalls forget connections that are silent for about a minute.
const PING_EVERY: Duration = Duration::from_secs(20);

/// The pause after the first attempt that failed; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Where the websocket of an appliance is opened.
pub(in crate::appliance) struct Socket {
    dial: Dial,
    limits: LinkLimits,
    pause: Mutex<Pause>,
}

/// What attempts in a row have come to.
#[derive(Default)]
struct Pause {
    failures: u32,
    until: Option<Instant>,
    problem: String,
}

impl Socket {
    /// Opens nothing yet.
    pub(in crate::appliance) fn new(
        settings: &ApplianceSettings,
        transport: &Transport,
        rest: &Rest,
        tls: ClientConfig,
    ) -> Self {
        Self {
            dial: Dial {
                origin: rest.origin().clone(),
                path: transport.path.clone(),
                headers: rest.headers().clone(),
                tls: Arc::new(tls),
                time: settings.connect_timeout,
                max_message_bytes: settings.max_response_bytes,
            },
            limits: LinkLimits {
                keep_alive: KeepAlive {
                    every: PING_EVERY,
                    patience: settings.connect_timeout,
                },
                max_request_bytes: transport.max_request_bytes,
                max_message_bytes: settings.max_response_bytes,
            },
            pause: Mutex::default(),
        }
    }

    /// Opens a link until `deadline`, unless the last attempts failed and the next is not due.
    pub(in crate::appliance) async fn open(&self, deadline: Instant) -> Result<Link, Lost> {
        let now = Instant::now();
        self.due(now)?;
        let opened = self
            .dial
            .open(deadline.saturating_duration_since(now))
            .await;
        self.note(opened.as_ref().err());
        Ok(Link::start(opened?, self.limits))
    }

    fn due(&self, now: Instant) -> Result<(), Lost> {
        let pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        match pause.until {
            Some(until) if now < until => Err(Lost::Unreachable(format!(
                "{}; the next attempt is made in {} ms at the earliest",
                pause.problem,
                (until - now).as_millis()
            ))),
            _ => Ok(()),
        }
    }

    fn note(&self, failure: Option<&Lost>) {
        let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(failure) = failure else {
            *pause = Pause::default();
            return;
        };
        let doubled = FIRST_PAUSE.saturating_mul(1 << pause.failures.min(16));
        pause.failures = pause.failures.saturating_add(1);
        pause.until = Some(Instant::now() + doubled.min(LONGEST_PAUSE));
        pause.problem = failure.problem();
    }
}
