//! What a handler knows of its request before it reads the body.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};

use super::base_url::{ENDPOINT, base_url};
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
    /// The directory that the credentials open.
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
            self.state.metrics.tolerated(tolerance.as_str(), times);
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
    let holder = state.tokens.authenticate(request)?;
    request
        .extensions_mut()
        .insert(Actor(Arc::clone(&holder.name)));
    check_accept(request)?;
    if names_a_lower_case_endpoint(request) {
        let mut tolerated = Tolerated::within(holder.directory.settings().tolerances);
        tolerated.note(Tolerance::LowerCaseEndpoint, request.path());
        tolerated.verdict()?;
        state
            .metrics
            .tolerated(Tolerance::LowerCaseEndpoint.as_str(), 1);
    }
    Ok(RequestContext {
        directory: holder.directory,
        actor: holder.name,
        request_id: request_id(request),
        base_url: base_url(request, &state.settings),
        state,
    })
}

/// `/users` for `/Users`: the routes take both.
fn names_a_lower_case_endpoint(request: &HttpRequest) -> bool {
    let segment = request.path().strip_prefix(ENDPOINT).unwrap_or_default();
    segment.starts_with("/users") || segment.starts_with("/groups")
}

/// The state that [`super::routes::scim_app`] was given.
pub(super) fn shared_state(request: &HttpRequest) -> Result<web::Data<ScimState>, HttpError> {
    request
        .app_data::<web::Data<ScimState>>()
        .cloned()
        .ok_or_else(|| HttpError::new(ErrorKind::Internal, "the endpoint has no state"))
}
