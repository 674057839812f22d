//! `[auth]`: who the bridge is to the vendor.

use super::super::profile::Section;
use super::super::request::{RequestTemplate, compile_request};
use super::login::{Login, logins};
use super::{TransportKind, check_pointer, pointer_text};

/// `[auth]`
#[derive(Debug, Clone)]
pub struct Auth {
    /// What the vendor takes, the best first. Empty for a websocket.
    pub schemes: Vec<AuthScheme>,
    /// How to log in over a websocket, the best first.
    pub logins: Vec<Login>,
    /// Asks for the account that the bridge itself uses.
    pub whoami: Option<WhoAmI>,
    /// How to log in, where a scheme is [`AuthScheme::Session`].
    pub session: Option<Session>,
}

/// One way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthScheme {
    /// HTTP Basic (RFC 7617).
    Basic,
    /// A bearer token (RFC 6750).
    Bearer,
    /// A token in a header of that name.
    Header(String),
    /// A token that a login gives.
    Session,
}

/// A request that says who the bridge is.
#[derive(Debug, Clone)]
pub struct WhoAmI {
    /// The request.
    pub request: RequestTemplate,
    /// A pointer to the account's key in the answer.
    pub key: String,
}

/// Login and logout.
#[derive(Debug, Clone)]
pub struct Session {
    /// With the variables `username` and `password`.
    pub login: RequestTemplate,
    /// A pointer to the token in the answer to the login.
    pub token: String,
    /// A pointer to the session's id there.
    pub id: Option<String>,
    /// The header that carries the token.
    pub header: String,
    /// With the variable `session_id`.
    pub logout: Option<RequestTemplate>,
}

impl Auth {
    pub(crate) fn compile(section: &Section<'_>, kind: TransportKind) -> Self {
        let schemes = schemes(section, kind);
        let logins = logins(section, kind);
        let whoami = section.section("whoami").and_then(|inner| {
            let request = compile_request(&inner, &[]);
            let key = inner.required_text("key");
            check_pointer(&inner, "key", key.as_deref());
            Some(WhoAmI {
                request: request?,
                key: key?,
            })
        });
        let session = section
            .section("session")
            .and_then(|inner| Session::compile(&inner));
        if schemes.contains(&AuthScheme::Session) && !section.has("session") {
            section.problem(
                "session",
                "the scheme \"session\" needs a login",
                "add [auth.session]",
            );
        }
        Self {
            schemes,
            logins,
            whoami,
            session,
        }
    }
}

/// `schemes = ["basic", { header = "X-Api-Key" }]`
fn schemes(section: &Section<'_>, kind: TransportKind) -> Vec<AuthScheme> {
    let given = match section.value("schemes") {
        Some(toml::Value::Array(list)) => list.clone(),
        Some(single) => vec![single.clone()],
        None => Vec::new(),
    };
    let mut schemes = Vec::new();
    for scheme in &given {
        match scheme {
            toml::Value::String(name) => {
                let words = [("basic", 0_u8), ("bearer", 1), ("session", 2)];
                match section.chosen("schemes", name, &words) {
                    Some(0) => schemes.push(AuthScheme::Basic),
                    Some(1) => schemes.push(AuthScheme::Bearer),
                    Some(_) => schemes.push(AuthScheme::Session),
                    None => {}
                }
            }
            toml::Value::Table(table) if table.len() == 1 => {
                match table.get("header").and_then(toml::Value::as_str) {
                    Some(name) => schemes.push(AuthScheme::Header(name.to_owned())),
                    None => unknown_scheme(section),
                }
            }
            _ => unknown_scheme(section),
        }
    }
    if kind == TransportKind::JsonRpcWebsocket {
        if !schemes.is_empty() {
            section.problem(
                "schemes",
                "a websocket is not authenticated by a header of each call",
                "write schemes = [], and add [[auth.login]]",
            );
        }
    } else if given.is_empty() {
        section.problem("schemes", "there is no way to authenticate", "name what the vendor takes, the best first: bearer, basic, session, { header = \"X-Name\" }");
    }
    schemes
}

fn unknown_scheme(section: &Section<'_>) {
    section.problem(
        "schemes",
        "this is no scheme",
        "use basic, bearer, session or { header = \"X-Name\" }",
    );
}

impl Session {
    fn compile(section: &Section<'_>) -> Option<Self> {
        let request = |key: &'static str, declared: &[&str]| {
            section
                .section(key)
                .and_then(|inner| compile_request(&inner, declared))
        };
        if !section.has("login") {
            section.problem("login", "the key is missing", "add it");
        }
        let login = request("login", &["username", "password"]);
        let logout = request("logout", &["session_id"]);
        let token = section.required_text("token");
        check_pointer(section, "token", token.as_deref());
        let id = pointer_text(section, "id");
        let header = section.required_text("header");
        Some(Self {
            login: login?,
            token: token?,
            id,
            header: header?,
            logout,
        })
    }
}
