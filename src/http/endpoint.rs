//! One directory as clients see it: its path, and what it says of itself.

use std::sync::Arc;

use actix_web::{HttpRequest, web};

use super::errors::HttpError;
use super::settings::ScimSettings;
use crate::directory::Directory;
use crate::scim::ErrorKind;
use crate::scim::schema::SchemaSet;

/// The path of the directory `default`.
pub(super) const DEFAULT_ENDPOINT: &str = "/scim/v2";
/// The directory that stands there.
const DEFAULT_DIRECTORY: &str = "default";

/// The paths of all other directories, those that there are not included.
pub(super) const ANY_ENDPOINT: &str = "/scim/{directory}/v2";

/// The endpoint of a directory.
pub(super) struct DirectoryEndpoint {
    pub(super) directory: Arc<Directory>,
    /// `/scim/v2`, or `/scim/<name>/v2`.
    pub(super) path: String,
    /// Its schemas, as `/Schemas` shows them.
    pub(super) schemas: Arc<SchemaSet>,
    /// Whether passwords that clients send reach an appliance, for `/ServiceProviderConfig`.
    pub(super) change_password: bool,
    /// Whether it keeps to the interoperability profile, for `/ServiceProviderConfig`.
    pub(super) interop_profile: bool,
}

impl DirectoryEndpoint {
    pub(super) fn new(directory: &Arc<Directory>, settings: &ScimSettings) -> Self {
        let name = &directory.settings().name;
        Self {
            path: match name.as_str() {
                DEFAULT_DIRECTORY => DEFAULT_ENDPOINT.to_owned(),
                further => format!("/scim/{further}/v2"),
            },
            schemas: directory.advertised_schemas(),
            change_password: directory.keeps_passwords(),
            interop_profile: profile_holds(settings, directory),
            directory: Arc::clone(directory),
        }
    }

    /// Whether everybody may know that it is there.
    pub(super) fn is_default(&self) -> bool {
        self.path == DEFAULT_ENDPOINT
    }
}

/// The interoperability profile wants everything refused that a directory could tolerate, and
/// pages of 100 resources.
fn profile_holds(settings: &ScimSettings, directory: &Directory) -> bool {
    const LEAST_RESULTS: u32 = 100;
    settings.max_results >= LEAST_RESULTS && directory.settings().tolerances.are_none()
}

/// The endpoint that a request was sent to.
pub(super) fn endpoint_of(
    request: &HttpRequest,
) -> Result<web::Data<DirectoryEndpoint>, HttpError> {
    request
        .app_data::<web::Data<DirectoryEndpoint>>()
        .cloned()
        .ok_or_else(|| HttpError::new(ErrorKind::Internal, "the path is of no directory"))
}
