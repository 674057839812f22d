//! `[[variant]]`: the APIs that one product speaks by turns, and how an appliance shows which.

use std::sync::Arc;

use super::super::exchange::{Answer, Operation, RenderedRequest};
use super::super::request::{RenderError, RequestTemplate, Variables, compile_request};
use super::super::transport::TransportKind;
use super::super::verdict::AnswerPattern;
use super::release::ReleaseNumber;
use super::{Profile, Section};

/// One API of a product. The first whose conditions all hold is spoken.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its name, by which an administrator can pin it.
    pub name: String,
    /// What to ask, and what the answer must be like.
    pub probe: Option<VariantProbe>,
    /// From this release on.
    pub from: Option<ReleaseNumber>,
    /// Before this release.
    pub before: Option<ReleaseNumber>,
    /// How it is spoken.
    pub profile: Arc<Profile>,
}

/// A request that needs no credentials, and what its answer must be like.
#[derive(Debug, Clone)]
pub struct VariantProbe {
    request: RequestTemplate,
    answer: AnswerPattern,
}

/// When a variant is spoken.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub(super) name: String,
    probe: Option<VariantProbe>,
    from: Option<ReleaseNumber>,
    before: Option<ReleaseNumber>,
}

impl VariantProbe {
    fn compile(section: &Section<'_>) -> Option<Self> {
        let request = compile_request(section, &[]);
        let answer = section
            .required_section("answer")
            .map(|inner| AnswerPattern::compile(&inner, TransportKind::Rest));
        let (request, answer) = (request?, answer?);
        if request.is_call() {
            section.problem(
                "call",
                "before it is known what an appliance speaks, it is asked over plain HTTP",
                "give method and path, from the origin on",
            );
        }
        Some(Self { request, answer })
    }

    /// The request; its path begins at the origin.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn request(&self) -> Result<RenderedRequest, RenderError> {
        self.request
            .render(Operation::Probe, "", &Variables::default())
    }

    /// Whether the answer speaks for the variant.
    pub fn matches(&self, answer: &Answer) -> bool {
        self.answer.applies(answer)
    }
}

impl Conditions {
    /// Reads one `[[variant]]`, but for its `with`.
    pub(super) fn compile(section: &Section<'_>) -> Option<Self> {
        let name = section.required_text("name");
        let number = |key: &'static str| {
            let text = section.text(key)?;
            let number = ReleaseNumber::find(&text);
            if number.is_none() {
                section.problem(
                    key,
                    format!("\"{text}\" is no number of a release"),
                    "write it like \"24.10\"",
                );
            }
            number
        };
        if let Some(with) = section.section("with") {
            for key in ["vendor", "test", "variant"] {
                if with.has(key) {
                    with.problem(
                        key,
                        "a variant only says what is spoken",
                        "say it at the top of the profile; a test names its variant",
                    );
                }
            }
            // Laid over the profile, and read as a part of it.
            let _entries = with.entries();
        }
        Some(Self {
            from: number("from"),
            before: number("before"),
            probe: section
                .section("probe")
                .and_then(|inner| VariantProbe::compile(&inner)),
            name: name?,
        })
    }

    /// Whether it is spoken wherever no other is.
    pub(super) fn is_last_resort(&self) -> bool {
        self.probe.is_none() && self.from.is_none() && self.before.is_none()
    }

    pub(super) fn speaks(self, profile: Profile) -> Variant {
        Variant {
            name: self.name,
            probe: self.probe,
            from: self.from,
            before: self.before,
            profile: Arc::new(profile),
        }
    }
}

impl Variant {
    /// Whether it is spoken wherever no other is.
    pub fn is_unconditional(&self) -> bool {
        self.probe.is_none() && !self.asks_for_release()
    }

    /// Whether the release must be known to tell.
    pub fn asks_for_release(&self) -> bool {
        self.from.is_some() || self.before.is_some()
    }

    /// Whether a release is one of those that speak it.
    pub fn includes(&self, release: &ReleaseNumber) -> bool {
        self.from.as_ref().is_none_or(|from| release >= from)
            && self.before.as_ref().is_none_or(|before| release < before)
    }
}
