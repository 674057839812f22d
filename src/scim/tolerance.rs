//! What was taken although the RFCs do not ask for it, counted: each entry explains why a
//! resource is not literally what the client sent, and shows which dialect a client speaks.

use std::ops::AddAssign;

/// One way in which clients deviate and are understood all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tolerance {
    /// `"True"` or `"false"` as text where a boolean belongs.
    StringBoolean,
    /// An attribute or path that no schema knows; left out.
    UnknownAttribute,
    /// A schema URN that the service does not know; left out.
    UnknownSchema,
    /// No `schemas`, or none of SCIM 2.0; inferred from the endpoint.
    InferredSchemas,
    /// Extension data whose URN is not in `schemas`.
    UndeclaredExtension,
    /// An attribute of an extension named without its URN.
    UnqualifiedExtension,
    /// PATCH without a path.
    PathlessPatch,
    /// A key such as `name.givenName`.
    DottedKey,
    /// A key such as `urn:...:User:department`.
    UrnKey,
    /// A key such as `emails[type eq "work"].value`.
    FilteredKey,
    /// A list of one where a single value belongs.
    WrappedSingle,
    /// A single value where a list belongs.
    UnwrappedList,
    /// A bare scalar where a complex value belongs.
    BareValue,
    /// JSON text where an object belongs.
    JsonText,
    /// `""` for "no value".
    EmptyString,
    /// `displayName` where the sub-attribute is called `display`.
    DisplayAlias,
    /// A second primary value in one list; only the first stays primary.
    SecondPrimary,
    /// A read-only attribute; left out.
    ReadOnlyAttribute,
    /// A member without an id; left out.
    MemberWithoutValue,
    /// `remove` with the values beside the path in place of a filter in it.
    RemoveByValue,
    /// A filtered path that matched no element and made one.
    CreatedElement,
    /// `attributes` or `excludedAttributes` with a filter, such as `emails[type eq "work"]`; the
    /// filter is ignored.
    FilteredProjection,
    /// An endpoint in lower case, such as `/users`.
    LowerCaseEndpoint,
}

impl Tolerance {
    /// The name for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StringBoolean => "string_boolean",
            Self::UnknownAttribute => "unknown_attribute",
            Self::UnknownSchema => "unknown_schema",
            Self::InferredSchemas => "inferred_schemas",
            Self::UndeclaredExtension => "undeclared_extension",
            Self::UnqualifiedExtension => "unqualified_extension",
            Self::PathlessPatch => "pathless_patch",
            Self::DottedKey => "dotted_key",
            Self::UrnKey => "urn_key",
            Self::FilteredKey => "filtered_key",
            Self::WrappedSingle => "wrapped_single",
            Self::UnwrappedList => "unwrapped_list",
            Self::BareValue => "bare_value",
            Self::JsonText => "json_text",
            Self::EmptyString => "empty_string",
            Self::DisplayAlias => "display_alias",
            Self::SecondPrimary => "second_primary",
            Self::ReadOnlyAttribute => "read_only_attribute",
            Self::MemberWithoutValue => "member_without_value",
            Self::RemoveByValue => "remove_by_value",
            Self::CreatedElement => "created_element",
            Self::FilteredProjection => "filtered_projection",
            Self::LowerCaseEndpoint => "lower_case_endpoint",
        }
    }
}

/// How often each tolerance was needed for one request. Few are, so it is a short list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tolerated {
    counts: Vec<(Tolerance, u32)>,
}

impl Tolerated {
    /// Counts one more.
    pub fn note(&mut self, tolerance: Tolerance) {
        self.note_times(tolerance, 1);
    }

    /// Whether the request was as the RFCs have it.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How often this one was needed.
    pub fn count(&self, tolerance: Tolerance) -> u32 {
        self.iter()
            .find(|(noted, _)| *noted == tolerance)
            .map_or(0, |(_, count)| count)
    }

    /// Each tolerance that was needed, with its count, in the order of first need.
    pub fn iter(&self) -> impl Iterator<Item = (Tolerance, u32)> + '_ {
        self.counts.iter().copied()
    }

    fn note_times(&mut self, tolerance: Tolerance, times: u32) {
        match self
            .counts
            .iter_mut()
            .find(|(noted, _)| *noted == tolerance)
        {
            Some((_, count)) => *count = count.saturating_add(times),
            None => self.counts.push((tolerance, times)),
        }
    }
}

impl AddAssign<&Tolerated> for Tolerated {
    fn add_assign(&mut self, other: &Tolerated) {
        for (tolerance, count) in other.iter() {
            self.note_times(tolerance, count);
        }
    }
}

impl AddAssign for Tolerated {
    fn add_assign(&mut self, other: Tolerated) {
        *self += &other;
    }
}

#[cfg(test)]
mod tests {
    use super::{Tolerance, Tolerated};

    #[test]
    fn merging_adds_the_counts() {
        let mut all = Tolerated::default();
        all.note(Tolerance::DottedKey);
        let mut more = Tolerated::default();
        more.note(Tolerance::DottedKey);
        more.note(Tolerance::UrnKey);
        all += more;
        assert_eq!(all.count(Tolerance::DottedKey), 2);
        assert_eq!(all.count(Tolerance::UrnKey), 1);
        assert_eq!(all.count(Tolerance::JsonText), 0);
    }
}
