//! Users and groups: the routes of RFC 7644 §3.2 for one resource type.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::context::RequestContext;
use super::errors::HttpError;
use super::negotiation::{SCIM_JSON, header_text, parameters, read_json};
use super::routes::{not_allowed, reading};
use crate::directory::Answer;
use crate::scim::query::{ListQuery, Projection};
use crate::scim::{Preconditions, ResourceKind};

/// The routes below the endpoint for one resource type.
pub(super) fn configure(kind: ResourceKind) -> impl FnOnce(&mut web::ServiceConfig) {
    move |services| {
        let path = format!("/{}", kind.endpoint());
        // Microsoft's collection writes `/users` in one place. Paths have a case (RFC 9110 §4.2.3),
        // but nothing else could be meant.
        let paths = |rest: &str| {
            [
                format!("{path}{rest}"),
                format!("{}{rest}", path.to_ascii_lowercase()),
            ]
        };
        services
            .service(
                web::resource(paths(""))
                    .route(reading().to(move |context, request| list(kind, context, request)))
                    .post(move |context, request, body| create(kind, context, request, body))
                    .default_service(not_allowed("GET, HEAD, POST")),
            )
            // Before the single resource: `.search` is no id (RFC 7644 §3.4.3).
            .service(
                web::resource(paths("/.search"))
                    .post(move |context, request, body| search(kind, context, request, body))
                    .default_service(not_allowed("POST")),
            )
            .service(
                web::resource(paths("/{id}"))
                    .route(
                        reading().to(move |context, request, id| get(kind, context, request, id)),
                    )
                    .put(move |context, request, id, body| {
                        replace(kind, context, request, id, body)
                    })
                    .patch(move |context, request, id, body| {
                        patch(kind, context, request, id, body)
                    })
                    .delete(move |context, request, id| delete(kind, context, request, id))
                    .default_service(not_allowed("GET, HEAD, PUT, PATCH, DELETE")),
            );
    }
}

/// Reads the body of a write or a search, within the limits of the configuration.
pub(super) async fn body_of(
    context: &RequestContext,
    request: &HttpRequest,
    body: web::Payload,
) -> Result<Value, HttpError> {
    let settings = &context.state.settings;
    read_json(
        request,
        body,
        settings.max_body_bytes,
        settings.client_timeout,
    )
    .await
}

/// 200 with a body that is ready to be sent.
pub(super) fn ok(body: String) -> HttpResponse {
    HttpResponse::Ok().content_type(SCIM_JSON).body(body)
}

async fn list(
    kind: ResourceKind,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let query = ListQuery::from_parameters(&parameters(&request))?;
    respond_with_list(kind, &context, &query).await
}

async fn search(
    kind: ResourceKind,
    context: RequestContext,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, HttpError> {
    let query = ListQuery::from_search_request(&body_of(&context, &request, body).await?)?;
    respond_with_list(kind, &context, &query).await
}

async fn respond_with_list(
    kind: ResourceKind,
    context: &RequestContext,
    query: &ListQuery,
) -> Result<HttpResponse, HttpError> {
    context.count(&context.directory.judge_query(kind, query)?);
    let max_results = context.state.settings.max_results;
    let (directory, caller) = (&context.directory, context.caller());
    let list = match &query.cursor {
        Some(start) => {
            directory
                .list_from(start, Some(kind), query, max_results, caller)
                .await?
        }
        None => directory.list(kind, query, max_results, caller).await?,
    };
    Ok(ok(list))
}

async fn create(
    kind: ResourceKind,
    context: RequestContext,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, HttpError> {
    let projection = projection(&request)?;
    let body = body_of(&context, &request, body).await?;
    let answer = context
        .directory
        .create(kind, body, &projection, context.caller())
        .await?;
    context.count(projection.tolerated());
    Ok(respond(&context, StatusCode::CREATED, answer))
}

async fn get(
    kind: ResourceKind,
    context: RequestContext,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    let projection = projection(&request)?;
    let answer = context
        .directory
        .get(
            kind,
            &id,
            &projection,
            &preconditions(&request),
            context.caller(),
        )
        .await?;
    Ok(respond_to_get(&context, &projection, answer))
}

/// 200 with the resource, or 304 where the client has it.
pub(super) fn respond_to_get(
    context: &RequestContext,
    projection: &Projection,
    answer: Answer,
) -> HttpResponse {
    context.count(projection.tolerated());
    let mut response = respond(context, StatusCode::OK, answer);
    // RFC 7644 §3.14: nothing to be sent again.
    if response.status() == StatusCode::NO_CONTENT {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    response
}

async fn replace(
    kind: ResourceKind,
    context: RequestContext,
    request: HttpRequest,
    id: web::Path<String>,
    body: web::Payload,
) -> Result<HttpResponse, HttpError> {
    let projection = projection(&request)?;
    let body = body_of(&context, &request, body).await?;
    let answer = context
        .directory
        .replace(
            kind,
            &id,
            body,
            &projection,
            &preconditions(&request),
            context.caller(),
        )
        .await?;
    Ok(respond(&context, StatusCode::OK, answer))
}

async fn patch(
    kind: ResourceKind,
    context: RequestContext,
    request: HttpRequest,
    id: web::Path<String>,
    body: web::Payload,
) -> Result<HttpResponse, HttpError> {
    let projection = projection(&request)?;
    let body = body_of(&context, &request, body).await?;
    let answer = context
        .directory
        .patch(
            kind,
            &id,
            &body,
            &projection,
            &preconditions(&request),
            context.caller(),
        )
        .await?;
    Ok(respond(&context, StatusCode::OK, answer))
}

async fn delete(
    kind: ResourceKind,
    context: RequestContext,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    context
        .directory
        .delete(kind, &id, &preconditions(&request), context.caller())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// RFC 7644 §3.14
pub(super) fn preconditions(request: &HttpRequest) -> Preconditions {
    Preconditions::new(
        header_text(request, IF_MATCH).as_deref(),
        header_text(request, IF_NONE_MATCH).as_deref(),
    )
}

pub(super) fn projection(request: &HttpRequest) -> Result<Projection, HttpError> {
    Ok(Projection::from_parameters(&parameters(request))?)
}

fn respond(context: &RequestContext, status: StatusCode, answer: Answer) -> HttpResponse {
    context.count(&answer.tolerated);
    let status = match answer.body {
        Some(_) => status,
        None => StatusCode::NO_CONTENT,
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((LOCATION, answer.location))
        .insert_header((ETAG, answer.entity_tag));
    match answer.body {
        Some(body) => response.content_type(SCIM_JSON).body(body),
        None => response.finish(),
    }
}
