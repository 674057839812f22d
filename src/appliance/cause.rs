//! What an HTTP client's error is at bottom.

use std::error::Error as StdError;
use std::io;

/// The innermost cause in words. The outer errors of the HTTP client would repeat the URL, and with
/// it query values.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let Some(mut cause) = error.source() else {
        return "the HTTP client gives no reason".to_owned();
    };
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// The TLS library's error, if it is one. What an `io::Error` wraps is not its `source`, so that
/// walking the sources alone does not find it.
pub(super) fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        cause = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}
