//! What a client says of the version that it knows (RFC 7644 §3.14, RFC 9110 §13.1).

use std::fmt;

use super::error::{ErrorKind, ScimError};

/// What an entity tag names: a version of a resource and, of a user, the groups shown with it.
///
/// Groups are other resources' data, so they change without a new version of the user; a client that
/// has the version but other groups does not have what it would be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// Counts the changes of the resource itself.
    pub version: i64,
    /// A digest of the groups, if there are any.
    pub groups: Option<u64>,
}

/// The weak entity tag of RFC 7644 §3.14.
impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.groups {
            Some(groups) => write!(formatter, "W/\"{}-{groups:016x}\"", self.version),
            None => write!(formatter, "W/\"{}\"", self.version),
        }
    }
}

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
    Listed(Vec<Revision>),
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

    /// Whether a client that reads has this already.
    pub fn is_known(&self, revision: Revision) -> bool {
        self.if_none_match
            .as_ref()
            .is_some_and(|known| known.hold(|listed| *listed == revision))
    }

    /// Whether `If-Match` lets a client read this version.
    ///
    /// # Errors
    /// `PreconditionFailed`, with both versions.
    pub fn judge_read(&self, version: i64) -> Result<(), ScimError> {
        match &self.if_match {
            Some(wanted) if !wanted.hold(|listed| listed.version == version) => {
                Err(failed(format!(
                    "the resource has version W/\"{version}\", not the one in If-Match; read it again \
                 before you change it"
                )))
            }
            _ => Ok(()),
        }
    }

    /// Whether a change of this version is meant. A user's groups are no part of what is changed, so
    /// that they do not matter here.
    ///
    /// # Errors
    /// `PreconditionFailed`, with both versions.
    pub fn judge_write(&self, version: i64) -> Result<(), ScimError> {
        self.judge_read(version)?;
        let known = self.if_none_match.as_ref();
        if known.is_some_and(|known| known.hold(|listed| listed.version == version)) {
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
        Self::Listed(tags.by_ref().filter_map(revision_of).collect())
    }

    fn hold(&self, is_meant: impl Fn(&Revision) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(revisions) => revisions.iter().any(is_meant),
        }
    }
}

fn revision_of(tag: &str) -> Option<Revision> {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
    let (version, groups) = match opaque.split_once('-') {
        Some((version, groups)) => (version, Some(u64::from_str_radix(groups, 16).ok()?)),
        None => (opaque, None),
    };
    let version = version.parse().ok()?;
    Some(Revision { version, groups })
}

fn failed(detail: String) -> ScimError {
    ScimError::new(ErrorKind::PreconditionFailed, detail)
}

#[cfg(test)]
mod tests {
    use super::{Preconditions, Revision};

    fn revision(version: i64, groups: Option<u64>) -> Revision {
        Revision { version, groups }
    }

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
            assert_eq!(
                conditions.is_known(revision(7, None)),
                holds,
                "If-None-Match: {tags}"
            );
            assert_eq!(conditions.judge_write(7).is_err(), holds, "{tags}");
            assert!(conditions.judge_read(7).is_ok());
        }
        assert!(Preconditions::NONE.judge_write(7).is_ok());
        assert!(!Preconditions::NONE.is_known(revision(7, None)));
    }

    #[test]
    fn groups_matter_to_who_reads_and_not_to_who_writes() {
        let tag = revision(7, Some(0xab)).to_string();
        assert_eq!(tag, "W/\"7-00000000000000ab\"");
        let reading = Preconditions::new(None, Some(&tag));
        assert!(reading.is_known(revision(7, Some(0xab))));
        for other in [
            revision(7, None),
            revision(7, Some(0xac)),
            revision(8, Some(0xab)),
        ] {
            assert!(!reading.is_known(other), "{other}");
        }
        let writing = Preconditions::new(Some(&tag), None);
        assert!(writing.judge_write(7).is_ok());
        assert!(writing.judge_write(8).is_err());
        assert!(reading.judge_write(7).is_err());
    }
}
