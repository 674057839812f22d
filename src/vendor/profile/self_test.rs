//! `[[test]]`: a profile carries its own tests. A resource goes in, exact requests come out; an
//! answer goes in, a class comes out.

mod answer;
mod difference;
mod failure;
mod request;

pub use difference::Difference;
pub use failure::TestFailure;

use serde_json::{Map, Value};

use super::super::object::ObjectProfile;
use super::super::translated::{Subject, SubjectGroup, Translated};
use super::place::KeyPath;
use super::{Profile, Section};
use crate::scim::ResourceKind;

use answer::AnswerCase;
use failure::Failures;
use request::{ExpectedRequest, Given};

/// The SCIM id of the resource in a test.
const SUBJECT_ID: &str = "2819c223";

/// The vendor's id of the object in a test.
const OBJECT_ID: &str = "7";

/// The key of an object that an answer in a test is about.
const OBJECT_KEY: &str = "jane";

/// One test.
#[derive(Debug, Clone)]
pub(super) struct TestCase {
    place: KeyPath,
    name: String,
    kind: ResourceKind,
    /// The resource, in the schemas' own spelling.
    document: Option<Map<String, Value>>,
    /// What the resource was when its object was written last.
    before: Map<String, Value>,
    groups: Vec<SubjectGroup>,
    /// What an appliance lays over the profile, for this test.
    overrides: Option<toml::Table>,
    /// The ids of what is referred to, by name.
    references: Map<String, Value>,
    requests: Vec<ExpectedRequest>,
    collections: Option<Value>,
    fields: Option<Value>,
    violations: Vec<String>,
    answer: Option<AnswerCase>,
}

impl Profile {
    /// Runs the tests that the profile carries, each with the variants that it names.
    pub fn run_tests(&self) -> Vec<TestFailure> {
        if !self.variants.is_empty() {
            let variants = self.variants.iter();
            return variants
                .flat_map(|variant| variant.profile.run_tests())
                .collect();
        }
        let name = |test: &TestCase| match &self.variant {
            Some(variant) => format!("{} ({variant})", test.name),
            None => test.name.clone(),
        };
        self.tests
            .iter()
            .flat_map(|test| {
                let name = name(test);
                let mut failures = Failures::new(&name, &test.place);
                test.run(self, &mut failures);
                failures.into_found()
            })
            .collect()
    }

    /// How many tests the profile carries.
    pub fn test_count(&self) -> usize {
        if self.variants.is_empty() {
            return self.tests.len();
        }
        self.variants
            .iter()
            .map(|variant| variant.profile.test_count())
            .sum()
    }
}

impl TestCase {
    /// Reads every `[[test]]`.
    pub(super) fn compile_all(root: &Section<'_>) -> Vec<Self> {
        root.sections("test")
            .iter()
            .filter(|section| !is_of_other_variant(section))
            .filter_map(Self::compile)
            .collect()
    }

    fn compile(section: &Section<'_>) -> Option<Self> {
        let name = section.required_text("name");
        // Which variants it is about has been decided by now.
        section.value("variant");
        let user = document(section, "user");
        let group = document(section, "group");
        let is_group = group.is_some() || section.flag("of_group").unwrap_or(false);
        Some(Self {
            place: section.path().clone(),
            name: name?,
            kind: if is_group {
                ResourceKind::Group
            } else {
                ResourceKind::User
            },
            document: user.or(group),
            before: document(section, "before").unwrap_or_default(),
            groups: section
                .sections("groups")
                .iter()
                .map(subject_group)
                .collect(),
            overrides: section
                .value("overrides")
                .and_then(toml::Value::as_table)
                .cloned(),
            references: document(section, "references").unwrap_or_default(),
            collections: expected_json(section, "collections"),
            requests: section
                .sections("requests")
                .iter()
                .filter_map(ExpectedRequest::compile)
                .collect(),
            fields: expected_json(section, "fields"),
            violations: section.texts("violations").unwrap_or_default(),
            answer: AnswerCase::compile(section),
        })
    }

    fn run(&self, profile: &Profile, failures: &mut Failures<'_>) {
        let overridden = match &self.overrides {
            None => None,
            Some(overrides) => match profile.laid_over(overrides) {
                Ok(overridden) => Some(overridden),
                Err(problem) => {
                    failures.at(&self.place.key("overrides"));
                    failures.push(format!("overrides: {problem}"));
                    return;
                }
            },
        };
        let profile = overridden.as_ref().unwrap_or(profile);
        let Some(object) = profile.object(self.kind) else {
            failures.push(format!("the profile has no {}", self.kind));
            return;
        };
        if let Some(document) = &self.document {
            self.run_translation(object, document, failures);
        }
        if let Some(answer) = &self.answer {
            answer.run(profile, object, failures);
        }
        if self.document.is_none() && self.answer.is_none() {
            failures.push("there is neither a resource nor an answer to test");
        }
    }

    fn run_translation(
        &self,
        object: &ObjectProfile,
        document: &Map<String, Value>,
        failures: &mut Failures<'_>,
    ) {
        let desired = self.translate(object, document);
        let broken: Vec<&String> = desired
            .violations
            .iter()
            .map(|violation| &violation.field)
            .collect();
        if broken != self.violations.iter().collect::<Vec<_>>() {
            failures.at(&self.place.key("violations"));
            failures.push(format!(
                "violations: expected {}, got {}",
                listed(&self.violations),
                listed(
                    &desired
                        .violations
                        .iter()
                        .map(|violation| format!("{} ({})", violation.field, violation.message))
                        .collect::<Vec<_>>()
                )
            ));
        }
        if let Some(fields) = &self.fields {
            failures.at(&self.place.key("fields"));
            failures.expect("fields", fields, &Value::Object(desired.fields.clone()));
        }
        if let Some(collections) = &self.collections {
            let items = serde_json::to_value(&desired.collections).unwrap_or_default();
            failures.at(&self.place.key("collections"));
            failures.expect("collections", collections, &items);
        }
        let applied = self.translate(object, &self.before).fields;
        let given = Given {
            object,
            applied: &applied,
            desired: &desired,
            references: &self.references,
        };
        for expected in &self.requests {
            expected.run(&given, failures);
        }
    }

    fn translate(&self, object: &ObjectProfile, document: &Map<String, Value>) -> Translated {
        object.translate(&Subject {
            id: SUBJECT_ID,
            document,
            groups: &self.groups,
            appliance: "test",
        })
    }
}

/// Whether the section only holds the place of a test that is about other variants.
fn is_of_other_variant(section: &Section<'_>) -> bool {
    let named = section.value("variant").and_then(toml::Value::as_array);
    named.is_some_and(Vec::is_empty)
}

fn document(section: &Section<'_>, key: &'static str) -> Option<Map<String, Value>> {
    match section.json(key) {
        Some(Value::Object(document)) => Some(document),
        _ => None,
    }
}

/// A value in which the text `"null"` stands for null, which TOML lacks.
fn expected_json(section: &Section<'_>, key: &'static str) -> Option<Value> {
    section.json(key).map(with_nulls)
}

fn with_nulls(value: Value) -> Value {
    match value {
        Value::String(text) if text == "null" => Value::Null,
        Value::Array(list) => list.into_iter().map(with_nulls).collect(),
        Value::Object(object) => object
            .into_iter()
            .map(|(name, inner)| (name, with_nulls(inner)))
            .collect(),
        other => other,
    }
}

fn subject_group(section: &Section<'_>) -> SubjectGroup {
    SubjectGroup {
        id: section.text("id").unwrap_or_default(),
        display: section.text("display").unwrap_or_default(),
        external_id: section.text("external_id"),
    }
}

fn listed(texts: &[String]) -> String {
    if texts.is_empty() {
        "none".to_owned()
    } else {
        texts.join("; ")
    }
}
