//! `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas` (RFC 7644 §4): open without a token in the
//! directory `default`, as clients read them before they have one. In others they are behind the
//! [`super::gate`].

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::base_url::base_url;
use super::context::shared_state;
use super::endpoint::{DirectoryEndpoint, endpoint_of};
use super::errors::HttpError;
use super::negotiation::{check_accept, parameters};
use super::resources::ok;
use super::routes::{not_allowed, reading};
use super::state::ScimState;
use crate::scim::assignable::AssignableKind;
use crate::scim::discovery::{self, Capabilities};
use crate::scim::query::list_response;
use crate::scim::{ErrorKind, ScimError};

/// What the documents are made of; the text is the base URL.
type Described = (web::Data<ScimState>, web::Data<DirectoryEndpoint>, String);

/// The discovery routes below the endpoint.
pub(super) fn configure(services: &mut web::ServiceConfig) {
    services
        .service(
            web::resource("/ServiceProviderConfig")
                .route(reading().to(service_provider_config))
                .default_service(not_allowed("GET, HEAD")),
        )
        .service(
            web::resource("/ResourceTypes")
                .route(reading().to(resource_types))
                .default_service(not_allowed("GET, HEAD")),
        )
        .service(
            web::resource("/ResourceTypes/{id}")
                .route(reading().to(resource_type))
                .default_service(not_allowed("GET, HEAD")),
        )
        .service(
            web::resource("/Schemas")
                .route(reading().to(schemas))
                .default_service(not_allowed("GET, HEAD")),
        )
        .service(
            web::resource("/Schemas/{urn}")
                .route(reading().to(schema))
                .default_service(not_allowed("GET, HEAD")),
        );
}

async fn service_provider_config(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (state, endpoint, base) = describe(&request)?;
    let capabilities = Capabilities {
        bulk_max_operations: count(state.settings.bulk_max_operations),
        bulk_max_payload_bytes: count(state.settings.bulk_max_payload_bytes),
        maximum_results: u64::from(state.settings.max_results),
        change_password: endpoint.change_password,
        documentation_uri: None,
        interop_profile: endpoint.interop_profile,
    };
    Ok(ok(
        discovery::service_provider_config(&base, &capabilities).to_string()
    ))
}

async fn resource_types(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (_, endpoint, base) = describe(&request)?;
    let offered = offered(&endpoint);
    let types = discovery::resource_types(&base, &endpoint.schemas, &offered);
    Ok(list(types))
}

async fn resource_type(
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    let (_, endpoint, base) = describe(&request)?;
    one(
        discovery::resource_type(&base, &endpoint.schemas, &offered(&endpoint), &id),
        "resource type",
        &id,
    )
}

async fn schemas(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (_, endpoint, base) = describe(&request)?;
    Ok(list(discovery::schemas(&base, &endpoint.schemas)))
}

async fn schema(request: HttpRequest, urn: web::Path<String>) -> Result<HttpResponse, HttpError> {
    let (_, endpoint, base) = describe(&request)?;
    one(
        discovery::schema(&base, &endpoint.schemas, &urn),
        "schema",
        &urn,
    )
}

/// RFC 7644 §4: a filter on a discovery endpoint is refused with 403, so that nobody takes the
/// whole list for the answer to it.
fn describe(request: &HttpRequest) -> Result<Described, HttpError> {
    check_accept(request)?;
    let filtered = parameters(request)
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("filter"));
    if filtered {
        return Err(HttpError::new(
            ErrorKind::Forbidden,
            "discovery documents cannot be filtered (RFC 7644 §4); leave `filter` out",
        ));
    }
    let (state, endpoint) = (shared_state(request)?, endpoint_of(request)?);
    let base = base_url(request, &state.settings, &endpoint.path);
    Ok((state, endpoint, base))
}

/// What the directory lists for clients to assign.
fn offered(endpoint: &DirectoryEndpoint) -> Vec<AssignableKind> {
    let kinds = AssignableKind::ALL.into_iter();
    kinds
        .filter(|kind| endpoint.directory.offers(*kind))
        .collect()
}

fn list(documents: Vec<Value>) -> HttpResponse {
    ok(list_response(count(documents.len()), 1, documents).to_string())
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn one(document: Option<Value>, what: &str, id: &str) -> Result<HttpResponse, HttpError> {
    let shown: String = id.chars().take(100).collect();
    let document = document.ok_or_else(|| {
        ScimError::new(ErrorKind::NotFound, format!("there is no {what} {shown:?}"))
    })?;
    Ok(ok(document.to_string()))
}
