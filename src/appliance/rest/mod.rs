//! The REST transport: one HTTP client for one appliance, and nothing that leaves its origin.

mod body;
mod target;

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::{Method, Response, redirect};
use url::Url;

pub(super) use target::origin;

use super::cause::root_cause;
use super::lost::Lost;
use super::{ApplianceSettings, ConnectError};
use crate::vendor::{Answer, Profile, RenderedRequest};

/// Appliances close idle connections early (Apache after 5 s, nginx after 75 s); one that we keep
/// longer than this is likelier to be lost in the middle of a write than to save a handshake.
const IDLE: Duration = Duration::from_secs(20);

/// An HTTP client that is bound to one origin.
#[derive(Debug)]
pub(super) struct Rest {
    client: reqwest::Client,
    origin: Url,
    /// Headers that the profile sends with every request.
    headers: HeaderMap,
    max_response_bytes: usize,
}

/// An answer, and whether it was cut off at the limit.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) answer: Answer,
    pub(super) too_large: bool,
}

impl Rest {
    /// Builds the client; opens no connection.
    pub(super) fn new(
        settings: &ApplianceSettings,
        profile: &Profile,
        origin: Url,
        tls: rustls::ClientConfig,
    ) -> Result<Self, ConnectError> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // A redirect could carry the credentials to another origin, and a redirected POST
            // becomes a GET (RFC 9110 §15.4).
            .redirect(redirect::Policy::none())
            // The delivery retries; a second layer would hide attempts and multiply them.
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.request_timeout)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(settings.concurrency)
            .user_agent(concat!("scim-bridge/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| ConnectError::Client {
                appliance: settings.name.clone(),
                problem: root_cause(&error),
            })?;
        Ok(Self {
            client,
            origin,
            headers: profile_headers(&settings.name, profile)?,
            max_response_bytes: settings.max_response_bytes,
        })
    }

    /// The origin that every request goes to.
    pub(super) fn origin(&self) -> &Url {
        &self.origin
    }

    /// Headers that the profile sends with every request.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Sends a request and reads its answer, both within `time`.
    pub(super) async fn send(
        &self,
        request: &RenderedRequest,
        authentication: Option<(&HeaderName, &HeaderValue)>,
        time: Duration,
    ) -> Result<Received, Lost> {
        let mut call = self
            .client
            .request(
                method(&request.method)?,
                target::join(&self.origin, request)?,
            )
            .headers(self.headers_of(request, authentication)?)
            .timeout(time);
        if let Some(body) = &request.body {
            let body = serde_json::to_vec(body)
                .map_err(|error| Lost::Unsendable(format!("its body is not JSON ({error})")))?;
            call = call.body(body);
        }
        let response = call.send().await.map_err(|error| Lost::sending(&error))?;
        self.receive(response).await
    }

    fn headers_of(
        &self,
        request: &RenderedRequest,
        authentication: Option<(&HeaderName, &HeaderValue)>,
    ) -> Result<HeaderMap, Lost> {
        let mut headers = self.headers.clone();
        for (name, value) in &request.headers {
            let unsendable =
                || Lost::Unsendable(format!("HTTP does not allow its header \"{name}\""));
            headers.insert(
                HeaderName::try_from(name).map_err(|_| unsendable())?,
                HeaderValue::try_from(value).map_err(|_| unsendable())?,
            );
        }
        if request.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        // Last, so that no profile's header stands in its place.
        if let Some((name, value)) = authentication {
            headers.insert(name.clone(), value.clone());
        }
        Ok(headers)
    }

    async fn receive(&self, response: Response) -> Result<Received, Lost> {
        let status = response.status().as_u16();
        let headers = answer_headers(response.headers());
        let content = body::read(response, self.max_response_bytes)
            .await
            .map_err(|error| Lost::receiving(&error, status))?;
        Ok(Received {
            answer: Answer {
                status,
                code: None,
                headers,
                body: content.json,
                unreadable: content.unreadable,
                size: content.size,
            },
            too_large: content.too_large,
        })
    }
}

fn method(name: &str) -> Result<Method, Lost> {
    Method::from_bytes(name.as_bytes())
        .map_err(|_| Lost::Unsendable(format!("\"{name}\" is not an HTTP method")))
}

/// Headers of every request: the profile's, and `Accept` unless the profile gives its own.
fn profile_headers(appliance: &str, profile: &Profile) -> Result<HeaderMap, ConnectError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    for (name, value) in &profile.transport.headers {
        let refuse = |part| ConnectError::Header {
            appliance: appliance.to_owned(),
            vendor: profile.vendor.clone(),
            header: name.clone(),
            part,
        };
        headers.insert(
            HeaderName::try_from(name).map_err(|_| refuse("name"))?,
            HeaderValue::try_from(value).map_err(|_| refuse("value"))?,
        );
    }
    Ok(headers)
}

/// Names are lower case already; cookies are left behind, because they are credentials that nobody
/// here uses.
fn answer_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| **name != SET_COOKIE)
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect()
}
