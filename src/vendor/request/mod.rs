//! Requests as profiles describe them, and how they become calls.

mod compile;
mod encode;
mod render;
mod template;
mod variables;

pub use render::RenderError;
pub use variables::Variables;

pub(crate) use compile::{compile_carrier, compile_request};
pub(crate) use template::Text;

use template::Body;

/// A request of a profile with its placeholders, checked at load.
#[derive(Debug, Clone)]
pub struct RequestTemplate {
    form: Form,
    /// The body; of a JSON-RPC call its params.
    body: Option<Body>,
    secret_fields: Vec<String>,
}

/// What is asked for, and how.
#[derive(Debug, Clone)]
enum Form {
    Http {
        method: String,
        path: Text,
        query: Vec<(String, Text)>,
        headers: Vec<(String, Text)>,
    },
    /// A method of JSON-RPC 2.0.
    Call(String),
}

/// The variable that stands for the fields of the table, wrapped as the vendor wants them.
pub(crate) const FIELDS: &str = "fields";

impl RequestTemplate {
    /// Whether this is a JSON-RPC call.
    pub(crate) fn is_call(&self) -> bool {
        matches!(self.form, Form::Call(_))
    }

    /// Whether the profile gives the request a body, or the call params.
    pub(crate) fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Whether a placeholder of that name stands anywhere in it.
    pub(crate) fn names(&self, variable: &str) -> bool {
        let in_form = match &self.form {
            Form::Http {
                path,
                query,
                headers,
                ..
            } => [path]
                .into_iter()
                .chain(query.iter().chain(headers).map(|(_, text)| text))
                .any(|text| text.names().any(|name| name == variable)),
            Form::Call(_) => false,
        };
        in_form || self.body.as_ref().is_some_and(|body| body.names(variable))
    }

    /// Whether the request itself says where the fields of the table go.
    pub(crate) fn takes_fields(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.names(FIELDS))
    }
}

#[cfg(test)]
mod tests;
