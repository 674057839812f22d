//! `/Roles` and `/Entitlements`: lists that the configuration makes, to be read only.

use actix_web::{HttpRequest, HttpResponse, web};

use super::context::RequestContext;
use super::errors::HttpError;
use super::negotiation::parameters;
use super::resources::{body_of, ok, preconditions, projection, respond_to_get};
use super::routes::{not_allowed, reading};
use crate::scim::assignable::AssignableKind;
use crate::scim::query::ListQuery;

/// The routes below the endpoint for one kind.
pub(super) fn configure(kind: AssignableKind) -> impl FnOnce(&mut web::ServiceConfig) {
    move |services| {
        let path = format!("/{}", kind.endpoint());
        services
            .service(
                web::resource(path.clone())
                    .route(reading().to(move |context, request| list(kind, context, request)))
                    .default_service(not_allowed("GET, HEAD")),
            )
            .service(
                web::resource(format!("{path}/.search"))
                    .post(move |context, request, body| search(kind, context, request, body))
                    .default_service(not_allowed("POST")),
            )
            .service(
                web::resource(format!("{path}/{{id}}"))
                    .route(
                        reading().to(move |context, request, id| get(kind, context, request, id)),
                    )
                    .default_service(not_allowed("GET, HEAD")),
            );
    }
}

async fn list(
    kind: AssignableKind,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let query = ListQuery::from_parameters(&parameters(&request))?;
    respond_with_list(kind, &context, &query)
}

async fn search(
    kind: AssignableKind,
    context: RequestContext,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, HttpError> {
    let query = ListQuery::from_search_request(&body_of(&context, &request, body).await?)?;
    respond_with_list(kind, &context, &query)
}

fn respond_with_list(
    kind: AssignableKind,
    context: &RequestContext,
    query: &ListQuery,
) -> Result<HttpResponse, HttpError> {
    let max_results = context.state.settings.max_results;
    let (list, tolerated) =
        context
            .directory
            .assignables(kind, query, max_results, context.caller())?;
    context.count(&tolerated);
    Ok(ok(list))
}

async fn get(
    kind: AssignableKind,
    context: RequestContext,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    let projection = projection(&request)?;
    let answer = context.directory.assignable(
        kind,
        &id,
        &projection,
        &preconditions(&request),
        context.caller(),
    )?;
    Ok(respond_to_get(&context, &projection, answer))
}
