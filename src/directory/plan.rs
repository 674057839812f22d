//! Which index answers a filter.
//!
//! Identity providers ask for one resource by `userName`, `externalId`, `displayName`, an e-mail
//! address or a membership, alone or with `and`. These questions cost the same in a directory of
//! a hundred and of a million; every other filter is a scan.

use scim_filter_parser::{
    AttributePath, Comparison, ElementCondition, Filter, Literal, Path, ValuePath,
};

use crate::scim::{ResourceKind, fold};
use crate::store::Lookup;

/// How a filter is answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plan {
    /// An index finds the candidates; of these, the ones that satisfy the rest are meant.
    Index {
        /// The question to the index.
        lookup: Lookup,
        /// What the index does not answer.
        rest: Option<Filter>,
    },
    /// Every resource is looked at.
    Scan,
}

/// A part of a filter that an index answers.
struct Indexed {
    lookup: Lookup,
    /// Whether the index answers the part wholly, or merely narrows the candidates.
    exact: bool,
}

/// Finds the best way to answer a filter on resources of one kind.
pub(super) fn plan(kind: ResourceKind, filter: &Filter) -> Plan {
    let conjuncts = match filter {
        Filter::And(conjuncts) => conjuncts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let best = conjuncts
        .iter()
        .enumerate()
        .filter_map(|(position, part)| Some((position, indexed(kind, part)?)))
        .min_by_key(|(_, part)| cost(&part.lookup));
    let Some((position, Indexed { lookup, exact })) = best else {
        return Plan::Scan;
    };
    let mut rest: Vec<Filter> = conjuncts
        .iter()
        .enumerate()
        .filter(|(other, _)| !exact || *other != position)
        .map(|(_, part)| part.clone())
        .collect();
    let rest = match rest.len() {
        0 | 1 => rest.pop(),
        _ => Some(Filter::And(rest)),
    };
    Plan::Index { lookup, rest }
}

/// Whether an attribute has to be read to answer a query.
pub(super) fn needs(filter: Option<&Filter>, sort_by: Option<&Path>, attribute: &str) -> bool {
    let sorts = match sort_by {
        Some(Path::Attribute(path)) => names(path, attribute),
        Some(Path::Value(path)) => names(&path.attribute, attribute),
        None => false,
    };
    sorts || filter.is_some_and(|filter| mentions(filter, attribute))
}

/// Whether a filter asks for an attribute anywhere.
fn mentions(filter: &Filter, attribute: &str) -> bool {
    match filter {
        Filter::Compare { path, .. } | Filter::Present(path) => names(path, attribute),
        Filter::Element { elements, .. } => names(&elements.attribute, attribute),
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter().any(|part| mentions(part, attribute))
        }
        Filter::Not(inner) => mentions(inner, attribute),
    }
}

/// Fewer candidates first. Groups of a member come before a group's id: `id eq "g" and members eq
/// "u"`, Entra ID's reference check, then never reads the members of a large group.
fn cost(lookup: &Lookup) -> u8 {
    match lookup {
        Lookup::HasMember(_) => 0,
        Lookup::Id(_) => 1,
        Lookup::Name(_) => 2,
        Lookup::ExternalId(_) => 3,
        Lookup::Email(_) => 4,
        Lookup::DisplayName(_) => 5,
        Lookup::MemberOf(_) => 6,
    }
}

fn indexed(kind: ResourceKind, part: &Filter) -> Option<Indexed> {
    match part {
        Filter::Compare {
            path,
            comparison: Comparison::Equal,
            value: Literal::String(value),
        } => {
            let lookup = lookup(kind, path, path.sub_attribute.as_deref(), value)?;
            Some(Indexed {
                lookup,
                exact: true,
            })
        }
        Filter::Element {
            elements,
            condition,
        } => element(kind, elements, condition.as_ref()),
        _ => None,
    }
}

/// `emails[type eq "work" and value eq "x"]`, `emails[type eq "work"].value eq "x"`: the index
/// knows the value only, the evaluator sees to the rest.
fn element(
    kind: ResourceKind,
    elements: &ValuePath,
    condition: Option<&ElementCondition>,
) -> Option<Indexed> {
    if let Some(ElementCondition::Compare(Comparison::Equal, Literal::String(value))) = condition {
        let lookup = lookup(
            kind,
            &elements.attribute,
            elements.sub_attribute.as_deref(),
            value,
        )?;
        return Some(Indexed {
            lookup,
            exact: false,
        });
    }
    if condition.is_some() {
        return None;
    }
    let (parts, alone) = match elements.filter.as_ref() {
        Filter::And(parts) => (parts.as_slice(), false),
        other => (std::slice::from_ref(other), true),
    };
    parts.iter().find_map(|part| match part {
        Filter::Compare {
            path,
            comparison: Comparison::Equal,
            value: Literal::String(value),
        } if path.urn.is_none() && path.sub_attribute.is_none() => {
            let lookup = lookup(kind, &elements.attribute, Some(&path.name), value)?;
            Some(Indexed {
                lookup,
                exact: alone,
            })
        }
        _ => None,
    })
}

fn lookup(
    kind: ResourceKind,
    path: &AttributePath,
    sub_attribute: Option<&str>,
    value: &str,
) -> Option<Lookup> {
    if !is_core(kind, path) {
        return None;
    }
    let name = path.name.to_ascii_lowercase();
    let of_value = sub_attribute.is_none_or(|sub| sub.eq_ignore_ascii_case("value"));
    match (kind, name.as_str(), sub_attribute) {
        (_, "id", None) => Some(Lookup::Id(value.to_owned())),
        (_, "externalid", None) => Some(Lookup::ExternalId(value.to_owned())),
        (_, "displayname", None) => Some(Lookup::DisplayName(fold(value))),
        (ResourceKind::User, "username", None) => Some(Lookup::Name(fold(value))),
        (ResourceKind::User, "emails", _) if of_value => Some(Lookup::Email(fold(value))),
        (ResourceKind::User, "groups", _) if of_value => Some(Lookup::MemberOf(value.to_owned())),
        (ResourceKind::Group, "members", _) if of_value => {
            Some(Lookup::HasMember(value.to_owned()))
        }
        _ => None,
    }
}

fn is_core(kind: ResourceKind, path: &AttributePath) -> bool {
    path.urn
        .as_deref()
        .is_none_or(|urn| urn.eq_ignore_ascii_case(kind.schema_urn()))
}

/// `meta.version` depends on the relations too.
fn names(path: &AttributePath, attribute: &str) -> bool {
    let part = path.sub_attribute.as_deref();
    let is_version = path.name.eq_ignore_ascii_case("meta")
        && part.is_none_or(|part| part.eq_ignore_ascii_case("version"));
    path.name.eq_ignore_ascii_case(attribute) || is_version
}

#[cfg(test)]
mod tests {
    use scim_filter_parser::parse_filter;

    use super::{Plan, mentions, plan};
    use crate::scim::ResourceKind::{self, Group, User};
    use crate::store::Lookup;

    fn planned(kind: ResourceKind, filter: &str) -> (Option<Lookup>, bool) {
        match plan(kind, &parse_filter(filter).unwrap()) {
            Plan::Index { lookup, rest } => (Some(lookup), rest.is_some()),
            Plan::Scan => (None, false),
        }
    }

    #[test]
    fn what_identity_providers_ask_is_answered_by_an_index_alone() {
        let text = |value: &str| value.to_owned();
        let urn = "urn:ietf:params:scim:schemas:core:2.0:User";
        for (kind, filter, lookup) in [
            (User, r#"userName eq "Bob@X""#, Lookup::Name(text("bob@x"))),
            (User, r#"USERNAME EQ "bob""#, Lookup::Name(text("bob"))),
            (
                User,
                &format!(r#"{urn}:userName eq "b""#),
                Lookup::Name(text("b")),
            ),
            (
                User,
                r#"externalId eq "00uA""#,
                Lookup::ExternalId(text("00uA")),
            ),
            (User, r#"emails eq "B@x""#, Lookup::Email(text("b@x"))),
            (User, r#"emails.value eq "B@x""#, Lookup::Email(text("b@x"))),
            (
                User,
                r#"emails[value eq "B@x"]"#,
                Lookup::Email(text("b@x")),
            ),
            (User, r#"groups.value eq "g""#, Lookup::MemberOf(text("g"))),
            (
                Group,
                r#"displayName eq "Ops""#,
                Lookup::DisplayName(text("ops")),
            ),
            (
                Group,
                r#"members[value eq "u"]"#,
                Lookup::HasMember(text("u")),
            ),
        ] {
            assert_eq!(planned(kind, filter), (Some(lookup), false), "{filter}");
        }
    }

    #[test]
    fn what_the_index_does_not_know_is_left_to_the_evaluator() {
        for filter in [
            r#"emails[type eq "work" and value eq "b@x"]"#,
            r#"emails[type eq "work"].value eq "b@x""#,
        ] {
            assert_eq!(
                planned(User, filter),
                (Some(Lookup::Email("b@x".to_owned())), true),
                "{filter}"
            );
        }
        assert_eq!(
            planned(User, r#"active eq true and userName eq "bob""#),
            (Some(Lookup::Name("bob".to_owned())), true)
        );
    }

    #[test]
    fn a_reference_check_does_not_read_the_members() {
        let filter = parse_filter(r#"id eq "g" and members eq "u""#).unwrap();
        let Plan::Index { lookup, rest } = plan(Group, &filter) else {
            panic!("a scan");
        };
        assert_eq!(lookup, Lookup::HasMember("u".to_owned()));
        assert!(!mentions(&rest.unwrap(), "members"));
    }

    #[test]
    fn everything_else_is_a_scan() {
        for filter in [
            r#"userName sw "b""#,
            r#"userName eq "a" or userName eq "b""#,
            r#"not (userName eq "a")"#,
            r#"emails.type eq "work""#,
            r#"members.value eq "u""#,
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:userName eq "b""#,
        ] {
            assert_eq!(planned(User, filter), (None, false), "{filter}");
        }
    }
}
