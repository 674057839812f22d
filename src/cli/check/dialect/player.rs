//! Plays a dialect, step by step.

use std::collections::BTreeMap;

use serde_json::Value;

use super::exchange::{Answer, Request, Server};
use super::file::{Dialect, Method, Step, TokenUse, Whole};
use super::judge;
use super::ledger::{Ledger, path_of};
use super::report::{PartReport, StepReport};
use super::shown::Shown;
use super::text::{Text, segment};
use super::variables::{Missing, Variables};

/// So many requests in a row without an answer, and the server is taken to be away.
const PATIENCE: u32 = 2;

/// A run.
pub(super) struct Player<'a> {
    server: &'a Server,
    variables: Variables,
    /// What the run made.
    pub(super) ledger: Ledger,
    /// What it found so far.
    pub(super) parts: Vec<PartReport>,
    unanswered: u32,
    stopped: Option<String>,
}

impl<'a> Player<'a> {
    /// A run that has not begun; `run` is the word in the names of what it makes.
    pub(super) fn new(server: &'a Server, run: &str, variables: Variables) -> Self {
        Self {
            server,
            variables,
            ledger: Ledger::new(run),
            parts: Vec::new(),
            unanswered: 0,
            stopped: None,
        }
    }

    /// Plays all parts. What was found is kept even if this is dropped half way.
    pub(super) async fn play(&mut self, dialect: &Dialect) -> Result<(), Missing> {
        for (name, text) in &dialect.variables {
            let value = text.render(&self.variables)?;
            self.variables.set(name, Value::from(value));
        }
        for part in &dialect.parts {
            self.parts.push(PartReport {
                name: part.name.clone(),
                steps: Vec::new(),
            });
            for step in &part.steps {
                let report = self.step(dialect, step).await;
                if let Some(part) = self.parts.last_mut() {
                    part.steps.push(report);
                }
            }
        }
        Ok(())
    }

    async fn step(&mut self, dialect: &Dialect, step: &Step) -> StepReport {
        if let Some(reason) = &self.stopped {
            return StepReport::not_played(step, reason);
        }
        let request = match self.request(dialect, step) {
            Ok(request) => request,
            Err(missing) => return StepReport::not_played(step, unknown(&missing)),
        };
        if let Err(reason) = self.ledger.permit(&request) {
            return StepReport::not_played(step, reason);
        }
        let asked = self.ledger.ask(&request);
        let answer = self.server.send(&request).await;
        let report = match &answer {
            Ok(answer) => {
                self.unanswered = 0;
                if let Some(asked) = asked {
                    self.created(asked, &request, answer).await;
                }
                self.judge(step, &request, answer)
            }
            Err(reason) => {
                self.unanswered += 1;
                StepReport::played(step, vec![reason.clone()])
            }
        };
        self.stop_if_hopeless(step, answer.as_ref().ok());
        self.with_exchange(report, &request, answer.as_ref().ok())
    }

    /// The request, with every value in its place.
    fn request(&self, dialect: &Dialect, step: &Step) -> Result<Request, Missing> {
        let mut headers: BTreeMap<&str, &Text> = BTreeMap::new();
        for (name, text) in dialect.headers.iter().chain(&step.headers) {
            headers.insert(name, text);
        }
        let headers = headers
            .into_iter()
            .map(|(name, text)| Ok((name.to_owned(), text.render(&self.variables)?)))
            .filter(|header| !matches!(header, Ok((_, value)) if value.is_empty()))
            .collect::<Result<Vec<_>, Missing>>()?;
        Ok(Request {
            method: step.method,
            path: step.path.render_path(&self.variables)?,
            headers,
            token: step.token,
            body: self.body(step)?,
        })
    }

    fn body(&self, step: &Step) -> Result<Option<Value>, Missing> {
        let own = match &step.body {
            Some(body) => Some(body.render(&self.variables)?),
            None => None,
        };
        let Some(name) = &step.based_on else {
            return Ok(own);
        };
        let mut base = self.variables.get(name)?;
        if let (Some(base), Some(Value::Object(own))) = (base.as_object_mut(), own) {
            base.extend(own);
        }
        Ok(Some(base))
    }

    /// Takes a creation into the books, if it is one of ours.
    async fn created(&mut self, asked: usize, request: &Request, answer: &Answer) {
        if (400..500).contains(&answer.status) {
            self.ledger.refuse(asked);
        }
        if !answer.is_success() {
            return;
        }
        let Some(body) = answer.json() else { return };
        let Some(id) = body.get("id").and_then(Value::as_str) else {
            return;
        };
        let named = ["userName", "displayName"]
            .iter()
            .any(|name| body.get(name).is_some());
        let ours = if named {
            self.ledger.is_marked_resource(body)
        } else {
            self.carries_our_name(request, id).await
        };
        if ours {
            self.ledger.adopt(asked, id);
        }
    }

    /// Looks whose resource it is, for a server that answers a creation with an id alone.
    async fn carries_our_name(&self, created: &Request, id: &str) -> bool {
        let read = Request {
            method: Method::Get,
            path: format!("{}/{}", path_of(created), segment(id)),
            headers: created.headers.clone(),
            token: TokenUse::Bearer,
            body: None,
        };
        match self.server.send(&read).await {
            Ok(answer) => answer
                .json()
                .is_some_and(|body| self.ledger.is_marked_resource(body)),
            Err(_) => false,
        }
    }

    fn judge(&mut self, step: &Step, request: &Request, answer: &Answer) -> StepReport {
        if answer.is_success() {
            self.save(step, answer);
        }
        let shown = Shown {
            ledger: &self.ledger,
            token: self.server.token(),
        };
        match judge::problems(&step.expect, request, answer, &shown, &self.variables) {
            Ok(problems) => StepReport::played(step, problems),
            Err(missing) => StepReport::not_played(step, unknown(&missing)),
        }
    }

    fn save(&mut self, step: &Step, answer: &Answer) {
        let Some(body) = answer.json() else { return };
        for (name, place) in &step.save {
            let found = match place {
                Whole::Everything => Some(body),
                Whole::Part(pointer) => pointer.find(body),
            };
            if let Some(found) = found {
                self.variables.set(name, found.clone());
            }
        }
    }

    /// A wrong answer is worth to be followed by others; a refusal is not.
    fn stop_if_hopeless(&mut self, step: &Step, answer: Option<&Answer>) {
        if self.unanswered >= PATIENCE {
            self.stopped = Some(format!(
                "{PATIENCE} requests in a row got no answer, so that the rest is left out"
            ));
        } else if step.essential && !answer.is_some_and(Answer::is_success) {
            self.stopped = Some(format!(
                "without \"{}\" the rest cannot succeed, and is left out",
                step.name
            ));
        }
    }

    fn with_exchange(
        &self,
        mut report: StepReport,
        request: &Request,
        answer: Option<&Answer>,
    ) -> StepReport {
        let shown = Shown {
            ledger: &self.ledger,
            token: self.server.token(),
        };
        report.request = Some(shown.request(request));
        report.answer = answer.map(|answer| shown.answer(request, answer));
        report
    }
}

fn unknown(missing: &Missing) -> String {
    format!(
        "this needs \"{}\", which no step before it has yielded",
        missing.0
    )
}
