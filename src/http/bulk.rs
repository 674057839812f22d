//! `/Bulk` (RFC 7644 §3.7).

use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use serde_json::{Value, json};
use tracing::error;

use super::context::RequestContext;
use super::errors::HttpError;
use super::negotiation::read_json;
use super::resources::ok;
use super::routes::not_allowed;
use crate::directory::{BulkDone, BulkResult};
use crate::scim::bulk::BulkRequest;

/// The route below the endpoint.
pub(super) fn configure(services: &mut web::ServiceConfig) {
    services.service(
        web::resource("/Bulk")
            .post(bulk)
            .default_service(not_allowed("POST")),
    );
}

async fn bulk(
    context: RequestContext,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, HttpError> {
    let settings = &context.state.settings;
    let body = read_json(
        &request,
        body,
        settings.bulk_max_payload_bytes,
        settings.client_timeout,
    )
    .await?;
    let bulk = BulkRequest::read(body, settings.bulk_max_operations)?;
    let answer = context.directory.bulk(bulk, context.caller()).await;
    context.count(&answer.tolerated);
    let operations: Vec<Value> = answer.results.into_iter().map(result).collect();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
        "Operations": operations,
    });
    Ok(ok(body.to_string()))
}

/// The status is a text (RFC 7644 §3.7.3). Resources are left out, which the RFC lets the server
/// choose; errors are not.
fn result(result: BulkResult) -> Value {
    let mut shown = json!({ "method": result.method });
    if let Some(bulk_id) = result.bulk_id {
        shown["bulkId"] = Value::from(bulk_id);
    }
    if let Some(location) = result.location {
        shown["location"] = Value::from(location);
    }
    let (status, version) = match result.outcome {
        Ok(BulkDone::Created { version }) => ("201".to_owned(), Some(version)),
        Ok(BulkDone::Changed { version }) => ("200".to_owned(), Some(version)),
        Ok(BulkDone::Deleted) => ("204".to_owned(), None),
        Err(error) => {
            let error = HttpError::from(error);
            if let Some(cause) = error.cause() {
                error!(method = %shown["method"], cause, "bulk operation failed");
            }
            shown["response"] = error.body();
            (error.status_code().as_str().to_owned(), None)
        }
    };
    if let Some(version) = version {
        shown["version"] = Value::from(version);
    }
    shown["status"] = Value::from(status);
    shown
}
