//! `[[test]]`: a profile carries its own tests. A resource goes in, exact requests come out; an
//! answer goes in, a class comes out.

mod answer;

use std::fmt;

use serde_json::{Map, Value};

use super::super::exchange::{Operation, RenderedRequest};
use super::super::mask::mask;
use super::super::object::ObjectProfile;
use super::super::translated::{Subject, SubjectGroup, Translated};
use super::super::verdict::operation;
use super::{Profile, Section};
use crate::scim::ResourceKind;

use answer::AnswerCase;

/// The SCIM id of the resource in a test.
const SUBJECT_ID: &str = "2819c223";

/// The vendor's id of the object in a test.
const OBJECT_ID: &str = "7";

/// One test.
#[derive(Debug, Clone)]
pub(super) struct TestCase {
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
    operation: Operation,
    call: Option<String>,
    method: Option<String>,
    path: Option<String>,
    body: Option<Value>,
    params: Option<Value>,
}

/// A test of a profile that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// The test's name.
    pub test: String,
    /// What was expected and what came out.
    pub message: String,
}

impl fmt::Display for TestFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "test \"{}\": {}", self.test, self.message)
    }
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
                test.run(self).into_iter().map(move |message| TestFailure {
                    test: name(test),
                    message,
                })
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

    fn run(&self, profile: &Profile) -> Vec<String> {
        let Some(object) = profile.object(self.kind) else {
            return vec![format!("the profile has no {}", self.kind)];
        };
        let mut failures = Vec::new();
        if let Some(document) = &self.document {
            self.run_translation(object, document, &mut failures);
        }
        if let Some(answer) = &self.answer {
            answer.run(profile, object, &mut failures);
        }
        if self.document.is_none() && self.answer.is_none() {
            failures.push("there is neither a resource nor an answer to test".to_owned());
        }
        failures
    }

    fn run_translation(
        &self,
        object: &ObjectProfile,
        document: &Map<String, Value>,
        failures: &mut Vec<String>,
    ) {
        let desired = self.translate(object, document);
        let broken: Vec<&String> = desired
            .violations
            .iter()
            .map(|violation| &violation.field)
            .collect();
        if broken != self.violations.iter().collect::<Vec<_>>() {
            failures.push(format!(
                "violations: expected {:?}, got {:?}",
                self.violations, desired.violations
            ));
        }
        if let Some(fields) = &self.fields {
            expect(
                "fields",
                fields,
                &Value::Object(desired.fields.clone()),
                failures,
            );
        }
        let applied = self.translate(object, &self.before).fields;
        for expected in &self.requests {
            let label = expected.operation.as_str();
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
            call: section.text("call"),
            params: expected_json(section, "params"),
            method: section.text("method"),
            path: section.text("path"),
            body: expected_json(section, "body"),
            operation: operation?,
        };
        Some(expected)
    }

    fn check(&self, label: &str, request: &RenderedRequest, failures: &mut Vec<String>) {
        let shown = mask(request);
        let part = |name: &str| shown.get(name).cloned().unwrap_or(Value::Null);
        let words = [
            ("call", &self.call),
            ("method", &self.method),
            ("path", &self.path),
        ];
        let bodies = [("params", &self.params), ("body", &self.body)];
        let words = words
            .into_iter()
            .filter_map(|(name, word)| Some((name, Value::from(word.as_deref()?))));
        let bodies = bodies
            .into_iter()
            .filter_map(|(name, body)| Some((name, body.clone()?)));
        for (name, expected) in words.chain(bodies) {
            expect(&format!("{label} {name}"), &expected, &part(name), failures);
        }
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

fn expect(label: &str, expected: &Value, got: &Value, failures: &mut Vec<String>) {
    if expected != got {
        failures.push(format!("{label}: expected {expected}, got {got}"));
    }
}
