//! Filters in the query: `field=value` and `field__lookup=value`.
//!
//! An unknown name is ignored, so that a mistyped filter selects everything; a known field that
//! cannot be filtered, or not like that, is an error.

use serde_json::Value;

use crate::exchange::Response;

use super::reply;

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup {
    Exact,
    IgnoringCase,
    Contains,
    ContainsIgnoringCase,
    In,
}

use Lookup::{Contains, ContainsIgnoringCase, Exact, IgnoringCase, In};

pub(super) const ANY: &[Lookup] = &[Exact, IgnoringCase, Contains, ContainsIgnoringCase, In];
pub(super) const ANY_BUT_IN: &[Lookup] = &[Exact, IgnoringCase, Contains, ContainsIgnoringCase];
pub(super) const EXACT_OR_IN: &[Lookup] = &[Exact, In];
pub(super) const EXACT: &[Lookup] = &[Exact];
pub(super) const EXACT_IN_EITHER_CASE: &[Lookup] = &[Exact, IgnoringCase];

/// Django's readings of a boolean in a query.
const TRUE: &[&str] = &["true", "True", "1", "t"];
const FALSE: &[&str] = &["false", "False", "0", "f"];

/// The framework's lookups that this appliance allows nowhere.
const KNOWN_LOOKUPS: &[&str] = &[
    "endswith",
    "gt",
    "gte",
    "iendswith",
    "iregex",
    "isnull",
    "istartswith",
    "lt",
    "lte",
    "range",
    "regex",
    "startswith",
];

impl Lookup {
    /// The name behind the two underscores.
    pub(super) fn name(self) -> &'static str {
        match self {
            Exact => "exact",
            IgnoringCase => "iexact",
            Contains => "contains",
            ContainsIgnoringCase => "icontains",
            In => "in",
        }
    }
}

/// What can be filtered.
pub(super) struct FilterRules {
    /// Every field of the resource.
    pub(super) known: &'static [&'static str],
    pub(super) allowed: &'static [(&'static str, &'static [Lookup])],
}

/// One condition.
#[derive(Debug)]
struct Filter {
    field: String,
    lookup: Lookup,
    values: Vec<String>,
}

/// The conditions of a query; all of them hold for a row that it selects.
#[derive(Debug)]
pub(super) struct Filters(Vec<Filter>);

/// An object that can be filtered and sorted.
pub(super) trait Filterable {
    /// The value by which it is compared: relations by id, not by path.
    fn comparable(&self, field: &str) -> Option<Value>;
}

impl Filters {
    /// Reads the query's parameters.
    pub(super) fn read(
        parameters: &[(String, String)],
        rules: &FilterRules,
    ) -> Result<Self, Response> {
        let mut filters: Vec<Filter> = Vec::new();
        for (name, value) in parameters {
            let (field, lookup) = match name.split_once("__") {
                Some((field, lookup)) => (field, lookup),
                None => (name.as_str(), "exact"),
            };
            let allowed = rules.allowed.iter().find(|(known, _)| *known == field);
            let lookup = match allowed {
                Some((_, lookups)) => parse_lookup(field, lookup, lookups)?,
                None if rules.known.contains(&field) => {
                    let text = format!("The '{field}' field does not allow filtering.");
                    return Err(reply::error(text));
                }
                None => continue,
            };
            let same = |filter: &&mut Filter| filter.field == field && filter.lookup == lookup;
            match filters.iter_mut().find(same) {
                Some(filter) if lookup == In => filter.values.extend(split(value)),
                // Of a parameter given twice, the last one counts.
                Some(filter) => filter.values = vec![value.clone()],
                None => filters.push(Filter {
                    field: field.to_owned(),
                    lookup,
                    values: match lookup {
                        In => split(value).collect(),
                        _ => vec![value.clone()],
                    },
                }),
            }
        }
        Ok(Self(filters))
    }

    /// Refuses values that are no number for the fields that are numbers.
    pub(super) fn check_numbers(&self, fields: &[&str]) -> Result<(), Response> {
        let mismatched = self.0.iter().any(|filter| {
            fields.contains(&filter.field.as_str())
                && filter
                    .values
                    .iter()
                    .any(|value| value.parse::<u64>().is_err())
        });
        match mismatched {
            true => Err(reply::error(
                "Invalid resource lookup data provided (mismatched type).",
            )),
            false => Ok(()),
        }
    }

    /// Refuses what is neither true nor false for the fields that are flags.
    pub(super) fn check_flags(&self, fields: &[&str]) -> Result<(), Response> {
        let values = self
            .0
            .iter()
            .filter(|filter| fields.contains(&filter.field.as_str()))
            .flat_map(|filter| &filter.values);
        for value in values {
            if !TRUE.contains(&value.as_str()) && !FALSE.contains(&value.as_str()) {
                return Err(reply::error(format!(
                    "['\u{201c}{value}\u{201d} value must be either True or False.']"
                )));
            }
        }
        Ok(())
    }

    pub(super) fn accept(&self, row: &impl Filterable) -> bool {
        self.0.iter().all(|filter| {
            row.comparable(&filter.field)
                .is_some_and(|value| filter.accepts(&value))
        })
    }

    /// The value that a field must have, in whatever case if so asked: what an index can answer.
    pub(super) fn wanted(&self, field: &str) -> Option<&str> {
        let wanted = self
            .0
            .iter()
            .find(|filter| filter.field == field && matches!(filter.lookup, Exact | IgnoringCase));
        wanted?.values.first().map(String::as_str)
    }
}

impl Filter {
    fn accepts(&self, own: &Value) -> bool {
        if let Value::Bool(own) = own {
            return self
                .values
                .iter()
                .any(|value| TRUE.contains(&value.as_str()) == *own);
        }
        let own = match own {
            Value::String(own) => own.clone(),
            own => own.to_string(),
        };
        let folded = || own.to_lowercase();
        self.values.iter().any(|value| match self.lookup {
            Exact | In => own == *value,
            IgnoringCase => folded() == value.to_lowercase(),
            Contains => own.contains(value),
            ContainsIgnoringCase => folded().contains(&value.to_lowercase()),
        })
    }
}

fn split(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(|part| part.trim().to_owned())
}

fn parse_lookup(field: &str, lookup: &str, allowed: &[Lookup]) -> Result<Lookup, Response> {
    let parsed = ANY.iter().copied().find(|own| own.name() == lookup);
    let refused = format!("'{lookup}' is not an allowed filter on the '{field}' field.");
    match parsed {
        Some(lookup) if allowed.contains(&lookup) => Ok(lookup),
        // What is no lookup at all is taken for a field of a related object.
        None if !KNOWN_LOOKUPS.contains(&lookup) => Err(reply::error(format!(
            "The '{field}' field does not support relations."
        ))),
        _ => Err(reply::error(refused)),
    }
}
