//! One HTTP exchange, as the vendors' state machines see it: no sockets, no async.

use std::net::IpAddr;

use serde_json::Value;

use crate::socket::Sockets;

/// A request, fully read.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST` and so on, in capitals.
    pub method: String,
    /// The path as sent, still percent-encoded, without the query.
    pub path: String,
    /// The query as sent, without the question mark; empty if there is none.
    pub query: String,
    /// Header names in lower case, in the order of the request.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// When the request came in.
    pub now: jiff::Timestamp,
    /// Who sent it.
    pub peer: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers besides `Content-Length` and `Date`.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// The state and the behaviour of one simulated appliance.
pub trait Simulator: Send {
    /// Answers one request; state changes happen here and nowhere else.
    fn handle(&mut self, request: &Request) -> Response;

    /// Its sockets, if it has any. A request for one is answered with 101 by [`Self::handle`].
    fn sockets(&mut self) -> Option<&mut dyn Sockets> {
        None
    }
}

impl Request {
    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    /// The decoded path segments, empty ones left out.
    pub fn segments(&self) -> Vec<String> {
        self.path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(percent_decode)
            .collect()
    }

    /// The decoded query parameters in order; a parameter without `=` has an empty value.
    pub fn parameters(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl Response {
    /// An answer with a JSON body and that content type.
    pub fn json(status: u16, content_type: &str, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), content_type.into())],
            body: body.to_string().into_bytes(),
        }
    }

    /// An answer with a text body and that content type.
    pub fn text(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), content_type.into())],
            body: body.into().into_bytes(),
        }
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }
}

fn percent_decode(segment: &str) -> String {
    // A plus sign is itself in a path; only in a query does it stand for a blank.
    let kept = segment.replace('+', "%2B");
    url::form_urlencoded::parse(kept.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}
