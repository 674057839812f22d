//! The routes of the SCIM endpoint.

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, Route, guard, web};

use super::context::{RequestContext, shared_state};
use super::endpoint::{ANY_ENDPOINT, DEFAULT_ENDPOINT, DirectoryEndpoint};
use super::errors::HttpError;
use super::negotiation::parameters;
use super::resources::{self, body_of, ok};
use super::{assignables, bulk, discovery, gate, state::ScimState};
use crate::scim::assignable::AssignableKind;
use crate::scim::query::ListQuery;
use crate::scim::{ErrorKind, ResourceKind};

/// Puts the SCIM endpoint into an application. Errors are SCIM JSON everywhere, also for what is
/// not there.
pub fn scim_app(state: web::Data<ScimState>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |services| {
        for endpoint in &state.endpoints {
            let routes = web::scope(&endpoint.path).configure(routes_of(endpoint));
            if endpoint.is_default() {
                services.service(routes);
            } else {
                let directory = Arc::clone(&endpoint.directory);
                services.service(routes.wrap(from_fn(move |request, next| {
                    gate::pass(Some(Arc::clone(&directory)), request, next)
                })));
            }
        }
        services
            .app_data(state)
            .service(
                web::scope(ANY_ENDPOINT)
                    .wrap(from_fn(|request, next| gate::pass(None, request, next))),
            )
            .default_service(web::to(unknown));
    }
}

/// The routes of one directory.
fn routes_of(endpoint: &Arc<DirectoryEndpoint>) -> impl FnOnce(&mut web::ServiceConfig) {
    let endpoint = Arc::clone(endpoint);
    move |services| {
        services
            // Routes are tried in order, and these are what clients ask for all day.
            .configure(resources::configure(ResourceKind::User))
            .configure(resources::configure(ResourceKind::Group))
            .configure(bulk::configure)
            .configure(discovery::configure)
            .service(
                web::resource("")
                    .route(reading().to(search_by_query))
                    .default_service(not_allowed("GET, HEAD")),
            )
            .service(
                web::resource("/.search")
                    .post(search_by_body)
                    .default_service(not_allowed("POST")),
            )
            .service(web::resource("/Me").to(not_implemented));
        for kind in AssignableKind::ALL {
            if endpoint.directory.offers(kind) {
                services.configure(assignables::configure(kind));
            }
        }
        services.app_data(web::Data::from(endpoint));
    }
}

/// A route that answers GET, and HEAD with the same headers (RFC 9110 §9.3.2); the server leaves
/// the body out.
pub(super) fn reading() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Answers methods that a resource does not have.
pub(super) fn not_allowed(allowed: &'static str) -> Route {
    web::to(move |request: HttpRequest| async move {
        Err::<HttpResponse, _>(HttpError::method_not_allowed(
            request.method().as_str(),
            allowed,
        ))
    })
}

/// RFC 7644 §3.4.2.1: users and groups in one list.
async fn search_by_query(
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let query = ListQuery::from_parameters(&parameters(&request))?;
    respond_with_search(&context, &query).await
}

/// RFC 7644 §3.4.3
async fn search_by_body(
    context: RequestContext,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, HttpError> {
    let query = ListQuery::from_search_request(&body_of(&context, &request, body).await?)?;
    respond_with_search(&context, &query).await
}

async fn respond_with_search(
    context: &RequestContext,
    query: &ListQuery,
) -> Result<HttpResponse, HttpError> {
    context.count(query.projection.tolerated());
    let max_results = context.state.settings.max_results;
    let (directory, caller) = (&context.directory, context.caller());
    let list = match &query.cursor {
        Some(start) => {
            directory
                .list_from(start, None, query, max_results, caller)
                .await?
        }
        None => directory.search(query, max_results, caller).await?,
    };
    Ok(ok(list))
}

/// RFC 7644 §3.11 wants 501 of a service that knows no `/Me`.
async fn not_implemented(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    Err(HttpError::new(
        ErrorKind::NotImplemented,
        format!(
            "{} is not offered; /ServiceProviderConfig says what is",
            request.path()
        ),
    ))
}

async fn unknown(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let state = shared_state(&request)?;
    // Who gets here below another directory has shown its token.
    let within = state.endpoints.iter().find(|endpoint| {
        let rest = request.path().strip_prefix(&endpoint.path);
        rest.is_some_and(|rest| rest.starts_with('/'))
    });
    let base = within.map_or(DEFAULT_ENDPOINT, |endpoint| &endpoint.path);
    Err(HttpError::new(
        ErrorKind::NotFound,
        format!("there is no such endpoint; SCIM is at {base}/Users and {base}/Groups"),
    ))
}
