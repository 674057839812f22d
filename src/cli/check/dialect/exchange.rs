//! A request, its answer, and the server between them.

use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::file::{Method, TokenUse};

/// Longer than any client's administrator would want to wait, shorter than clients do.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The longest answer that is read: some clients list whole directories.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// What is sent.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: Method,
    /// After the base URL, with its query.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) token: TokenUse,
    pub(super) body: Option<Value>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Content,
    pub(super) elapsed: Duration,
}

/// What was in a body.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Empty,
    Json(Value),
    /// So many bytes of something else.
    Other(usize),
}

impl Answer {
    /// Whether the request succeeded.
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body, if it is JSON.
    pub(super) fn json(&self) -> Option<&Value> {
        match &self.body {
            Content::Json(value) => Some(value),
            Content::Empty | Content::Other(_) => None,
        }
    }

    /// A header, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A SCIM server and the token for it.
pub(super) struct Server {
    client: reqwest::Client,
    base_url: String,
    token: SecretString,
}

impl Server {
    /// A server, with further certificates to trust. Nothing is sent yet.
    pub(super) fn new(
        base_url: &url::Url,
        token: SecretString,
        certificates: Vec<reqwest::Certificate>,
    ) -> reqwest::Result<Self> {
        // No redirects and no proxy: the token goes to the server that was named, or nowhere.
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .tls_certs_merge(certificates)
            .build()?;
        let base_url = base_url.as_str().trim_end_matches('/').to_owned();
        Ok(Self {
            client,
            base_url,
            token,
        })
    }

    /// The base URL.
    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The token, to be taken out of whatever is shown.
    pub(super) fn token(&self) -> &SecretString {
        &self.token
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// A sentence that says why there is no answer.
    pub(super) async fn send(&self, request: &Request) -> Result<Answer, String> {
        let started = Instant::now();
        let built = self.build(request)?;
        let mut response = self.client.execute(built).await.map_err(explain)?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let bytes = read(response).await?;
        let content = match serde_json::from_slice(&bytes) {
            Ok(value) => Content::Json(value),
            Err(_) if bytes.trim_ascii().is_empty() => Content::Empty,
            Err(_) => Content::Other(bytes.len()),
        };
        Ok(Answer {
            status,
            headers,
            body: content,
            elapsed: started.elapsed(),
        })
    }

    fn build(&self, request: &Request) -> Result<reqwest::Request, String> {
        let url = url::Url::parse(&format!("{}{}", self.base_url, request.path))
            .map_err(|error| format!("the path {:?} makes no URL: {error}", request.path))?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut built = reqwest::Request::new(method, url);
        for (name, value) in &request.headers {
            let refused = || format!("the header {name:?} cannot be sent as it is written");
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
            let value = HeaderValue::from_str(value).map_err(|_| refused())?;
            built.headers_mut().insert(name, value);
        }
        if let Some(value) = self.authorization(request.token)? {
            built.headers_mut().insert(AUTHORIZATION, value);
        }
        if let Some(body) = &request.body {
            *built.body_mut() = Some(body.to_string().into());
        }
        Ok(built)
    }

    fn authorization(&self, token: TokenUse) -> Result<Option<HeaderValue>, String> {
        let secret = self.token.expose_secret();
        let text = match token {
            TokenUse::Bearer => format!("Bearer {secret}"),
            TokenUse::Bare => secret.to_owned(),
            TokenUse::Wrong => "Bearer scim-check-sends-a-wrong-token".to_owned(),
            TokenUse::None => return Ok(None),
        };
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| "the token has characters that no header can carry".to_owned())?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(explain)? {
        if bytes.len().saturating_add(chunk.len()) > LARGEST_ANSWER {
            return Err(format!("the answer is longer than {LARGEST_ANSWER} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The root of an error says what happened; what is above it repeats the URL.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn explain(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("there was no answer within {} seconds", TIMEOUT.as_secs());
    }
    let mut root: &dyn std::error::Error = &error;
    while let Some(source) = root.source() {
        root = source;
    }
    if error.is_connect() {
        format!("the server cannot be reached: {root}")
    } else {
        format!("the connection broke before the answer was complete: {root}")
    }
}
