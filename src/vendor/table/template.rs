//! `template`: composed texts in `MiniJinja`, strict about undefined names and bounded.

use minijinja::value::{Serde, Value as TemplateValue};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde_json::{Map, Value, json};

use super::super::suggest::closest;
use super::super::translated::{Subject, SubjectGroup};
use crate::scim::ResourceKind;
use crate::scim::schema::ENTERPRISE_USER;

/// Steps of the interpreter that one template may take.
const FUEL: u64 = 20_000;

/// The longest text that a template may give, in bytes.
const LONGEST: usize = 16 * 1024;

/// The templates of one table, by their text.
#[derive(Debug, Clone)]
pub(super) struct Templates {
    environment: Environment<'static>,
    /// `user` or `group`.
    resource: &'static str,
}

/// What rendering gave.
pub(super) enum Rendered {
    /// A text.
    Text(String),
    /// A name in the template has no value in this resource.
    Absent,
    /// The template itself failed.
    Failed(String),
}

impl Templates {
    pub(super) fn new(kind: ResourceKind) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        // Fuel counts steps, not the work in one: nothing may make long lists.
        environment.remove_global("range");
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        Self {
            environment,
            resource: match kind {
                ResourceKind::User => "user",
                ResourceKind::Group => "group",
            },
        }
    }

    /// Compiles a template and checks that it uses declared variables only.
    pub(super) fn add(&mut self, text: &str) -> Result<(), String> {
        self.environment
            .add_template_owned(text.to_owned(), text.to_owned())
            .map_err(|error| {
                // The whole error names the template, which is its text.
                let reason = error.detail().unwrap_or("syntax error");
                format!("the template does not compile ({reason})")
            })?;
        let template = self
            .environment
            .get_template(text)
            .map_err(|error| error.to_string())?;
        let declared = [self.resource, "groups", "appliance"];
        let mut undeclared: Vec<String> = template
            .undeclared_variables(false)
            .into_iter()
            .filter(|name| !declared.contains(&name.as_str()))
            .collect();
        undeclared.sort();
        match undeclared.first() {
            None => Ok(()),
            Some(name) => Err(format!(
                "\"{name}\" is no variable here; declared are: {}{}",
                declared.join(", "),
                closest(name, &declared)
            )),
        }
    }

    /// Renders a template that was added.
    pub(super) fn render(&self, text: &str, context: &TemplateValue) -> Rendered {
        let rendered = self
            .environment
            .get_template(text)
            .and_then(|template| template.render(context.clone()));
        match rendered {
            Ok(text) if text.len() > LONGEST => {
                Rendered::Failed(format!("gives more than {LONGEST} bytes"))
            }
            Ok(text) => Rendered::Text(text),
            Err(error) if error.kind() == ErrorKind::UndefinedError => Rendered::Absent,
            Err(error) => Rendered::Failed(format!("fails ({error})")),
        }
    }

    /// What the templates see of a subject.
    pub(super) fn context(&self, subject: &Subject<'_>) -> TemplateValue {
        let mut document: Map<String, Value> = subject.document.clone();
        if let Some(extension) = document.get(ENTERPRISE_USER).cloned() {
            document.insert("enterprise".to_owned(), extension);
        }
        document.insert("id".to_owned(), Value::from(subject.id));
        let mut context = Map::new();
        context.insert(self.resource.to_owned(), Value::Object(document));
        context.insert("groups".to_owned(), groups(subject.groups));
        context.insert("appliance".to_owned(), Value::from(subject.appliance));
        TemplateValue::from(Serde(Value::Object(context)))
    }
}

fn groups(groups: &[SubjectGroup]) -> Value {
    groups
        .iter()
        .map(|group| json!({"value": group.id, "display": group.display, "externalId": group.external_id}))
        .collect()
}
