//! Who may write to which directory: bearer tokens, known by their digests only.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use super::errors::HttpError;
use crate::directory::Directory;

/// All tokens of all directories. The path of a request says which directory is meant, and only a
/// token of that one opens it.
pub(super) struct TokenTable {
    entries: Vec<Entry>,
}

struct Entry {
    digest: [u8; 32],
    /// The token's name, for the audit trail.
    name: Arc<str>,
    /// The directory that it opens.
    directory: Arc<Directory>,
}

impl TokenTable {
    pub(super) fn new(directories: &[Arc<Directory>]) -> Self {
        let entries = directories
            .iter()
            .flat_map(|directory| {
                directory.settings().tokens.iter().map(|token| Entry {
                    digest: token.sha256,
                    name: token.name.as_str().into(),
                    directory: Arc::clone(directory),
                })
            })
            .collect();
        Self { entries }
    }

    /// The name of the token with which a request opens a directory; `None` for the directory opens
    /// nothing, after the same work.
    pub(super) fn authenticate(
        &self,
        request: &HttpRequest,
        directory: Option<&Arc<Directory>>,
    ) -> Result<Arc<str>, HttpError> {
        let header = request
            .headers()
            .get(AUTHORIZATION)
            .ok_or_else(|| HttpError::unauthenticated("send a bearer token in Authorization"))?;
        let token = header
            .to_str()
            .ok()
            .and_then(presented_token)
            .ok_or_else(|| {
                HttpError::unauthenticated(
                    "Authorization must be `Bearer <token>`, or the token alone",
                )
            })?;
        self.find(token, directory)
            .ok_or_else(|| HttpError::unauthenticated("the token is not known here"))
    }

    /// Every digest is compared, those of other directories too, each in constant time, so that the
    /// time taken tells nothing.
    fn find(&self, token: &str, directory: Option<&Arc<Directory>>) -> Option<Arc<str>> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let mut found = None;
        for entry in &self.entries {
            let opens = directory.is_some_and(|wanted| Arc::ptr_eq(wanted, &entry.directory));
            if bool::from(entry.digest.ct_eq(&digest) & Choice::from(u8::from(opens))) {
                found = Some(&entry.name);
            }
        }
        found.map(Arc::clone)
    }
}

/// `Bearer T` with the scheme in any case (RFC 9110 §11.1), or `T` alone, as Okta's header
/// authentication sends it.
fn presented_token(header: &str) -> Option<&str> {
    let trimmed = header.trim();
    let token = match trimmed.split_once(char::is_whitespace) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => rest.trim(),
        Some(_) => return None,
        None if trimmed.eq_ignore_ascii_case("bearer") => return None,
        None => trimmed,
    };
    (!token.is_empty() && !token.contains(char::is_whitespace)).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::presented_token;

    #[test]
    fn a_token_comes_with_its_scheme_or_alone() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("abc", Some("abc")),
            ("Bearer ", None),
            ("", None),
            ("Basic bm9ib2R5Ondyb25n", None),
            ("Bearer a b", None),
        ] {
            assert_eq!(presented_token(header), token, "{header:?}");
        }
    }
}
