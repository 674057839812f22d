//! What the configuration says of a directory.

/// One identity provider's name space.
#[derive(Debug, Clone)]
pub struct DirectorySettings {
    /// Its name; `default` always exists.
    pub name: String,
    /// Who may write to it.
    pub tokens: Vec<TokenSettings>,
    /// Whether two groups may not have the same `displayName`.
    pub unique_group_names: bool,
    /// Whether a PATCH is answered with 204 in place of 200 and the resource.
    pub patch_no_content: bool,
    /// Whether a parked member value may also match a `userName`.
    pub match_parked_by_user_name: bool,
}

/// A bearer token, as its digest.
#[derive(Debug, Clone)]
pub struct TokenSettings {
    /// Its name in the audit trail.
    pub name: String,
    /// SHA-256 of the token.
    pub sha256: [u8; 32],
}
