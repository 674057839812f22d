//! Cursors (RFC 9865): where a list goes on, by what the last resource of a page was and not by
//! how many went before, so that resources which come and go in between move nothing.
//!
//! A cursor holds all that is needed to go on; the service keeps nothing. It is no secret and opens
//! nothing that its holder could not list anyhow.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{ListQuery, SortKey};
use crate::scim::{ErrorKind, ResourceKind, ScimError};

/// For how long a cursor can be used, in seconds: a page a day is no list any more.
pub const CURSOR_TIMEOUT_SECONDS: i64 = 24 * 60 * 60;

/// Where a list by cursor begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// At the first resource: the cursor was empty.
    First,
    /// Behind the last resource of another page.
    After(Cursor),
}

/// A place in a list, behind a resource that need not be there any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// What the list was, see [`ListQuery::fingerprint`].
    #[serde(rename = "q")]
    fingerprint: String,
    /// When the page was made.
    #[serde(rename = "t")]
    issued_ms: i64,
    /// Whether the resource was a group.
    #[serde(rename = "g")]
    group: bool,
    /// The place of the resource in the order of creation.
    #[serde(rename = "s")]
    sequence: i64,
    /// What the resource was sorted by.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    key: Option<SortKey>,
}

impl Cursor {
    /// The place behind a resource.
    pub fn behind(
        fingerprint: String,
        issued_ms: i64,
        kind: ResourceKind,
        sequence: i64,
        key: Option<SortKey>,
    ) -> Self {
        Self {
            fingerprint,
            issued_ms,
            group: kind == ResourceKind::Group,
            sequence,
            key,
        }
    }

    /// The kind of the resource.
    pub fn kind(&self) -> ResourceKind {
        match self.group {
            true => ResourceKind::Group,
            false => ResourceKind::User,
        }
    }

    /// The place of the resource in the order of creation.
    pub fn sequence(&self) -> i64 {
        self.sequence
    }

    /// What the resource was sorted by.
    pub fn key(&self) -> Option<&SortKey> {
        self.key.as_ref()
    }

    /// The cursor as clients get it: characters that need no escape in a URL (RFC 9865 §2).
    pub fn encode(&self) -> String {
        // A struct of numbers and texts always becomes JSON.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Whether the list of this cursor is the one at hand, and the cursor is young enough.
    ///
    /// # Errors
    /// `invalidCursor` or `expiredCursor` (RFC 9865 §2.1).
    pub fn check(&self, fingerprint: &str, now_ms: i64) -> Result<(), ScimError> {
        if self.fingerprint != fingerprint {
            return Err(invalid(
                "the cursor is of another list; send it with the filter, sortBy and sortOrder with \
                 which it was given out",
            ));
        }
        let age_ms = now_ms.saturating_sub(self.issued_ms);
        if age_ms > CURSOR_TIMEOUT_SECONDS.saturating_mul(1_000) {
            return Err(ScimError::new(
                ErrorKind::ExpiredCursor,
                "the cursor is too old; begin again with an empty one",
            ));
        }
        Ok(())
    }
}

impl Start {
    /// Reads the parameter `cursor`.
    pub(super) fn read(text: &str) -> Result<Self, ScimError> {
        if text.is_empty() {
            return Ok(Self::First);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .map(Self::After)
            .ok_or_else(|| {
                invalid(
                    "the cursor is none of ours; leave it empty for the first page, then send each \
                     nextCursor as it came",
                )
            })
    }
}

impl ListQuery {
    /// What decides which resources a list has and in which order, as a short text. `list` names
    /// the list itself.
    pub fn fingerprint(&self, list: &str) -> String {
        let mut hash = Sha256::new();
        let filter = self.filter.as_ref().map(ToString::to_string);
        let sort_by = self.sort_by.as_ref().map(ToString::to_string);
        for part in [Some(list.to_owned()), filter, sort_by] {
            hash.update(part.unwrap_or_default());
            hash.update([0]);
        }
        hash.update([u8::from(self.descending)]);
        let digest = hash.finalize();
        URL_SAFE_NO_PAD.encode(digest.get(..9).unwrap_or_default())
    }
}

fn invalid(detail: &str) -> ScimError {
    ScimError::new(ErrorKind::InvalidCursor, detail)
}

#[cfg(test)]
mod tests {
    use super::{CURSOR_TIMEOUT_SECONDS, Cursor, Start};
    use crate::scim::query::{ListQuery, SortKey};
    use crate::scim::{ErrorKind, ResourceKind};

    fn query(filter: &str) -> ListQuery {
        ListQuery::from_parameters(&[("filter".to_owned(), filter.to_owned())]).unwrap()
    }

    #[test]
    fn a_cursor_reads_as_it_was_given_out() {
        for key in [
            None,
            Some(SortKey::Text("ångström?&/".to_owned())),
            Some(SortKey::Boolean(true)),
            Some(SortKey::number(0.1)),
            Some(SortKey::Instant(
                "2026-01-02T03:04:05.678Z".parse().unwrap(),
            )),
        ] {
            let cursor = Cursor::behind("q".to_owned(), 5, ResourceKind::Group, 7, key);
            let text = cursor.encode();
            assert!(
                text.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
                "{text}"
            );
            assert_eq!(Start::read(&text), Ok(Start::After(cursor)));
        }
        assert_eq!(Start::read(""), Ok(Start::First));
        for text in ["x", "e30", "!", "eyJxIjoxfQ"] {
            let error = Start::read(text).unwrap_err();
            assert_eq!(error.kind, ErrorKind::InvalidCursor, "{text}");
        }
    }

    #[test]
    fn a_cursor_is_of_its_list_and_of_its_day() {
        let list = query("title pr").fingerprint("Users");
        assert_ne!(list, query("title pr").fingerprint("Groups"));
        assert_ne!(list, query("not (title pr)").fingerprint("Users"));
        let cursor = Cursor::behind(list.clone(), 1_000, ResourceKind::User, 7, None);
        assert_eq!(cursor.check(&list, 2_000), Ok(()));
        let other = cursor.check("other", 2_000).unwrap_err();
        assert_eq!(other.kind, ErrorKind::InvalidCursor);
        let late = 1_001 + CURSOR_TIMEOUT_SECONDS * 1_000;
        let expired = cursor.check(&list, late).unwrap_err();
        assert_eq!(expired.kind, ErrorKind::ExpiredCursor);
    }
}
