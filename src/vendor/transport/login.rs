//! `[[auth.login]]`: a call that makes a websocket ours, for as long as it is open.

use serde_json::Value;

use super::super::exchange::{Answer, Operation, RenderedRequest};
use super::super::pointer::Pointer;
use super::super::profile::Section;
use super::super::request::{RenderError, RequestTemplate, Variables, compile_request};
use super::TransportKind;

/// One way to log in.
#[derive(Debug, Clone)]
pub struct Login {
    /// What it takes.
    pub with: LoginCredentials,
    request: RequestTemplate,
    /// Where the answer shows whether the login succeeded.
    at: Pointer,
    /// What stands there if it did.
    is: Value,
}

/// What a login takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginCredentials {
    /// A token or API key; the variable `token`.
    Token,
    /// The variables `username` and `password`.
    Password,
}

impl Login {
    fn compile(section: &Section<'_>) -> Option<Self> {
        let with = section.required_choice(
            "with",
            &[
                ("token", LoginCredentials::Token),
                ("password", LoginCredentials::Password),
            ],
        );
        let declared: &[&str] = match with {
            Some(LoginCredentials::Token) => &["token"],
            _ => &["username", "password"],
        };
        let request = section
            .required_section("request")
            .and_then(|inner| compile_request(&inner, declared));
        let accepted = section
            .required_section("accepted")
            .map(|inner| (inner.pointer("at"), inner.json("is")));
        if let Some((at, is)) = &accepted
            && (at.is_none() || is.is_none())
        {
            section.problem(
                "accepted",
                "it does not say where the answer shows success, and by what",
                "write accepted = { at = \"/status\", is = \"ok\" }",
            );
        }
        let (at, is) = accepted?;
        Some(Self {
            with: with?,
            request: request?,
            at: at?,
            is: is?,
        })
    }

    /// The call, with the credentials in place.
    ///
    /// # Errors
    ///
    /// See [`RenderError`].
    pub fn request(&self, variables: &Variables) -> Result<RenderedRequest, RenderError> {
        self.request.render(Operation::Login, "", variables)
    }

    /// Whether the answer says that the login succeeded. Some vendors answer a refusal without an
    /// error.
    ///
    /// # Errors
    ///
    /// What stands in the place of success, where it is one word, for the operator.
    pub fn accepted(&self, answer: &Answer) -> Result<(), Option<String>> {
        let shown = answer.body.as_ref().and_then(|body| self.at.find(body));
        match shown {
            Some(value) if *value == self.is => Ok(()),
            Some(Value::String(word)) if is_word(word) => Err(Some(word.clone())),
            Some(Value::Bool(value)) => Err(Some(value.to_string())),
            _ => Err(None),
        }
    }
}

/// Whether a text is a keyword of the vendor; anything longer may hold anything.
fn is_word(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

pub(super) fn logins(section: &Section<'_>, kind: TransportKind) -> Vec<Login> {
    if kind != TransportKind::JsonRpcWebsocket {
        if section.value("login").is_some() {
            section.problem(
                "login",
                "only a websocket is logged in once for all calls",
                "use schemes, and [auth.session] where a login gives a token",
            );
        }
        return Vec::new();
    }
    if !section.has("login") {
        section.problem("login", "there is no way to log in", "add [[auth.login]]");
    }
    section
        .sections("login")
        .iter()
        .filter_map(Login::compile)
        .collect()
}
