//! The API key of the administrator.

use super::state::User;

/// An API key and whose it is.
#[derive(Debug)]
pub(super) struct ApiKey {
    pub(super) id: i64,
    pub(super) key: String,
    /// The owner's row id, so that a key outlives a rename.
    pub(super) owner: i64,
    /// Whether it is dead for good.
    pub(super) revoked: bool,
}

impl ApiKey {
    pub(super) fn new(key: &str, owner: i64) -> Self {
        let id = key
            .split_once('-')
            .and_then(|(id, _)| id.parse().ok())
            .unwrap_or(1);
        Self {
            id,
            key: key.to_owned(),
            owner,
            revoked: false,
        }
    }

    pub(super) fn is_of(&self, user: &User) -> bool {
        self.owner == user.id
    }
}
