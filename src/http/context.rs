//! What a handler knows of its request before it reads the body.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};

use super::base_url::base_url;
use super::endpoint::{DirectoryEndpoint, endpoint_of};
use super::errors::HttpError;
use super::negotiation::check_accept;
use super::request_log::{Actor, request_id};
use super::state::ScimState;
use crate::directory::{Caller, Directory};
use crate::scim::{ErrorKind, Tolerance, Tolerated};

/// An authenticated request.
pub(super) struct RequestContext {
    /// What all handlers share.
    pub state: web::Data<ScimState>,
    /// The directory that the path names and the credentials open.
    pub directory: Arc<Directory>,
    actor: Arc<str>,
    request_id: Arc<str>,
    base_url: String,
}

impl RequestContext {
    /// Who asks, as the directory wants to know it.
    pub(super) fn caller(&self) -> Caller<'_> {
        Caller {
            actor: &self.actor,
            request_id: &self.request_id,
            base_url: &self.base_url,
        }
    }

    /// Counts what had to be tolerated.
    pub(super) fn count(&self, tolerated: &Tolerated) {
        for (tolerance, times) in tolerated.iter() {
            let directory = &self.directory.settings().name;
            let metrics = &self.state.metrics;
            metrics.tolerated(directory, tolerance.as_str(), times);
        }
    }
}

impl FromRequest for RequestContext {
    type Error = HttpError;
    type Future = Ready<Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(authenticate(request))
    }
}

fn authenticate(request: &HttpRequest) -> Result<RequestContext, HttpError> {
    let state = shared_state(request)?;
    let endpoint = endpoint_of(request)?;
    let directory = &endpoint.directory;
    let actor = state.tokens.authenticate(request, Some(directory))?;
    request.extensions_mut().insert(Actor(Arc::clone(&actor)));
    check_accept(request)?;
    if names_a_lower_case_endpoint(request, &endpoint) {
        let settings = directory.settings();
        let mut tolerated = Tolerated::within(settings.tolerances);
        tolerated.note(Tolerance::LowerCaseEndpoint, request.path());
        tolerated.verdict()?;
        let tolerance = Tolerance::LowerCaseEndpoint.as_str();
        state.metrics.tolerated(&settings.name, tolerance, 1);
    }
    Ok(RequestContext {
        directory: Arc::clone(directory),
        actor,
        request_id: request_id(request),
        base_url: base_url(request, &state.settings, &endpoint.path),
        state,
    })
}

/// `/users` for `/Users`: the routes take both.
fn names_a_lower_case_endpoint(request: &HttpRequest, endpoint: &DirectoryEndpoint) -> bool {
    let path = request.path();
    let segment = path.strip_prefix(&endpoint.path).unwrap_or_default();
    segment.starts_with("/users") || segment.starts_with("/groups")
}

/// The state that [`super::routes::scim_app`] was given.
pub(super) fn shared_state(request: &HttpRequest) -> Result<web::Data<ScimState>, HttpError> {
    request
        .app_data::<web::Data<ScimState>>()
        .cloned()
        .ok_or_else(|| HttpError::new(ErrorKind::Internal, "the endpoint has no state"))
}
