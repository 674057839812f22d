//! Trees in few words, and the assertion that some text means one.

use crate::{AttributePath, Comparison, Filter, Literal, Path, ValuePath};
use crate::{parse_filter, parse_path};

pub(super) const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const ENTERPRISE_USER: &str =
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(super) fn attribute(name: &str) -> AttributePath {
    AttributePath {
        urn: None,
        name: name.to_owned(),
        sub_attribute: None,
    }
}

pub(super) fn dotted(name: &str, sub_attribute: &str) -> AttributePath {
    AttributePath {
        sub_attribute: Some(sub_attribute.to_owned()),
        ..attribute(name)
    }
}

pub(super) fn in_schema(urn: &str, path: AttributePath) -> AttributePath {
    AttributePath {
        urn: Some(urn.to_owned()),
        ..path
    }
}

pub(super) fn text(value: &str) -> Literal {
    Literal::String(value.to_owned())
}

pub(super) fn compare(path: AttributePath, comparison: Comparison, value: Literal) -> Filter {
    Filter::Compare {
        path,
        comparison,
        value,
    }
}

pub(super) fn equal(name: &str, value: &str) -> Filter {
    compare(attribute(name), Comparison::Equal, text(value))
}

pub(super) fn present(name: &str) -> Filter {
    Filter::Present(attribute(name))
}

pub(super) fn not(filter: Filter) -> Filter {
    Filter::Not(Box::new(filter))
}

pub(super) fn elements(name: &str, filter: Filter, sub_attribute: Option<&str>) -> ValuePath {
    ValuePath {
        attribute: attribute(name),
        filter: Box::new(filter),
        sub_attribute: sub_attribute.map(str::to_owned),
    }
}

pub(super) fn element(name: &str, filter: Filter) -> Filter {
    Filter::Element {
        elements: elements(name, filter, None),
        condition: None,
    }
}

#[track_caller]
pub(super) fn assert_filter(input: &str, expected: &Filter) {
    match parse_filter(input) {
        Ok(filter) => assert_eq!(&filter, expected, "{input}"),
        Err(error) => panic!("{input}: {error}"),
    }
}

#[track_caller]
pub(super) fn assert_path(input: &str, expected: &Path) {
    match parse_path(input) {
        Ok(path) => assert_eq!(&path, expected, "{input}"),
        Err(error) => panic!("{input}: {error}"),
    }
}
