//! A connection to one appliance: what the floors above call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::api::{Api, scalar_text};
use super::detection::Detection;
use super::edge::call_deadline;
use super::{
    ApplianceSettings, CallObserver, ConnectError, Credentials, Failure, ReferenceCache, rest, tls,
};
use crate::vendor::{Answer, FailureClass, Operation, Profile, RenderedRequest};

/// One appliance, ready to be called. Cheap to clone; clones share connections, session and all.
///
/// It does not limit how many calls run beside each other: whoever holds the lease of the appliance
/// does, because a call that waited in here would outlast it.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<Inner>,
}

struct Inner {
    settings: ApplianceSettings,
    /// As it is configured, with all of its variants.
    profile: Arc<Profile>,
    /// One for each variant, in their order; the profile's own if it has none.
    apis: Vec<Api>,
    detection: Detection,
    whoami: OnceCell<Option<String>>,
    references: ReferenceCache,
}

/// What an appliance says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    /// Whether anything was asked: a profile may have neither `probe` nor `whoami`.
    pub asked: bool,
    /// The variant of the profile that it speaks, where the profile has several.
    pub variant: Option<String>,
    /// The product's version, as it writes it, where the profile says how to read it.
    pub version: Option<String>,
    /// How long the answer took, a login included.
    pub elapsed: Duration,
}

impl Connection {
    /// Prepares everything that does not need the appliance itself: checks the URL, builds the TLS
    /// configuration, chooses the authentication scheme. Opens no connection.
    ///
    /// # Errors
    ///
    /// Where the settings and the profile cannot work together, or would send credentials in the
    /// clear.
    pub fn new(
        settings: ApplianceSettings,
        profile: Arc<Profile>,
        observer: Arc<dyn CallObserver>,
    ) -> Result<Self, ConnectError> {
        let origin = rest::origin(&settings.name, &settings.url)?;
        let tls = if origin.scheme() == "https" {
            tls::client_config(&settings.name, &settings.trust)?
        } else {
            tls::unused_config(&settings.name)?
        };
        let spoken = match profile.variants() {
            [] => vec![&profile],
            variants => variants.iter().map(|variant| &variant.profile).collect(),
        };
        let apis = spoken
            .into_iter()
            .map(|profile| Api::new(&settings, profile, &observer, (origin.clone(), tls.clone())))
            .collect::<Result<Vec<_>, _>>()?;
        let detection = match profile.variants() {
            [] => Detection::certain(),
            [only] if only.is_unconditional() => Detection::certain(),
            _ => Detection::default(),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                settings,
                profile,
                apis,
                detection,
                whoami: OnceCell::new(),
                references: ReferenceCache::default(),
            }),
        })
    }

    /// The appliance's name in the configuration.
    pub fn name(&self) -> &str {
        &self.settings().name
    }

    /// What the appliance was last found to speak. Before it has been asked, what the profile
    /// assumes: see [`Connection::is_assumed`].
    pub fn profile(&self) -> Arc<Profile> {
        let found = self
            .inner
            .detection
            .found()
            .and_then(|index| self.inner.apis.get(index));
        match found {
            Some(api) => Arc::clone(&api.edge.profile),
            None => Arc::clone(&self.inner.profile),
        }
    }

    /// Whether it is not known yet which of the profile's variants the appliance speaks.
    pub fn is_assumed(&self) -> bool {
        self.inner.detection.found().is_none()
    }

    /// What the appliance speaks, asked if it is not known or is in doubt. Requests are made from
    /// this profile.
    ///
    /// # Errors
    ///
    /// Where the appliance cannot be asked, or speaks nothing that the profile knows.
    pub async fn speaks(&self) -> Result<Arc<Profile>, Failure> {
        let api = self.api(self.deadline()).await?;
        Ok(Arc::clone(&api.edge.profile))
    }

    /// The settings that the connection was made from.
    pub fn settings(&self) -> &ApplianceSettings {
        &self.inner.settings
    }

    /// What names of the appliance's objects referred to lately.
    pub fn references(&self) -> &ReferenceCache {
        &self.inner.references
    }

    /// Authenticates, sends, reads and classifies. Whatever that takes (a login, a second attempt
    /// after a new login), it is over within `request_timeout`.
    ///
    /// # Errors
    ///
    /// Every failure has its class; its operation is `login` if the call did not come further.
    pub async fn call(&self, request: &RenderedRequest) -> Result<Answer, Failure> {
        let deadline = self.deadline();
        let api = self.api(deadline).await?;
        let outcome = api.call(request, deadline).await;
        let elsewhere = outcome
            .as_ref()
            .is_err_and(|failure| failure.class == FailureClass::Protocol);
        // An appliance that answers like another API, or was away, may have been upgraded.
        if elsewhere || api.was_reopened() {
            self.doubt();
        }
        outcome
    }

    /// The account key of the bridge's own API user, which is never touched; `None` where neither
    /// the configuration nor the profile tells. Asked once.
    ///
    /// # Errors
    ///
    /// Those of the profile's whoami request.
    pub async fn whoami(&self) -> Result<Option<String>, Failure> {
        if let Credentials::Password { username, .. } = &self.settings().credentials {
            return Ok(Some(username.clone()));
        }
        let asked = self.inner.whoami.get_or_try_init(|| self.ask_who_i_am());
        asked.await.cloned()
    }

    /// Asks for something harmless, with credentials: shows that the appliance can be reached, that
    /// its certificate is trusted and that it accepts us.
    ///
    /// # Errors
    ///
    /// Those of the profile's probe or, where it has none, of its whoami request.
    pub async fn probe(&self) -> Result<ProbeReport, Failure> {
        let started = Instant::now();
        let deadline = self.deadline();
        let api = self.api(deadline).await?;
        let profile = &api.edge.profile;
        let mut report = ProbeReport {
            asked: true,
            variant: profile.variant().map(str::to_owned),
            version: None,
            elapsed: Duration::ZERO,
        };
        match (&profile.transport.probe, &profile.auth.whoami) {
            (Some(_), whoami) => match api.version(deadline).await {
                Ok(version) => report.version = version,
                // Somebody may manage accounts who may not read the version.
                Err(failure) if failure.class == FailureClass::Denied && whoami.is_some() => {}
                Err(failure) => return Err(failure),
            },
            (None, Some(whoami)) => {
                api.ask(Operation::WhoAmI, &whoami.request, deadline)
                    .await?;
            }
            (None, None) => report.asked = false,
        }
        report.elapsed = started.elapsed();
        Ok(report)
    }

    /// Ends the session, if there is one. A later call would begin a new one.
    pub async fn close(&self) {
        for api in &self.inner.apis {
            api.close().await;
        }
    }

    async fn api(&self, deadline: Instant) -> Result<&Api, Failure> {
        let inner = &self.inner;
        let variants = inner.profile.variants();
        let index = inner
            .detection
            .find(variants, &inner.apis, deadline)
            .await?;
        // The index is one of these: it was found among them.
        inner.apis.get(index).ok_or_else(|| {
            Failure::unanswered(
                self.name(),
                Operation::Probe,
                FailureClass::Protocol,
                None,
                "the profile has no such variant",
            )
        })
    }

    fn doubt(&self) {
        if !self.inner.profile.variants().is_empty() {
            self.inner.detection.doubt();
        }
    }

    fn deadline(&self) -> Instant {
        call_deadline(&self.inner.settings)
    }

    async fn ask_who_i_am(&self) -> Result<Option<String>, Failure> {
        let deadline = self.deadline();
        let api = self.api(deadline).await?;
        let Some(whoami) = &api.edge.profile.auth.whoami else {
            return Ok(None);
        };
        let answer = api
            .ask(Operation::WhoAmI, &whoami.request, deadline)
            .await?;
        let key = answer
            .body
            .as_ref()
            .and_then(|body| body.pointer(&whoami.key))
            .and_then(scalar_text);
        key.map(Some).ok_or_else(|| {
            api.edge.unanswered(
                Operation::WhoAmI,
                FailureClass::Protocol,
                &format!(
                    "the answer does not name the bridge's own account at {}; check `whoami` under [auth] of the profile",
                    whoami.key
                ),
            )
        })
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("name", &self.name())
            .field("vendor", &self.inner.profile.vendor)
            .finish_non_exhaustive()
    }
}
