//! The half of a `[[test]]` that is about answers.

use serde_json::Value;

use super::super::super::class::FailureClass;
use super::super::super::exchange::{Answer, Operation};
use super::super::super::object::ObjectProfile;
use super::super::super::observed::Observed;
use super::super::super::revocation::Holder;
use super::super::super::verdict::operation;
use super::super::place::KeyPath;
use super::super::{Profile, Section};
use super::failure::Failures;
use super::{OBJECT_ID, OBJECT_KEY, expected_json};

/// An answer and what it must mean.
#[derive(Debug, Clone)]
pub(super) struct AnswerCase {
    /// The test that it is of.
    place: KeyPath,
    operation: Operation,
    answer: Answer,
    /// Inside `None`: success.
    class: Option<Option<FailureClass>>,
    created_id: Option<String>,
    /// The ids of what a list shows of the person's sessions or tokens.
    held: Option<Vec<String>>,
    observed: Option<Value>,
}

impl AnswerCase {
    /// Reads `answer` and what is expected of it; `None` if the test has none.
    pub(super) fn compile(section: &Section<'_>) -> Option<Self> {
        let inner = section.section("answer");
        let name = section.text("operation");
        let class = section.text("class");
        let created_id = section.text("created_id");
        let held = section.texts("held");
        let observed = expected_json(section, "observed");
        let inner = inner?;
        let status = inner
            .size("status")
            .and_then(|status| u16::try_from(status).ok());
        let code = inner.number("code");
        let body = expected_json(&inner, "body");
        let headers = inner
            .section("headers")
            .map(|headers| {
                headers
                    .entries()
                    .filter_map(|(name, value)| {
                        Some((name.to_lowercase(), value.as_str()?.to_owned()))
                    })
                    .collect()
            })
            .unwrap_or_default();
        let unreadable = inner.flag("unreadable").unwrap_or(false);
        if name.is_none() {
            section.problem("operation", "the key is missing", "say what was asked");
        }
        let class = match class.as_deref() {
            None => None,
            Some("success") => Some(None),
            Some(name) => Some(Some(section.chosen(
                "class",
                name,
                &FailureClass::ALL.map(|class| (class.as_str(), class)),
            )?)),
        };
        Some(Self {
            place: section.path().clone(),
            operation: operation(section, "operation", &name?)?,
            answer: Answer {
                status: status.unwrap_or(200),
                code,
                headers,
                size: body.as_ref().map_or(0, |body| body.to_string().len()),
                body,
                unreadable,
            },
            class,
            created_id,
            held,
            observed,
        })
    }

    /// Classifies and reads the answer.
    pub(super) fn run(
        &self,
        profile: &Profile,
        object: &ObjectProfile,
        failures: &mut Failures<'_>,
    ) {
        if let Some(expected) = self.class {
            let got = profile
                .classify(self.operation, &self.answer)
                .map(|classified| classified.class);
            let word = |class: Option<FailureClass>| {
                Value::from(class.map_or("success", FailureClass::as_str))
            };
            failures.at(&self.place.key("class"));
            failures.expect("class", &word(expected), &word(got));
        }
        if let Some(expected) = &self.created_id {
            let got = object.created_id(&self.answer);
            // "find": nothing in the answer, so that the object has to be looked up.
            let got = got.unwrap_or_else(|| "find".to_owned());
            failures.at(&self.place.key("created_id"));
            failures.expect(
                "created_id",
                &Value::from(expected.as_str()),
                &Value::from(got),
            );
        }
        if let Some(expected) = &self.held {
            failures.at(&self.place.key("held"));
            self.check_held(object, expected, failures);
        }
        if let Some(expected) = &self.observed {
            failures.at(&self.place.key("observed"));
            self.check_observed(object, expected, failures);
        }
    }

    fn check_held(&self, object: &ObjectProfile, expected: &[String], failures: &mut Failures<'_>) {
        let holder = Holder {
            id: OBJECT_ID,
            key: OBJECT_KEY,
        };
        let held = match object.revocation() {
            Some(revocation) => revocation.held(&self.answer, holder, |left, right| {
                object.fold_key(left) == object.fold_key(right)
            }),
            None => Err("the profile has no revoke".to_owned()),
        };
        match held {
            Ok(held) => failures.expect("held", &Value::from(expected), &Value::from(held)),
            Err(problem) => failures.push(format!("held: {problem}")),
        }
    }

    /// Compares what the test names of the first object in the answer.
    fn check_observed(
        &self,
        object: &ObjectProfile,
        expected: &Value,
        failures: &mut Failures<'_>,
    ) {
        let observed = match self.operation {
            Operation::Find => first(object.observe_many(&self.answer)),
            Operation::List => first(object.observe_page(&self.answer)),
            _ => object.observe_one(&self.answer),
        };
        let observed = match observed {
            Ok(observed) => observed,
            Err(problem) => {
                failures.push(format!("observed: {problem}"));
                return;
            }
        };
        let Value::Object(expected) = expected else {
            failures.push("observed: give a table");
            return;
        };
        for (name, wanted) in expected {
            let got = match name.as_str() {
                "id" => Value::from(observed.id.as_str()),
                "key" => Value::from(observed.key.as_str()),
                "active" => Value::from(observed.active),
                "left_alone" => Value::from(observed.left_alone),
                "protected" => Value::from(observed.protected),
                "members" => Value::from(observed.members.clone()),
                "marker" => Value::from(observed.marker.clone()),
                "fields" => Value::Object(observed.fields.clone()),
                _ => {
                    failures.push(format!("observed: there is no \"{name}\""));
                    continue;
                }
            };
            failures.expect(&format!("observed {name}"), wanted, &got);
        }
    }
}

fn first(rows: Result<Vec<Observed>, String>) -> Result<Observed, String> {
    rows?.into_iter().next().ok_or_else(|| "no rows".to_owned())
}
