//! What a client says of the version that it knows (RFC 7644 §3.14, RFC 9110 §13.1).

use super::error::{ErrorKind, ScimError};

/// The conditions under which a request is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preconditions {
    if_match: Option<Versions>,
    if_none_match: Option<Versions>,
}

/// The versions that a condition names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Versions {
    /// `*`
    Any,
    /// Those of the entity tags that are ours; any other tag is of no version.
    Listed(Vec<i64>),
}

impl Preconditions {
    /// A request that is meant in any case.
    pub const NONE: Self = Self {
        if_match: None,
        if_none_match: None,
    };

    /// Reads the values of `If-Match` and `If-None-Match`.
    pub fn new(if_match: Option<&str>, if_none_match: Option<&str>) -> Self {
        Self {
            if_match: if_match.map(Versions::read),
            if_none_match: if_none_match.map(Versions::read),
        }
    }

    /// Whether nothing depends on the version.
    pub fn is_empty(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    /// Whether a client that reads has this version already.
    pub fn is_known(&self, version: i64) -> bool {
        self.if_none_match
            .as_ref()
            .is_some_and(|known| known.hold(version))
    }

    /// Whether `If-Match` lets a client read this version.
    ///
    /// # Errors
    /// `PreconditionFailed`, with both versions.
    pub fn judge_read(&self, version: i64) -> Result<(), ScimError> {
        match &self.if_match {
            Some(wanted) if !wanted.hold(version) => Err(failed(format!(
                "the resource has version W/\"{version}\", not the one in If-Match; read it again \
                 before you change it"
            ))),
            _ => Ok(()),
        }
    }

    /// Whether a change of this version is meant.
    ///
    /// # Errors
    /// `PreconditionFailed`, with both versions.
    pub fn judge_write(&self, version: i64) -> Result<(), ScimError> {
        self.judge_read(version)?;
        if self.is_known(version) {
            return Err(failed(format!(
                "the resource has version W/\"{version}\", which If-None-Match excludes"
            )));
        }
        Ok(())
    }
}

impl Versions {
    /// Tags are compared weakly: ours are weak, and RFC 7644 §3.14 uses such ones in `If-Match`.
    /// A version without its quotes is understood too.
    fn read(text: &str) -> Self {
        let mut tags = text.split(',').map(str::trim);
        if tags.clone().any(|tag| tag == "*") {
            return Self::Any;
        }
        Self::Listed(tags.by_ref().filter_map(version_of).collect())
    }

    fn hold(&self, version: i64) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(versions) => versions.contains(&version),
        }
    }
}

fn version_of(tag: &str) -> Option<i64> {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    opaque.trim_matches('"').parse().ok()
}

fn failed(detail: String) -> ScimError {
    ScimError::new(ErrorKind::PreconditionFailed, detail)
}

#[cfg(test)]
mod tests {
    use super::Preconditions;

    #[test]
    fn tags_are_read_as_clients_write_them() {
        for (tags, holds) in [
            ("W/\"7\"", true),
            ("\"7\"", true),
            ("7", true),
            ("\"6\", W/\"7\"", true),
            ("*", true),
            ("W/\"8\"", false),
            ("\"seven\"", false),
            ("", false),
        ] {
            let conditions = Preconditions::new(Some(tags), None);
            assert_eq!(conditions.judge_write(7).is_ok(), holds, "If-Match: {tags}");
            let conditions = Preconditions::new(None, Some(tags));
            assert_eq!(conditions.is_known(7), holds, "If-None-Match: {tags}");
            assert_eq!(conditions.judge_write(7).is_err(), holds, "{tags}");
            assert!(conditions.judge_read(7).is_ok());
        }
        assert!(Preconditions::NONE.judge_write(7).is_ok());
        assert!(!Preconditions::NONE.is_known(7));
    }
}
