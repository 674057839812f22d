//! One log line and one count for each request, and the id that both carry.
//!
//! Bodies, query strings and credentials are never logged: they hold personal data and secrets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, web};
use tracing::{Instrument as _, debug, error, info, info_span};

use super::errors::HttpError;
use super::state::ScimState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id of a client that is taken over.
const MAX_ID_LENGTH: usize = 128;

/// The id of a request.
#[derive(Clone)]
pub(super) struct RequestId(pub Arc<str>);

/// The name of the credential that a request used.
#[derive(Clone)]
pub(super) struct Actor(pub Arc<str>);

/// Gives the request its id, and counts and logs its answer.
pub(super) async fn log_requests(
    state: web::Data<ScimState>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = client_id(&request).unwrap_or_else(|| state.ids.next_id().into());
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    let span = info_span!("request", request_id = %id, method = %request.method());
    async move {
        let mut response = next.call(request).await?;
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        record(&state, &response, started.elapsed());
        Ok(response)
    }
    .instrument(span)
    .await
}

/// The id of the request at hand.
pub(super) fn request_id(request: &HttpRequest) -> Arc<str> {
    match request.extensions().get::<RequestId>() {
        Some(id) => Arc::clone(&id.0),
        None => "".into(),
    }
}

/// An id that the client (or a proxy) brought, if it can stand in a log line as it is.
fn client_id(request: &ServiceRequest) -> Option<Arc<str>> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let sane = (1..=MAX_ID_LENGTH).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(&byte));
    sane.then(|| id.into())
}

fn record<B>(state: &ScimState, response: &ServiceResponse<B>, elapsed: Duration) {
    let request = response.request();
    // The pattern, not the path: an attacker must not be able to make series without end.
    let route = request
        .match_pattern()
        .unwrap_or_else(|| "unknown".to_owned());
    let method = request.method().as_str();
    // A method is the client's text as well.
    let known = matches!(
        method,
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"
    );
    let status = response.status();
    state.metrics.scim_request(
        &route,
        if known { method } else { "other" },
        status.as_u16(),
        elapsed,
    );
    let extensions = request.extensions();
    let actor = extensions.get::<Actor>().map_or("", |actor| &actor.0);
    let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let (status, path) = (status.as_u16(), request.path());
    let failure = response
        .response()
        .error()
        .and_then(|error| error.as_error::<HttpError>());
    let detail = failure.map(ToString::to_string).unwrap_or_default();
    // 501 is an answer, not a failure; neither is 503 where nothing went wrong inside.
    let busy = status == 503 && failure.is_some_and(|failure| failure.cause().is_none());
    if status >= 500 && status != 501 && !busy {
        let cause = failure.and_then(HttpError::cause).unwrap_or_default();
        error!(
            route,
            path, status, elapsed_ms, actor, detail, cause, "request failed"
        );
    } else if status >= 400 {
        info!(
            route,
            path, status, elapsed_ms, actor, detail, "request refused"
        );
    } else if method == "GET" {
        debug!(route, path, status, elapsed_ms, actor, "request answered");
    } else {
        info!(route, path, status, elapsed_ms, actor, "request answered");
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::client_id;

    #[test]
    fn only_ids_that_can_stand_in_a_log_are_taken_over() {
        for (id, taken) in [
            ("01890a5d-ac96-774b-bcce-b302099a8057", true),
            ("Root=1-67891233-abcdef012345678912345678", true),
            ("", false),
            ("two words", false),
            ("{\"level\":\"fake\"}", false),
            (&"x".repeat(129), false),
        ] {
            let request = TestRequest::get()
                .insert_header(("X-Request-Id", id))
                .to_srv_request();
            assert_eq!(client_id(&request).is_some(), taken, "{id}");
        }
    }
}
