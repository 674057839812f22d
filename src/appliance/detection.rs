//! Which of a product's APIs an appliance speaks: asked at first contact, and again when there is
//! reason to doubt it.

use std::sync::{PoisonError, RwLock};

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::Failure;
use super::api::Api;
use crate::vendor::{Answer, FailureClass, Operation, ReleaseNumber, RenderedRequest, Variant};

/// What has been found out.
#[derive(Default)]
pub(super) struct Detection {
    choice: RwLock<Choice>,
    /// Held by whoever is asking, so that nobody else does.
    asking: Mutex<()>,
}

#[derive(Debug, Clone, Default)]
struct Choice {
    /// Which of the variants.
    index: Option<usize>,
    /// Something looked like another API since.
    doubted: bool,
}

/// What one round of asking has brought.
#[derive(Default)]
struct Findings {
    /// Answers without credentials, by what was asked.
    answers: Vec<(RenderedRequest, Answer)>,
    version: Option<ReleaseNumber>,
}

impl Detection {
    /// Nothing has to be found out.
    pub(super) fn certain() -> Self {
        Self {
            choice: RwLock::new(Choice {
                index: Some(0),
                doubted: false,
            }),
            asking: Mutex::new(()),
        }
    }

    /// The variant that the appliance was last found to speak.
    pub(super) fn found(&self) -> Option<usize> {
        self.read().index
    }

    /// The next one who needs to know asks again.
    pub(super) fn doubt(&self) {
        let mut choice = self.choice.write().unwrap_or_else(PoisonError::into_inner);
        choice.doubted = choice.index.is_some();
    }

    /// The variant that the appliance speaks, asked if nobody knows. `apis` are the variants at
    /// work.
    pub(super) async fn find(
        &self,
        variants: &[Variant],
        apis: &[Api],
        deadline: Instant,
    ) -> Result<usize, Failure> {
        if let Some(index) = self.known() {
            return Ok(index);
        }
        let Some(any) = apis.first() else {
            return Ok(0);
        };
        let Ok(_asking) = timeout_at(deadline, self.asking.lock()).await else {
            return Err(any.edge.out_of_time(Operation::Probe));
        };
        if let Some(index) = self.known() {
            return Ok(index);
        }
        let mut findings = Findings::default();
        for (index, (variant, api)) in variants.iter().zip(apis).enumerate() {
            if findings.speak_for(variant, api, deadline).await? {
                let appliance = &api.edge.settings.name;
                if self.found() != Some(index) {
                    tracing::info!(
                        appliance,
                        variant = variant.name,
                        "the appliance's API is known"
                    );
                }
                let mut choice = self.choice.write().unwrap_or_else(PoisonError::into_inner);
                *choice = Choice {
                    index: Some(index),
                    doubted: false,
                };
                return Ok(index);
            }
        }
        Err(any.edge.unanswered(
            Operation::Probe,
            FailureClass::Protocol,
            "it speaks none of the APIs that the profile knows; pin `variant` or `version` in the configuration if \
             one of them fits all the same",
        ))
    }

    fn known(&self) -> Option<usize> {
        let choice = self.read();
        choice.index.filter(|_| !choice.doubted)
    }

    fn read(&self) -> Choice {
        self.choice
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Findings {
    /// Whether the appliance is found to speak a variant.
    async fn speak_for(
        &mut self,
        variant: &Variant,
        api: &Api,
        deadline: Instant,
    ) -> Result<bool, Failure> {
        if let Some(probe) = &variant.probe {
            let request = probe.request().map_err(|error| {
                let what = format!(
                    "the probe of variant {} cannot be rendered: {error}",
                    variant.name
                );
                let edge = &api.edge;
                edge.unanswered(Operation::Probe, FailureClass::Protocol, &what)
            })?;
            if !probe.matches(self.answer(request, api, deadline).await?) {
                return Ok(false);
            }
        }
        if !variant.asks_for_release() {
            return Ok(true);
        }
        let version = self.version(api, deadline).await?;
        Ok(variant.includes(version))
    }

    async fn answer(
        &mut self,
        request: RenderedRequest,
        api: &Api,
        deadline: Instant,
    ) -> Result<&Answer, Failure> {
        let position = match self.answers.iter().position(|(asked, _)| *asked == request) {
            Some(position) => position,
            None => {
                let answer = api.edge.ask_openly(&request, deadline).await?;
                self.answers.push((request, answer));
                self.answers.len() - 1
            }
        };
        self.answers
            .get(position)
            .map(|(_, answer)| answer)
            .ok_or_else(|| api.edge.out_of_time(Operation::Probe))
    }

    async fn version(&mut self, api: &Api, deadline: Instant) -> Result<&ReleaseNumber, Failure> {
        let known = match self.version.take() {
            Some(known) => Some(known),
            None => api
                .version(deadline)
                .await?
                .as_deref()
                .and_then(ReleaseNumber::find),
        };
        match known {
            Some(known) => Ok(self.version.insert(known)),
            None => Err(api.edge.unanswered(
                Operation::Probe,
                FailureClass::Protocol,
                "its release decides how it is spoken to, and its answer does not tell it; give `version` in the \
                 appliance's configuration",
            )),
        }
    }
}
