//! Fortinet FortiAuthenticator, REST API v1.
use crate::{
    error::UnknownRelease,
    exchange::{Request, Response, Simulator},
    vendor::Vendor,
};

/// What an appliance is set up with.
pub(crate) struct Options {
    pub(crate) release: String,
    pub(crate) username: String,
    pub(crate) api_key: String,
}
pub(crate) struct FortiAuthenticator;
pub(crate) fn new(options: &Options) -> Result<FortiAuthenticator, UnknownRelease> {
    let _ = (&options.username, &options.api_key);
    Err(UnknownRelease {
        vendor: Vendor::FortiAuthenticator,
        release: options.release.clone(),
        known: "none yet",
    })
}
impl Simulator for FortiAuthenticator {
    fn handle(&mut self, _: &Request) -> Response {
        Response::text(404, "text/html", "")
    }
}
