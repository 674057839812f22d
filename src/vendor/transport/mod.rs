//! How a vendor is reached and how the bridge proves who it is.

mod auth;
mod login;

pub use auth::{Auth, AuthScheme, Session, WhoAmI};
pub use login::{Login, LoginCredentials};

use super::profile::Section;
use super::request::{RequestTemplate, compile_request};

/// `[transport]`
#[derive(Debug, Clone)]
pub struct Transport {
    /// The mechanism.
    pub kind: TransportKind,
    /// Before every path of a request; empty, or with a leading and without a trailing slash.
    pub base_path: String,
    /// Where JSON-RPC is spoken, from the origin on; empty for [`TransportKind::Rest`].
    pub path: String,
    /// The longest JSON-RPC message that the vendor takes, in bytes.
    pub max_request_bytes: Option<usize>,
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

/// The kinds by the names that profiles give them.
const KINDS: [(&str, TransportKind); 3] = [
    (TransportKind::Rest.as_str(), TransportKind::Rest),
    (
        TransportKind::JsonRpcWebsocket.as_str(),
        TransportKind::JsonRpcWebsocket,
    ),
    (
        TransportKind::JsonRpcHttp.as_str(),
        TransportKind::JsonRpcHttp,
    ),
];

impl TransportKind {
    /// The kind of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, kind)| *kind)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::JsonRpcWebsocket => "jsonrpc-websocket",
            Self::JsonRpcHttp => "jsonrpc-http",
        }
    }

    /// Whether what is asked for are methods of JSON-RPC.
    pub fn is_json_rpc(self) -> bool {
        self != Self::Rest
    }
}

impl Transport {
    pub(crate) fn compile(section: &Section<'_>) -> Self {
        let kind = section
            .required_choice("kind", &KINDS)
            .unwrap_or(TransportKind::Rest);
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
            path: endpoint(section, kind),
            max_request_bytes: max_request_bytes(section, kind),
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

/// `path = "/api/current"`
fn endpoint(section: &Section<'_>, kind: TransportKind) -> String {
    let Some(path) = section.text("path") else {
        if kind != TransportKind::Rest {
            section.problem(
                "path",
                "the key is missing",
                "say where JSON-RPC is spoken, for example path = \"/api/current\"",
            );
        }
        return String::new();
    };
    if kind == TransportKind::Rest {
        section.problem(
            "path",
            "with \"rest\" every request has a path of its own",
            "use base_path for what all of them begin with",
        );
    } else if !path.starts_with('/') || path.contains(['?', '#']) {
        section.problem(
            "path",
            format!("\"{path}\" is no path"),
            "begin it with a slash, and leave query and fragment out",
        );
    }
    path
}

fn max_request_bytes(section: &Section<'_>, kind: TransportKind) -> Option<usize> {
    let most = section.size("max_request_bytes")?;
    if kind == TransportKind::Rest || most == 0 {
        section.problem(
            "max_request_bytes",
            "this is the longest JSON-RPC message that the vendor takes",
            "give a number of bytes, and only with a JSON-RPC transport",
        );
    }
    Some(most)
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
