//! Sorting (RFC 7644 §3.4.2.3).

use std::cmp::Ordering;

use jiff::Timestamp;
use scim_filter_parser::Path;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::scim::ResourceKind;
use crate::scim::filter::parse_instant;
use crate::scim::fold;
use crate::scim::path::select;
use crate::scim::schema::{Attribute, AttributeType, SchemaSet};

/// What a resource is sorted by; comparable with the keys of the same attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SortKey {
    /// `false` before `true`.
    Boolean(bool),
    /// By value.
    Number(Number),
    /// By time.
    Instant(#[serde(with = "instant_text")] Timestamp),
    /// By the folded text, unless case matters to the attribute.
    Text(String),
}

/// An instant as text, in a cursor.
mod instant_text {
    use jiff::Timestamp;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(at)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// A number with a total order.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub struct Number(f64);

/// By its bits, which no text changes.
impl From<u64> for Number {
    fn from(bits: u64) -> Self {
        Self(f64::from_bits(bits))
    }
}

impl From<Number> for u64 {
    fn from(number: Number) -> Self {
        number.0.to_bits()
    }
}

impl SortKey {
    /// The key of a number.
    pub fn number(number: f64) -> Self {
        Self::Number(Number(number))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

/// The sort key of a resource: of a multi-valued attribute the primary value, else the first
/// (§3.4.2.3). `None` where the resource has no value; see [`compare_sort_keys`].
pub fn sort_key(
    document: &Map<String, Value>,
    path: &Path,
    schemas: &SchemaSet,
) -> Option<SortKey> {
    let (definition, part) = definition(path, schemas)?;
    let whole = without_part(path);
    let elements = select(document, &whole, schemas);
    let element = elements
        .iter()
        .find(|element| element.get("primary") == Some(&Value::Bool(true)))
        .or_else(|| elements.first())?;
    let value = match part {
        Some(part) => element.get(part)?,
        None => element,
    };
    key_of(definition, value)
}

/// The order of two resources by their keys. Ascending, those without a value come last;
/// descending, first (§3.4.2.3).
pub fn compare_sort_keys(
    left: Option<&SortKey>,
    right: Option<&SortKey>,
    descending: bool,
) -> Ordering {
    let ascending = match (left, right) {
        (Some(left), Some(right)) => left.cmp(right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    if descending {
        ascending.reverse()
    } else {
        ascending
    }
}

/// The simple attribute that decides, and the part of the element where it stands.
fn definition<'s>(path: &Path, schemas: &'s SchemaSet) -> Option<(&'s Attribute, Option<&'s str>)> {
    let (attribute_path, part) = match path {
        Path::Attribute(path) => (path, path.sub_attribute.as_deref()),
        Path::Value(path) => (&path.attribute, path.sub_attribute.as_deref()),
    };
    let mut whole = attribute_path.clone();
    whole.sub_attribute = None;
    let direct = [ResourceKind::User, ResourceKind::Group]
        .into_iter()
        .find_map(|kind| schemas.attribute(kind, &whole));
    match (direct, part) {
        (Some(attribute), Some(name)) => {
            let sub_attribute = attribute.sub_attribute(name)?;
            Some((sub_attribute, Some(&sub_attribute.name)))
        }
        (Some(attribute), None) => {
            let comparable = attribute.comparable()?;
            Some((
                comparable,
                attribute.is_complex().then_some(comparable.name.as_str()),
            ))
        }
        // `enterprise.department`: what looks like a part is the attribute.
        (None, _) => [ResourceKind::User, ResourceKind::Group]
            .into_iter()
            .find_map(|kind| schemas.attribute(kind, attribute_path))
            .map(|attribute| (attribute, None)),
    }
}

/// The path of the elements in which the part stands.
fn without_part(path: &Path) -> Path {
    let mut whole = path.clone();
    match &mut whole {
        Path::Attribute(path) => {
            // An alias has its attribute where others have their part.
            if !path.name.eq_ignore_ascii_case("enterprise") {
                path.sub_attribute = None;
            }
        }
        Path::Value(path) => path.sub_attribute = None,
    }
    whole
}

fn key_of(definition: &Attribute, value: &Value) -> Option<SortKey> {
    match (definition.kind, value) {
        (AttributeType::Boolean, Value::Bool(value)) => Some(SortKey::Boolean(*value)),
        (AttributeType::Integer | AttributeType::Decimal, Value::Number(number)) => {
            number.as_f64().map(SortKey::number)
        }
        (AttributeType::DateTime, Value::String(text)) => parse_instant(text).map(SortKey::Instant),
        (_, Value::String(text)) if definition.case_exact() => Some(SortKey::Text(text.clone())),
        (_, Value::String(text)) => Some(SortKey::Text(fold(text))),
        _ => None,
    }
}
