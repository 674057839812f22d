//! What is taken although the RFCs, or the profiles that narrow them, do not ask for it: counted,
//! so that an operator sees which dialect a client speaks, and refused where a directory says so.

mod permitted;
mod tolerated;

pub use permitted::Tolerances;
pub use tolerated::Tolerated;

use super::ErrorKind;

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
    /// PATCH without a path. RFC 7644 has it; the interoperability profile forbids it.
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
    /// A read-only attribute in a PATCH without a path; left out.
    ReadOnlyAttribute,
    /// A member without an id; left out.
    MemberWithoutValue,
    /// `remove` with the values beside the path in place of a filter in it.
    RemoveByValue,
    /// A filtered path that matched no element and made one.
    CreatedElement,
    /// `Add` or `Replace` in capitals.
    OperationCase,
    /// A value outside `canonicalValues`, which RFC 7643 §7 calls suggestions.
    NonCanonicalValue,
    /// `replace` of a complex attribute that leaves what it does not name, as RFC 7644 §3.5.2.3
    /// has it; the interoperability profile replaces all of it.
    MergingReplace,
    /// A password; the IPSIE profile leaves them out.
    Password,
    /// A filter on an attribute that no schema knows; it has no value.
    UnknownFilterAttribute,
    /// A number, `true` or `false` in a filter where a quoted text belongs.
    UnquotedText,
    /// A word without quotes in a filter.
    BareWord,
    /// `attributes` or `excludedAttributes` with a filter, such as `emails[type eq "work"]`; the
    /// filter is ignored.
    FilteredProjection,
    /// An endpoint in lower case, such as `/users`.
    LowerCaseEndpoint,
}

impl Tolerance {
    /// Every one, in the order of the documentation.
    pub const ALL: [Self; 30] = [
        Self::StringBoolean,
        Self::UnknownAttribute,
        Self::UnknownSchema,
        Self::InferredSchemas,
        Self::UndeclaredExtension,
        Self::UnqualifiedExtension,
        Self::PathlessPatch,
        Self::DottedKey,
        Self::UrnKey,
        Self::FilteredKey,
        Self::WrappedSingle,
        Self::UnwrappedList,
        Self::BareValue,
        Self::JsonText,
        Self::EmptyString,
        Self::DisplayAlias,
        Self::SecondPrimary,
        Self::ReadOnlyAttribute,
        Self::MemberWithoutValue,
        Self::RemoveByValue,
        Self::CreatedElement,
        Self::OperationCase,
        Self::NonCanonicalValue,
        Self::MergingReplace,
        Self::Password,
        Self::UnknownFilterAttribute,
        Self::UnquotedText,
        Self::BareWord,
        Self::FilteredProjection,
        Self::LowerCaseEndpoint,
    ];

    /// The name for configuration, logs and metrics.
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
            Self::OperationCase => "operation_case",
            Self::NonCanonicalValue => "non_canonical_value",
            Self::MergingReplace => "merging_replace",
            Self::Password => "password",
            Self::UnknownFilterAttribute => "unknown_filter_attribute",
            Self::UnquotedText => "unquoted_text",
            Self::BareWord => "bare_word",
            Self::FilteredProjection => "filtered_projection",
            Self::LowerCaseEndpoint => "lower_case_endpoint",
        }
    }

    /// What a client has to do where this is not tolerated.
    pub(super) fn demand(self) -> &'static str {
        match self {
            Self::StringBoolean => "a boolean is true or false, without quotes",
            Self::UnknownAttribute => "no schema of this resource type has it",
            Self::UnknownSchema => "this resource type does not have this schema",
            Self::InferredSchemas => "the body must list its schemas, the core schema among them",
            Self::UndeclaredExtension => "an extension with data must be listed in schemas",
            Self::UnqualifiedExtension => "an attribute of an extension is named with its URN",
            Self::PathlessPatch => "every operation must have a path",
            Self::DottedKey => "a sub-attribute belongs in the object of its attribute",
            Self::UrnKey => "an attribute of an extension belongs in the object of its URN",
            Self::FilteredKey => "a path with a filter belongs in the path of a PATCH",
            Self::WrappedSingle => "a single value is not a list",
            Self::UnwrappedList => "a multi-valued attribute is a list",
            Self::BareValue => "a complex value is an object",
            Self::JsonText => "an object is written as such, not as text",
            Self::EmptyString => "no value is null, or an attribute that is left out",
            Self::DisplayAlias => "the sub-attribute is called display",
            Self::SecondPrimary => "at most one value is primary",
            Self::ReadOnlyAttribute => "only the service writes it",
            Self::MemberWithoutValue => "a member must have the id of a resource as its value",
            Self::RemoveByValue => "\"remove\" has no value; choose what to remove by a filter",
            Self::CreatedElement => "the filter in the path matches no value of the resource",
            Self::OperationCase => "op is \"add\", \"remove\" or \"replace\", in small letters",
            Self::NonCanonicalValue => "the value must be one of the attribute's canonicalValues",
            Self::MergingReplace => "\"replace\" replaces the whole attribute",
            Self::Password => "passwords are not provisioned",
            Self::UnknownFilterAttribute => "no schema of this resource type has it",
            Self::UnquotedText | Self::BareWord => "text in a filter stands in double quotes",
            Self::FilteredProjection => "attributes are named without a filter",
            Self::LowerCaseEndpoint => "endpoints are /Users and /Groups",
        }
    }

    /// The kind of the refusal where this is not tolerated, unless its place says otherwise.
    pub(super) fn refusal(self) -> ErrorKind {
        match self {
            // The interoperability profile, "Attribute and Schema Handling" and "Mandatory Use of
            // the path Attribute", wants invalidSyntax for these.
            Self::UnknownAttribute
            | Self::UnknownSchema
            | Self::PathlessPatch
            | Self::InferredSchemas
            | Self::UndeclaredExtension
            | Self::UnqualifiedExtension
            | Self::DottedKey
            | Self::UrnKey
            | Self::FilteredKey
            | Self::DisplayAlias
            | Self::OperationCase
            | Self::RemoveByValue
            | Self::Password => ErrorKind::InvalidSyntax,
            Self::StringBoolean
            | Self::WrappedSingle
            | Self::UnwrappedList
            | Self::BareValue
            | Self::JsonText
            | Self::EmptyString
            | Self::SecondPrimary
            | Self::MemberWithoutValue
            | Self::NonCanonicalValue
            | Self::MergingReplace
            | Self::FilteredProjection => ErrorKind::InvalidValue,
            Self::LowerCaseEndpoint => ErrorKind::NotFound,
            Self::ReadOnlyAttribute => ErrorKind::Mutability,
            // RFC 7644 §3.5.2.3
            Self::CreatedElement => ErrorKind::NoTarget,
            Self::UnknownFilterAttribute | Self::UnquotedText | Self::BareWord => {
                ErrorKind::InvalidFilter
            }
        }
    }

    /// Whether the RFCs permit it, so that only the profiles that narrow them do not.
    pub(super) fn is_in_the_rfcs(self) -> bool {
        matches!(
            self,
            Self::PathlessPatch
                | Self::NonCanonicalValue
                | Self::MergingReplace
                | Self::Password
                | Self::UnknownFilterAttribute
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Tolerance;

    #[test]
    fn all_are_listed_once_under_names_of_their_own() {
        let names: BTreeSet<&str> = Tolerance::ALL.iter().map(|one| one.as_str()).collect();
        assert_eq!(names.len(), Tolerance::ALL.len());
    }
}
