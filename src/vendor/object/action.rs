//! Operations in steps, and how a write is proven.

use serde_json::{Map, Value};

use super::super::exchange::{Operation, RenderedRequest};
use super::super::profile::Section;
use super::super::request::{RenderError, RequestTemplate, compile_carrier, compile_request};
use super::ObjectProfile;
use super::address::Address;

/// What shows that a write was obeyed, beyond its success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Confirm {
    /// The success is enough.
    #[default]
    None,
    /// The answer shows the object; where it does not, the object is read.
    Reply,
    /// The object is read.
    Read,
}

/// `[user.disable]`, `[user.enable]`: how an account is switched.
#[derive(Debug, Clone, Default)]
pub(super) struct Action {
    /// The requests in their order; none stands for a change of the state field.
    steps: Vec<Step>,
    pub(super) confirm: Confirm,
    /// What is done where the vendor does not obey.
    fallback: Vec<Step>,
}

/// One request of several. It does no harm when it is sent again.
#[derive(Debug, Clone)]
struct Step {
    request: RequestTemplate,
    /// Fields of the table that go into the body.
    fields: Vec<String>,
}

/// What the steps of an operation are about.
#[derive(Debug, Clone, Copy)]
pub struct StepValues<'a> {
    /// The account.
    pub account: Address<'a>,
    /// A generated password that nobody knows, for steps that lock out by one.
    pub password: Option<&'a str>,
    /// The desired fields, references replaced by ids.
    pub fields: &'a Map<String, Value>,
}

const STEP_VARIABLES: [&str; 3] = ["id", "key", "password"];

impl Confirm {
    /// Reads `confirm`.
    pub(super) fn compile(section: &Section<'_>) -> Self {
        section
            .choice(
                "confirm",
                &[
                    ("none", Self::None),
                    ("reply", Self::Reply),
                    ("read", Self::Read),
                ],
            )
            .unwrap_or_default()
    }
}

impl Action {
    /// Reads `request` or `steps`, `confirm` and `fallback`. `fields` are the table's.
    pub(super) fn compile(section: &Section<'_>, fields: &[String]) -> Self {
        let single = section
            .section("request")
            .and_then(|inner| Step::compile(&inner, fields));
        let steps = Step::compile_all(section, "steps", fields);
        if section.has("request") && section.has("steps") {
            section.problem(
                "steps",
                "the operation has a request and steps",
                "make the request the first of the steps",
            );
        }
        let confirm = Confirm::compile(section);
        let fallback = Step::compile_all(section, "fallback", fields);
        if !fallback.is_empty() && confirm == Confirm::None {
            section.problem(
                "fallback",
                "nothing shows when the fallback is needed",
                "add confirm = \"reply\" or \"read\"",
            );
        }
        Self {
            steps: single.into_iter().chain(steps).collect(),
            confirm,
            fallback,
        }
    }
}

impl Step {
    fn compile_all(section: &Section<'_>, key: &'static str, fields: &[String]) -> Vec<Self> {
        section
            .sections(key)
            .iter()
            .filter_map(|inner| Self::compile(inner, fields))
            .collect()
    }

    fn compile(section: &Section<'_>, fields: &[String]) -> Option<Self> {
        let named = section.texts("fields").unwrap_or_default();
        let request = if named.is_empty() {
            compile_request(section, &STEP_VARIABLES)
        } else {
            compile_carrier(section, &STEP_VARIABLES)
        };
        for unknown in named.iter().filter(|name| !fields.contains(name)) {
            section.problem(
                "fields",
                format!("\"{unknown}\" is no field of the table"),
                "name fields of the table",
            );
        }
        Some(Self {
            request: request?,
            fields: named,
        })
    }
}

impl ObjectProfile {
    /// The requests that switch an account on or off, one after the other; none if the vendor
    /// cannot.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn switch_requests(
        &self,
        operation: Operation,
        values: StepValues<'_>,
    ) -> Result<Vec<RenderedRequest>, RenderError> {
        let action = self.action(operation);
        if action.steps.is_empty() {
            return Ok(self
                .state_request(operation, values.account)?
                .into_iter()
                .collect());
        }
        self.render_steps(&action.steps, operation, values)
    }

    /// The first request that switches an account off; `None` if the vendor cannot.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn disable_request(
        &self,
        account: Address<'_>,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        self.first_request(Operation::Disable, account)
    }

    /// The first request that switches an account on; `None` if the vendor cannot.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn enable_request(
        &self,
        account: Address<'_>,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        self.first_request(Operation::Enable, account)
    }

    fn first_request(
        &self,
        operation: Operation,
        account: Address<'_>,
    ) -> Result<Option<RenderedRequest>, RenderError> {
        let values = StepValues {
            account,
            password: None,
            fields: &Map::new(),
        };
        let requests = self.switch_requests(operation, values)?;
        Ok(requests.into_iter().next())
    }

    /// The requests in the place of those that the vendor did not obey; none if there are none.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn fallback_requests(
        &self,
        operation: Operation,
        values: StepValues<'_>,
    ) -> Result<Vec<RenderedRequest>, RenderError> {
        self.render_steps(&self.action(operation).fallback, operation, values)
    }

    /// The fields that are the desired ones again only when a locked-out account is let in: until
    /// then they stay as the lock-out left them.
    pub fn fields_of_return(&self) -> impl Iterator<Item = &String> {
        self.calls
            .enable
            .fallback
            .iter()
            .flat_map(|step| &step.fields)
    }

    /// What proves that a write of this kind was obeyed.
    pub fn confirm(&self, operation: Operation) -> Confirm {
        match operation {
            Operation::Create => self.calls.confirm_create,
            Operation::Update => self.calls.confirm_update,
            Operation::Disable | Operation::Enable => self.action(operation).confirm,
            _ => Confirm::None,
        }
    }

    pub(super) fn action(&self, operation: Operation) -> &Action {
        if operation == Operation::Disable {
            &self.calls.disable
        } else {
            &self.calls.enable
        }
    }

    fn render_steps(
        &self,
        steps: &[Step],
        operation: Operation,
        values: StepValues<'_>,
    ) -> Result<Vec<RenderedRequest>, RenderError> {
        let mut variables = values.account.variables();
        if let Some(password) = values.password {
            variables = variables.with("password", password);
        }
        steps
            .iter()
            .map(|step| {
                if step.fields.is_empty() {
                    return step.request.render(operation, &self.base_path, &variables);
                }
                let fields: Map<String, Value> = step
                    .fields
                    .iter()
                    .filter_map(|name| Some((name.clone(), values.fields.get(name)?.clone())))
                    .collect();
                self.carry(&step.request, operation, variables.clone(), fields)
            })
            .collect()
    }
}

impl Action {
    /// Every request of it.
    pub(super) fn requests(&self) -> impl Iterator<Item = &RequestTemplate> {
        self.steps
            .iter()
            .chain(&self.fallback)
            .map(|step| &step.request)
    }

    /// Whether there are requests of its own, beside the state field.
    pub(super) fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }
}
