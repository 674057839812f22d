//! Requests as profiles describe them, and how they become calls.

mod compile;
mod encode;
mod render;
mod template;
mod variables;

pub use render::RenderError;
pub use variables::Variables;

pub(crate) use compile::compile_request;
pub(crate) use template::Text;

use template::Body;

/// A request of a profile with its placeholders, checked at load.
#[derive(Debug, Clone)]
pub struct RequestTemplate {
    method: String,
    path: Text,
    query: Vec<(String, Text)>,
    headers: Vec<(String, Text)>,
    body: Option<Body>,
    secret_fields: Vec<String>,
}

#[cfg(test)]
mod tests;
