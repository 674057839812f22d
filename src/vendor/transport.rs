//! How a vendor is reached and how the bridge proves who it is.

use super::profile::Section;
use super::request::{RequestTemplate, compile_request};

/// `[transport]`
#[derive(Debug, Clone)]
pub struct Transport {
    /// The mechanism.
    pub kind: TransportKind,
    /// Before every path; empty, or with a leading and without a trailing slash.
    pub base_path: String,
    /// Headers of every call.
    pub headers: Vec<(String, String)>,
    /// Reads the product's version, or whether it is there at all.
    pub probe: Option<RequestTemplate>,
    /// Where the answer to the probe holds the version.
    pub probe_version: Option<String>,
}

/// How calls are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportKind {
    /// HTTP requests with JSON bodies.
    Rest,
    /// JSON-RPC 2.0 over a websocket.
    JsonRpcWebsocket,
    /// JSON-RPC 2.0 over HTTP.
    JsonRpcHttp,
}

/// `[auth]`
#[derive(Debug, Clone)]
pub struct Auth {
    /// What the vendor takes, the best first.
    pub schemes: Vec<AuthScheme>,
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

impl Transport {
    pub(crate) fn compile(section: &Section<'_>) -> Self {
        let kind = section
            .required_choice(
                "kind",
                &[
                    ("rest", TransportKind::Rest),
                    ("jsonrpc-websocket", TransportKind::JsonRpcWebsocket),
                    ("jsonrpc-http", TransportKind::JsonRpcHttp),
                ],
            )
            .unwrap_or(TransportKind::Rest);
        if kind != TransportKind::Rest {
            section.problem(
                "kind",
                "this transport is not in this release",
                "use \"rest\"",
            );
        }
        let (probe, probe_version) = match section.section("probe") {
            None => (None, None),
            Some(inner) => (
                compile_request(&inner, &[]),
                pointer_text(&inner, "version"),
            ),
        };
        Self {
            kind,
            base_path: base_path(section),
            headers: headers(section),
            probe,
            probe_version,
        }
    }
}

fn base_path(section: &Section<'_>) -> String {
    let path = section.text("base_path").unwrap_or_default();
    let right = path.is_empty() || (path.starts_with('/') && !path.ends_with('/'));
    if !right || path.contains(['?', '#']) {
        section.problem(
            "base_path",
            format!("\"{path}\" is no base path"),
            "begin it with a slash and end it without one, or leave it empty",
        );
    }
    path
}

fn headers(section: &Section<'_>) -> Vec<(String, String)> {
    let Some(inner) = section.section("headers") else {
        return Vec::new();
    };
    let mut headers = Vec::new();
    for (name, value) in inner.entries() {
        match value.as_str() {
            Some(text) if !text.chars().any(char::is_control) => {
                headers.push((name.clone(), text.to_owned()));
            }
            _ => inner.problem(
                name,
                "a header is one line of text, without control characters",
                "write it in quotes and in one line",
            ),
        }
    }
    headers
}

impl Auth {
    pub(crate) fn compile(section: &Section<'_>) -> Self {
        let schemes = schemes(section);
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
            whoami,
            session,
        }
    }
}

/// `schemes = ["basic", { header = "X-Api-Key" }]`
fn schemes(section: &Section<'_>) -> Vec<AuthScheme> {
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
    if given.is_empty() {
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

fn pointer_text(section: &Section<'_>, key: &'static str) -> Option<String> {
    let text = section.text(key);
    check_pointer(section, key, text.as_deref());
    text
}

fn check_pointer(section: &Section<'_>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        // Only whether it is one: the caller reads the answer with serde_json's own pointers.
        section.as_pointer(key, text);
    }
}
