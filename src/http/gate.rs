//! What stands before the directories besides `default`: nothing is answered without one of their
//! tokens, not even whether there is such a directory.

use std::sync::Arc;

use actix_web::Error;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use super::context::shared_state;
use super::errors::HttpError;
use crate::directory::Directory;

/// Lets a request pass that carries a token of the directory. Where there is no directory, none
/// does, and the answer is the same and takes as long.
pub(super) async fn pass<B: MessageBody>(
    directory: Option<Arc<Directory>>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    match check(directory.as_ref(), &request) {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(refusal) => Ok(request.error_response(refusal).map_into_right_body()),
    }
}

fn check(directory: Option<&Arc<Directory>>, request: &ServiceRequest) -> Result<(), HttpError> {
    let state = shared_state(request.request())?;
    state.tokens.authenticate(request.request(), directory)?;
    Ok(())
}
