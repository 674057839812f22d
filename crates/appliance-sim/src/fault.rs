//! Faults: how a simulator is told to misbehave, and which requests it misbehaves to.

use std::time::Duration;

use regex::Regex;
use serde::{Deserialize, Serialize};

/// The page that stands where an answer should.
pub(crate) const SIGN_IN_PAGE: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head>\
    <body><form method=\"post\"><input name=\"user\"></form></body></html>";

/// A fault that befalls matching requests until it is used up or cleared.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Only requests of this method; all if absent. Calls over a socket are of the method `RPC`.
    pub method: Option<String>,
    /// Only requests whose path (as sent, without the query) matches; all if absent. For a call
    /// over a socket this is the method called, such as `user.create`.
    pub path: Option<Regex>,
    /// How many requests it befalls; without limit if absent.
    pub times: Option<u32>,
    /// What happens.
    pub kind: FaultKind,
}

/// What happens to a request. On the control path the name is the value of `kind`, in
/// `snake_case`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The request waits before it is handled. Adds up, and goes together with the other kinds.
    Latency {
        /// How long.
        milliseconds: u64,
    },
    /// The request is not handled; this is answered in its place.
    Status {
        /// The status code.
        status: u16,
        /// The body, empty by default.
        #[serde(default)]
        body: String,
        /// The type of the body.
        #[serde(default = "json_content_type")]
        content_type: String,
    },
    /// The request is not handled; the answer is 429 and asks for patience.
    Throttle {
        /// The value of `Retry-After`; without that header if absent.
        #[serde(default)]
        retry_after_seconds: Option<u64>,
    },
    /// The connection is closed and the request is not handled.
    DropBeforeHandling,
    /// The request is handled, then the connection is closed: a lost reply.
    DropAfterHandling,
    /// The request is handled; half of the body is sent under the whole one's `Content-Length`,
    /// then the connection is closed.
    TruncateBody,
    /// The request is handled; the answer is a complete message whose body is cut in half.
    HalfBody,
    /// The request is not handled; the answer is a web page with status 200.
    HtmlPage,
    /// The request is not handled; the answer is 302 to this place.
    Redirect {
        /// The value of `Location`.
        location: String,
    },
    /// The request is handled and never answered, while the connection stays open.
    Silence,
    /// The request is handled, then the connection is dead: open, with nothing more on it, not
    /// even answers to pings. Over HTTP the same as [`Self::Silence`].
    Freeze,
}

impl Fault {
    /// A fault that befalls every request until it is cleared.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            method: None,
            path: None,
            times: None,
            kind,
        }
    }

    /// The same fault for this method only.
    #[must_use]
    pub fn on_method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// The same fault for matching paths only.
    #[must_use]
    pub fn on_path(mut self, path: Regex) -> Self {
        self.path = Some(path);
        self
    }

    /// The same fault for so many requests only.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.times != Some(0)
            && self
                .method
                .as_ref()
                .is_none_or(|own| own.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|own| own.is_match(path))
    }

    fn use_up(&mut self) {
        if let Some(times) = &mut self.times {
            *times = times.saturating_sub(1);
        }
    }
}

impl FaultKind {
    /// The name on the control path and in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::Status { .. } => "status",
            Self::Throttle { .. } => "throttle",
            Self::DropBeforeHandling => "drop_before_handling",
            Self::DropAfterHandling => "drop_after_handling",
            Self::TruncateBody => "truncate_body",
            Self::HalfBody => "half_body",
            Self::HtmlPage => "html_page",
            Self::Redirect { .. } => "redirect",
            Self::Silence => "silence",
            Self::Freeze => "freeze",
        }
    }
}

/// What the faults do to one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Affliction {
    pub(crate) latency: Duration,
    pub(crate) kind: Option<FaultKind>,
}

impl Affliction {
    /// The name of what befell the request, as the journal has it.
    pub(crate) fn name(&self) -> Option<&'static str> {
        let latency = (!self.latency.is_zero()).then_some("latency");
        self.kind.as_ref().map(FaultKind::name).or(latency)
    }
}

/// The faults in force, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn all(&self) -> Vec<Fault> {
        self.0.clone()
    }

    /// Takes what befalls this request: every latency, and the oldest fault of another kind.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Affliction {
        let mut affliction = Affliction::default();
        for fault in &mut self.0 {
            if !fault.matches(method, path) {
                continue;
            }
            match &fault.kind {
                FaultKind::Latency { milliseconds } => {
                    affliction.latency = affliction
                        .latency
                        .saturating_add(Duration::from_millis(*milliseconds));
                }
                kind if affliction.kind.is_none() => affliction.kind = Some(kind.clone()),
                _ => continue,
            }
            fault.use_up();
        }
        self.0.retain(|fault| fault.times != Some(0));
        affliction
    }
}

fn json_content_type() -> String {
    "application/json".to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use regex::Regex;

    use super::{Affliction, Fault, FaultKind, Faults};

    #[test]
    fn a_fault_befalls_only_what_it_names_and_only_so_often() {
        let mut faults = Faults::default();
        let users = Regex::new("^/v1/users").unwrap();
        faults.add(
            Fault::new(FaultKind::DropAfterHandling)
                .on_method("post")
                .on_path(users)
                .times(1),
        );
        assert_eq!(faults.take("GET", "/v1/users"), Affliction::default());
        assert_eq!(faults.take("POST", "/v1/tokens"), Affliction::default());
        let hit = faults.take("POST", "/v1/users");
        assert_eq!(hit.kind, Some(FaultKind::DropAfterHandling));
        assert_eq!(faults.take("POST", "/v1/users"), Affliction::default());
        assert!(faults.all().is_empty(), "a fault that is used up is gone");
    }

    #[test]
    fn latencies_add_up_and_go_together_with_the_oldest_other_fault() {
        let mut faults = Faults::default();
        faults.add(Fault::new(FaultKind::Latency { milliseconds: 20 }));
        faults.add(Fault::new(FaultKind::HtmlPage).times(1));
        faults.add(Fault::new(FaultKind::HalfBody).times(1));
        faults.add(Fault::new(FaultKind::Latency { milliseconds: 5 }));
        let first = faults.take("GET", "/");
        assert_eq!(first.latency, Duration::from_millis(25));
        assert_eq!(first.kind, Some(FaultKind::HtmlPage));
        assert_eq!(faults.take("GET", "/").kind, Some(FaultKind::HalfBody));
        assert_eq!(faults.take("GET", "/").kind, None);
    }
}
