//! The parts of a resource that other rows decide, in the shape in which clients read them.

use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::scim::{ResourceKind, Revision};
use crate::store::{GroupReference, MemberReference, StoredResource};

/// What is added to a stored document.
#[derive(Serialize)]
pub(super) struct Additions<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<Reference<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<Reference<'a>>>,
    meta: Meta<'a>,
}

impl<'a> Additions<'a> {
    /// `empty_members`: whether a group without members shows an empty list.
    pub(super) fn of(resource: &'a StoredResource, base: &'a str, empty_members: bool) -> Self {
        let relations = &resource.relations;
        let groups = relations.groups.iter();
        let members = relations.members.iter();
        Self {
            groups: (!relations.groups.is_empty()).then(|| {
                groups
                    .map(|group| Reference::to_group(group, base))
                    .collect()
            }),
            members: (empty_members || !relations.members.is_empty()).then(|| {
                members
                    .map(|member| Reference::to_member(member, base))
                    .collect()
            }),
            meta: Meta {
                resource_type: resource.kind.as_str(),
                created: Instant(resource.created_ms),
                last_modified: Instant(resource.modified_ms),
                location: Location::of(resource, base),
                version: EntityTag::of(resource),
            },
        }
    }
}

/// An element of `groups` (RFC 7643 §4.1.2) or `members` (§4.2).
#[derive(Serialize)]
pub(super) struct Reference<'a> {
    value: &'a str,
    #[serde(rename = "$ref")]
    location: Location<'a>,
    #[serde(rename = "type")]
    of: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<&'a str>,
}

impl<'a> Reference<'a> {
    pub(super) fn to_member(member: &'a MemberReference, base: &'a str) -> Self {
        Self {
            value: &member.id,
            location: Location {
                base,
                kind: member.kind,
                id: &member.id,
            },
            of: member.kind.as_str(),
            display: member.display.as_deref(),
        }
    }

    fn to_group(group: &'a GroupReference, base: &'a str) -> Self {
        Self {
            value: &group.id,
            location: Location {
                base,
                kind: ResourceKind::Group,
                id: &group.id,
            },
            of: if group.direct { "direct" } else { "indirect" },
            display: Some(&group.display),
        }
    }
}

/// RFC 7643 §3.1
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta<'a> {
    resource_type: &'static str,
    created: Instant,
    last_modified: Instant,
    location: Location<'a>,
    version: EntityTag,
}

/// `https://host/scim/v2/Users/<id>`
pub(super) struct Location<'a> {
    base: &'a str,
    kind: ResourceKind,
    id: &'a str,
}

impl<'a> Location<'a> {
    pub(super) fn new(base: &'a str, kind: ResourceKind, id: &'a str) -> Self {
        Self { base, kind, id }
    }

    pub(super) fn of(resource: &'a StoredResource, base: &'a str) -> Self {
        Self::new(base, resource.kind, &resource.id)
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}/{}/{}",
            self.base,
            self.kind.endpoint(),
            self.id
        )
    }
}

/// `meta.version`: what the resource is a revision of, as far as its relations were read.
pub(super) struct EntityTag(pub Revision);

impl EntityTag {
    pub(super) fn of(resource: &StoredResource) -> Self {
        Self(Revision {
            version: resource.version,
            groups: digest(&resource.relations.groups),
        })
    }
}

/// A short digest of all that a user shows of its groups.
fn digest(groups: &[GroupReference]) -> Option<u64> {
    if groups.is_empty() {
        return None;
    }
    let mut hash = Sha256::new();
    for group in groups {
        for part in [group.id.as_str(), group.display.as_str()] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        hash.update([u8::from(group.direct)]);
    }
    hash.finalize()
        .first_chunk()
        .map(|first| u64::from_be_bytes(*first))
}

/// Milliseconds since the Unix epoch, always with three digits after the second, so that the
/// texts sort as the times do.
struct Instant(i64);

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        write!(formatter, "{at:.3}")
    }
}

impl Serialize for Location<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for EntityTag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
