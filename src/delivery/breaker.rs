//! An appliance's breaker: after failures in a row it pauses the appliance, then lets one probe
//! through. It also carries pauses that the appliance asked for.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::vendor::FailureClass;

/// The state of a breaker; kept in the store, so that a restart does not forget it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Breaker {
    /// Failures in a row.
    pub failures: u32,
    /// Until when nothing is sent; 0 if closed.
    pub open_until_ms: i64,
    /// How long the last pause was.
    pub pause_ms: i64,
    /// Why it is open.
    pub reason: Option<String>,
    /// Since when it has been open.
    pub open_since_ms: Option<i64>,
    /// Whether it is open because the appliance refused the credentials.
    #[serde(default)]
    pub login_refused: bool,
}

/// What a breaker allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// As many calls as the appliance's concurrency allows.
    All,
    /// One attempt, whose outcome decides.
    Probe,
    /// Nothing before that time.
    Until(i64),
}

/// Limits of a breaker.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) failures: u32,
    pub(super) pause: Duration,
    pub(super) longest: Duration,
}

impl Breaker {
    /// The breaker as the store kept it; a closed one if the text is not readable.
    pub fn restore(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    /// The breaker for a daemon that has just started: an operator who has corrected the credentials
    /// restarts it, and the next attempt shows whether they are right.
    pub(super) fn after_restart(mut self) -> Self {
        if self.login_refused {
            self.open_until_ms = 0;
        }
        self
    }

    /// The text for the store.
    pub fn save(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The word for metrics and `status`.
    pub fn as_str(&self) -> &'static str {
        match (self.open_since_ms, self.open_until_ms) {
            (None, 0) => "closed",
            (None, _) => "pausing",
            (Some(_), _) => "open",
        }
    }

    /// What may be done now.
    pub fn permit(&self, now_ms: i64) -> Permit {
        if now_ms < self.open_until_ms {
            Permit::Until(self.open_until_ms)
        } else if self.open_since_ms.is_some() {
            Permit::Probe
        } else {
            Permit::All
        }
    }

    /// The appliance answered, whatever it said about one account. Returns whether the state
    /// changed.
    ///
    /// A pause that is still to last stays: the answer is to a call that was sent before it began,
    /// and does not take back what the appliance has asked for since.
    pub(super) fn answered(&mut self, now_ms: i64) -> bool {
        if now_ms < self.open_until_ms {
            return false;
        }
        let was_closed = self.as_str() == "closed";
        *self = Self::default();
        !was_closed
    }

    /// A call failed. Returns whether the state changed: whether the breaker opened (or stays open
    /// for longer), or closed, because the failure speaks about one account and the appliance is
    /// well.
    pub(super) fn failed(
        &mut self,
        class: FailureClass,
        reason: &str,
        retry_after: Option<Duration>,
        limits: Limits,
        now_ms: i64,
    ) -> bool {
        match class {
            FailureClass::Throttled => {
                let pause = retry_after.unwrap_or(limits.pause).min(limits.longest);
                self.open_until_ms = self.open_until_ms.max(now_ms + millis(pause));
                self.reason = Some(reason.to_owned());
                self.login_refused = false;
                true
            }
            FailureClass::Unauthenticated => {
                // A wrong password does not mend itself, and appliances count failed logins.
                self.open(now_ms, limits.longest, reason);
                self.login_refused = true;
                true
            }
            FailureClass::Unavailable | FailureClass::Uncertain | FailureClass::Protocol => {
                if now_ms < self.open_until_ms {
                    // It was sent before the pause began, beside the call that began it, and says
                    // nothing new: only a failed probe makes the pause longer.
                    return false;
                }
                self.failures = self.failures.saturating_add(1);
                if self.failures < limits.failures && self.open_since_ms.is_none() {
                    return false;
                }
                let doubled = Duration::from_millis(self.pause_ms.unsigned_abs()).saturating_mul(2);
                let pause = doubled.clamp(limits.pause, limits.longest.max(limits.pause));
                self.open(now_ms, pause, reason);
                true
            }
            FailureClass::Conflict
            | FailureClass::NotFound
            | FailureClass::Invalid
            | FailureClass::Refused
            | FailureClass::Denied => self.answered(now_ms),
            FailureClass::Incomplete => false,
        }
    }

    fn open(&mut self, now_ms: i64, pause: Duration, reason: &str) {
        self.pause_ms = millis(pause);
        self.open_until_ms = now_ms + self.pause_ms;
        self.open_since_ms = self.open_since_ms.or(Some(now_ms));
        self.reason = Some(reason.to_owned());
        self.login_refused = false;
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Breaker, Limits, Permit};
    use crate::vendor::FailureClass;
    use std::time::Duration;

    const LIMITS: Limits = Limits {
        failures: 3,
        pause: Duration::from_secs(1),
        longest: Duration::from_secs(4),
    };

    fn fail(breaker: &mut Breaker, now_ms: i64) -> bool {
        breaker.failed(FailureClass::Unavailable, "no route", None, LIMITS, now_ms)
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_doubles_its_pause() {
        let mut breaker = Breaker::default();
        assert!(!fail(&mut breaker, 0));
        assert!(!fail(&mut breaker, 0));
        assert_eq!(breaker.permit(0), Permit::All);
        assert!(fail(&mut breaker, 0));
        assert_eq!(breaker.permit(999), Permit::Until(1000));
        assert_eq!(breaker.permit(1000), Permit::Probe);
        assert!(fail(&mut breaker, 1000));
        assert_eq!(breaker.permit(1000), Permit::Until(3000));
        fail(&mut breaker, 3000);
        fail(&mut breaker, 7000);
        assert_eq!(
            breaker.permit(7000),
            Permit::Until(11_000),
            "never above the longest"
        );
    }

    #[test]
    fn one_success_forgives_everything() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            fail(&mut breaker, 0);
        }
        let mut restored = Breaker::restore(Some(&breaker.save()));
        assert_eq!(restored, breaker);
        assert!(restored.answered(1000));
        assert_eq!(restored.permit(1000), Permit::All);
        assert!(!restored.answered(1000));
    }

    #[test]
    fn calls_that_were_under_way_when_it_opened_change_nothing() {
        let mut breaker = Breaker::default();
        for _ in 0..8 {
            fail(&mut breaker, 0);
        }
        assert_eq!(
            breaker.permit(0),
            Permit::Until(1000),
            "one pause, not doubled for each"
        );
        assert!(
            !breaker.answered(500),
            "a straggler's answer is not the probe's"
        );
        assert_eq!(breaker.permit(500), Permit::Until(1000));
    }

    #[test]
    fn a_probe_that_the_appliance_refuses_shows_it_well() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            fail(&mut breaker, 0);
        }
        assert!(breaker.failed(FailureClass::Conflict, "taken", None, LIMITS, 1000));
        assert_eq!(breaker.permit(1000), Permit::All);
    }

    #[test]
    fn what_concerns_one_account_leaves_it_closed() {
        let mut breaker = Breaker::default();
        for class in [
            FailureClass::Invalid,
            FailureClass::Conflict,
            FailureClass::Refused,
            FailureClass::NotFound,
        ] {
            for _ in 0..10 {
                assert!(!breaker.failed(class, "", None, LIMITS, 0));
            }
        }
        assert_eq!(breaker.permit(0), Permit::All);
    }

    #[test]
    fn a_throttled_appliance_gets_the_time_it_asked_for() {
        let mut breaker = Breaker::default();
        let asked = Some(Duration::from_secs(3));
        breaker.failed(FailureClass::Throttled, "429", asked, LIMITS, 0);
        assert_eq!(breaker.permit(2999), Permit::Until(3000));
        assert_eq!(breaker.permit(3000), Permit::All, "no probe: it is healthy");
        breaker.failed(
            FailureClass::Throttled,
            "429",
            Some(Duration::from_secs(9000)),
            LIMITS,
            3000,
        );
        assert_eq!(breaker.permit(3000), Permit::Until(7000), "clamped");
    }

    #[test]
    fn a_refused_login_pauses_at_once() {
        let mut breaker = Breaker::default();
        assert!(breaker.failed(FailureClass::Unauthenticated, "401", None, LIMITS, 0));
        assert_eq!(breaker.permit(3999), Permit::Until(4000));
    }

    #[test]
    fn a_restart_tries_new_credentials_at_once_and_forgives_nothing_else() {
        let mut breaker = Breaker::default();
        breaker.failed(FailureClass::Unauthenticated, "401", None, LIMITS, 0);
        let mut restarted = Breaker::restore(Some(&breaker.save())).after_restart();
        assert_eq!(restarted.permit(1), Permit::Probe);
        restarted.failed(FailureClass::Unauthenticated, "401", None, LIMITS, 1);
        assert_eq!(restarted.permit(2), Permit::Until(4001), "still wrong");

        let mut down = Breaker::default();
        for _ in 0..3 {
            fail(&mut down, 0);
        }
        let restarted = Breaker::restore(Some(&down.save())).after_restart();
        assert_eq!(restarted.permit(1), Permit::Until(1000));
    }
}
