//! One row of a translation table: how a vendor's field gets its value, and how it is compared.

use regex::Regex;
use scim_filter_parser::Filter;
use serde_json::Value;

use super::super::pointer::Pointer;
use super::super::reference::Reference;
use super::choose::{Choice, Chooser};
use super::rule::FieldCondition;
use super::source::SourcePath;
use super::transform::Transform;

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The vendor's field.
    pub(crate) name: String,
    pub(super) source: Source,
    pub(super) apply: Vec<Transform>,
    pub(crate) on_create: bool,
    pub(crate) on_change: bool,
    /// The row has a value only where this holds of the resource.
    pub(super) when: Option<Filter>,
    /// Fields that travel with a change of this one.
    pub(crate) with: Vec<String>,
    /// What is written when the value went away.
    pub(super) empty: Value,
    pub(super) constraints: Constraints,
    pub(super) required: bool,
    pub(super) on_invalid: OnInvalid,
    pub(crate) secret: Option<Secret>,
    /// The value is never shown, and never read from an answer.
    pub(crate) masked: bool,
    /// Where an answer holds the field; the first that is there counts.
    pub(crate) read: Vec<Pointer>,
    pub(crate) compare: Compare,
    /// Elements of a list that the vendor adds by itself.
    pub(crate) ignore: Vec<Value>,
    /// Values that the vendor sets by itself: an object that shows one of them says nothing here.
    pub(crate) leave_when: Vec<Value>,
    /// The table's value is a name, which the vendor wants as the id of another object.
    pub(crate) reference: Option<Reference>,
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Nowhere: the row only says what the vendor takes, until an override gives it a source.
    Nothing,
    /// The first path that is present.
    From(Vec<SourcePath>),
    /// A template of that name.
    Template(String),
    /// Always the same.
    Constant(Value),
    /// The groups or roles that the resource has decide.
    Choose(Chooser),
}

/// What the vendor takes.
#[derive(Debug, Clone, Default)]
pub(super) struct Constraints {
    pub(super) kind: Option<ValueKind>,
    /// In characters.
    pub(super) max_length: Option<usize>,
    pub(super) truncate: bool,
    pub(super) pattern: Option<Regex>,
    /// What the vendor refuses although it matches the pattern.
    pub(super) not_pattern: Option<Regex>,
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) one_of: Vec<Value>,
}

/// The JSON type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    Text,
    Integer,
    Boolean,
    List,
    Object,
}

/// What happens to a value that the vendor would not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnInvalid {
    /// It is left out, with a note.
    Drop,
    /// The resource cannot be represented at this appliance.
    Refuse,
}

/// A field whose value never passes through the table.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub(super) generate: Option<(usize, String)>,
    pub(super) forbidden: String,
    /// Fields with which the vendor takes none.
    pub(super) omit_when: Option<FieldCondition>,
}

/// When two values of a field count as the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Exact,
    CaseInsensitive,
    /// The same moment, however its offset is written.
    Instant,
    Set,
    /// The vendor does not show it, or shows something else.
    Never,
}

impl Source {
    /// The values that stand in the profile, with the key that gives them.
    pub(super) fn fixed_values(&self) -> Vec<(&'static str, &Value)> {
        match self {
            Self::Constant(value) => vec![("value", value)],
            Self::Choose(chooser) => chooser.fixed_values().collect(),
            Self::Nothing | Self::From(_) | Self::Template(_) => Vec::new(),
        }
    }

    /// Whether the value depends on the groups that the resource is in.
    pub(super) fn reads_groups(&self) -> bool {
        match self {
            Self::From(paths) => paths.iter().any(SourcePath::reads_groups),
            Self::Template(text) => text.contains("groups"),
            Self::Choose(chooser) => chooser.choices.iter().any(Choice::reads_groups),
            Self::Nothing | Self::Constant(_) => false,
        }
    }
}

/// Whether a condition reads the groups that the resource is in.
pub(super) fn names_groups(condition: Option<&Filter>) -> bool {
    condition.is_some_and(|filter| filter.to_string().to_lowercase().contains("groups"))
}

impl Row {
    /// Whether its value depends on the groups that the resource is in.
    pub(super) fn reads_groups(&self) -> bool {
        names_groups(self.when.as_ref()) || self.source.reads_groups()
    }

    /// What is written when the value went away.
    pub(crate) fn empty(&self) -> &Value {
        &self.empty
    }

    /// The longest value, in characters.
    pub(crate) fn max_length(&self) -> Option<usize> {
        self.constraints.max_length
    }

    /// Whether the row can have a value at all.
    pub(super) fn has_source(&self) -> bool {
        !matches!(self.source, Source::Nothing)
    }
}
