//! `[[test]]`: a profile carries its own tests. A resource goes in, exact requests come out; an
//! answer goes in, a class comes out.

mod answer;
mod difference;
mod failure;

pub use difference::Difference;
pub use failure::TestFailure;

use serde_json::{Map, Value};

use super::super::exchange::{Operation, RenderedRequest};
use super::super::mask::mask;
use super::super::object::ObjectProfile;
use super::super::translated::{Subject, SubjectGroup, Translated};
use super::super::verdict::operation;
use super::place::KeyPath;
use super::{Profile, Section};
use crate::scim::ResourceKind;

use answer::AnswerCase;
use failure::Failures;

/// The SCIM id of the resource in a test.
const SUBJECT_ID: &str = "2819c223";

/// The vendor's id of the object in a test.
const OBJECT_ID: &str = "7";

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
    requests: Vec<ExpectedRequest>,
    fields: Option<Value>,
    violations: Vec<String>,
    answer: Option<AnswerCase>,
}

/// A request that must come out.
#[derive(Debug, Clone)]
struct ExpectedRequest {
    place: KeyPath,
    operation: Operation,
    method: Option<String>,
    path: Option<String>,
    body: Option<Value>,
}

impl Profile {
    /// Runs the tests that the profile carries.
    pub fn run_tests(&self) -> Vec<TestFailure> {
        self.tests
            .iter()
            .flat_map(|test| {
                let mut failures = Failures::new(&test.name, &test.place);
                test.run(self, &mut failures);
                failures.into_found()
            })
            .collect()
    }

    /// How many tests the profile carries.
    pub fn test_count(&self) -> usize {
        self.tests.len()
    }
}

impl TestCase {
    /// Reads every `[[test]]`.
    pub(super) fn compile_all(root: &Section<'_>) -> Vec<Self> {
        root.sections("test")
            .iter()
            .filter_map(Self::compile)
            .collect()
    }

    fn compile(section: &Section<'_>) -> Option<Self> {
        let name = section.required_text("name");
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
        let applied = self.translate(object, &self.before).fields;
        for expected in &self.requests {
            let label = expected.operation.as_str();
            failures.at(&expected.place);
            match request(object, expected.operation, &applied, &desired) {
                Ok(request) => expected.check(label, &request, failures),
                Err(problem) => failures.push(format!("{label}: {problem}")),
            }
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

/// The request of one operation for the object in a test.
fn request(
    object: &ObjectProfile,
    operation: Operation,
    applied: &Map<String, Value>,
    desired: &Translated,
) -> Result<RenderedRequest, String> {
    let key = desired.key.as_deref().unwrap_or_default();
    let secrets: Map<String, Value> = desired
        .secrets
        .iter()
        .map(|secret| (secret.name.clone(), Value::from("secret")))
        .collect();
    let rendered = match operation {
        Operation::Find => object.find_request(key).map(Some),
        Operation::Read => object.read_request(OBJECT_ID),
        Operation::Create => object
            .create_request(&desired.fields, desired.active, &secrets)
            .map(Some),
        Operation::Update => {
            let changes = object.changes(applied, &desired.fields);
            object
                .update_request(OBJECT_ID, &changes, &desired.fields, &Map::new())
                .map(Some)
        }
        Operation::Rename => object.rename_request(OBJECT_ID, key),
        Operation::Disable => object.disable_request(OBJECT_ID),
        Operation::Enable => object.enable_request(OBJECT_ID),
        Operation::Delete => object.delete_request(OBJECT_ID),
        other => return Err(format!("{other} cannot be tested here")),
    };
    rendered
        .map_err(|error| error.to_string())?
        .ok_or_else(|| "the vendor cannot".to_owned())
}

impl ExpectedRequest {
    fn compile(section: &Section<'_>) -> Option<Self> {
        let name = section.required_text("op")?;
        let operation = operation(section, "op", &name);
        let expected = Self {
            place: section.path().clone(),
            method: section.text("method"),
            path: section.text("path"),
            body: expected_json(section, "body"),
            operation: operation?,
        };
        Some(expected)
    }

    fn check(&self, label: &str, request: &RenderedRequest, failures: &mut Failures<'_>) {
        let shown = mask(request);
        let mut expect = |name: &str, expected: Option<Value>| {
            if let Some(expected) = expected {
                let got = shown.get(name).unwrap_or(&Value::Null);
                failures.expect(&format!("{label} {name}"), &expected, got);
            }
        };
        expect("method", self.method.as_deref().map(Value::from));
        expect("path", self.path.as_deref().map(Value::from));
        expect("body", self.body.clone());
    }
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
