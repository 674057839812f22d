//! Member changes of a PATCH, as deltas for the store.
//!
//! Deltas commute with changes that others make at the same time and need no knowledge of the
//! present members. Only a removal by filter has to look at them.

use std::collections::HashSet;

use scim_filter_parser::{AttributePath, Comparison, Filter, Literal, ValuePath};
use serde_json::{Map, Value};

use super::render::member_value;
use crate::scim::ResourceKind;
use crate::scim::filter::matches;
use crate::scim::patch::MemberChange;
use crate::scim::resource::Member;
use crate::scim::schema::SchemaSet;
use crate::store::{MemberDelta, MemberReference, NewMember};

/// Whether the present members have to be read before the changes can become deltas.
pub(super) fn needs_present_members(changes: &[MemberChange]) -> bool {
    changes.iter().any(|change| match change {
        MemberChange::RemoveMatching(filter) => named_members(filter).is_none(),
        MemberChange::Add(_) | MemberChange::Remove(_) | MemberChange::Replace(_) => false,
    })
}

/// The members that a filter names one by one: `members[value eq "x"]`, the form in which Okta
/// and Entra ID take members out.
fn named_members(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Compare {
            path,
            comparison: Comparison::Equal,
            value: Literal::String(value),
        } if path.urn.is_none()
            && path.sub_attribute.is_none()
            && path.name.eq_ignore_ascii_case("value") =>
        {
            Some(vec![value.clone()])
        }
        Filter::Or(alternatives) => {
            let named: Option<Vec<Vec<String>>> = alternatives.iter().map(named_members).collect();
            Some(named?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// Whether the changes may leave a group empty that was not.
pub(super) fn may_empty(deltas: &[MemberDelta]) -> bool {
    deltas.iter().any(|delta| match delta {
        MemberDelta::Remove(_) => true,
        MemberDelta::Replace(members) => members.is_empty(),
        MemberDelta::Add(_) => false,
    })
}

/// New members, as the store takes them.
pub(super) fn new_members(members: Vec<Member>) -> Vec<NewMember> {
    members
        .into_iter()
        .map(|member| NewMember {
            value: member.value,
            display: member.display,
        })
        .collect()
}

/// Turns changes into deltas; `present` is looked at by removals with a filter only.
pub(super) fn deltas(
    changes: Vec<MemberChange>,
    present: &[MemberReference],
    schemas: &SchemaSet,
    base: &str,
) -> Vec<MemberDelta> {
    let mut resolved: Vec<MemberDelta> = Vec::with_capacity(changes.len());
    for change in changes {
        let delta = match change {
            MemberChange::Add(members) => MemberDelta::Add(new_members(members)),
            MemberChange::Remove(values) => MemberDelta::Remove(values),
            MemberChange::Replace(members) => MemberDelta::Replace(new_members(members)),
            MemberChange::RemoveMatching(filter) => {
                MemberDelta::Remove(named_members(&filter).unwrap_or_else(|| {
                    matching(&filter, &standing_after(present, &resolved), schemas, base)
                }))
            }
        };
        resolved.push(delta);
    }
    resolved
}

/// The members as they stand after the deltas so far: operations apply in order (RFC 7644 §3.5.2).
fn standing_after(present: &[MemberReference], deltas: &[MemberDelta]) -> Vec<MemberReference> {
    let mut standing = present.to_vec();
    for delta in deltas {
        match delta {
            MemberDelta::Add(members) => add(&mut standing, members),
            MemberDelta::Remove(values) => {
                let leaving: HashSet<&str> = values.iter().map(String::as_str).collect();
                standing.retain(|member| !leaving.contains(member.id.as_str()));
            }
            MemberDelta::Replace(members) => {
                standing.clear();
                add(&mut standing, members);
            }
        }
    }
    standing
}

fn add(standing: &mut Vec<MemberReference>, members: &[NewMember]) {
    let mut known: HashSet<String> = standing.iter().map(|member| member.id.clone()).collect();
    for member in members {
        if known.insert(member.value.clone()) {
            standing.push(MemberReference {
                id: member.value.clone(),
                kind: ResourceKind::User,
                display: member.display.clone(),
            });
        }
    }
}

fn matching(
    filter: &Filter,
    standing: &[MemberReference],
    schemas: &SchemaSet,
    base: &str,
) -> Vec<String> {
    // The evaluator knows resources, not elements: each member is put into a group of its own.
    let question = Filter::Element {
        elements: ValuePath {
            attribute: AttributePath {
                urn: None,
                name: "members".to_owned(),
                sub_attribute: None,
            },
            filter: Box::new(filter.clone()),
            sub_attribute: None,
        },
        condition: None,
    };
    standing
        .iter()
        .filter(|member| {
            let mut group = Map::new();
            group.insert(
                "members".to_owned(),
                Value::Array(vec![member_value(member, base)]),
            );
            matches(&question, &group, ResourceKind::Group, schemas)
        })
        .map(|member| member.id.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use scim_filter_parser::parse_filter;

    use super::{deltas, needs_present_members};
    use crate::scim::ResourceKind;
    use crate::scim::patch::MemberChange;
    use crate::scim::resource::Member;
    use crate::scim::schema::SchemaSet;
    use crate::store::{MemberDelta, MemberReference};

    fn member(id: &str) -> Member {
        Member {
            value: id.to_owned(),
            display: None,
            kind: None,
        }
    }

    fn present(id: &str, kind: ResourceKind) -> MemberReference {
        MemberReference {
            id: id.to_owned(),
            kind,
            display: None,
        }
    }

    #[test]
    fn members_named_by_id_need_not_be_read() {
        let named = parse_filter(r#"value eq "a" or Value eq "b""#).unwrap();
        let changes = vec![MemberChange::RemoveMatching(named)];
        assert!(!needs_present_members(&changes));
        let resolved = deltas(changes, &[], &SchemaSet::core(), "https://host/scim/v2");
        assert_eq!(
            resolved,
            [MemberDelta::Remove(vec!["a".to_owned(), "b".to_owned()])]
        );
        let by_type = parse_filter(r#"type eq "User""#).unwrap();
        assert!(needs_present_members(&[MemberChange::RemoveMatching(
            by_type
        )]));
    }

    #[test]
    fn a_filter_sees_what_earlier_operations_left() {
        let changes = vec![
            MemberChange::Add(vec![member("new")]),
            MemberChange::Remove(vec!["old".to_owned()]),
            MemberChange::RemoveMatching(parse_filter(r#"type eq "User""#).unwrap()),
        ];
        let present = [
            present("old", ResourceKind::User),
            present("nested", ResourceKind::Group),
        ];
        let deltas = deltas(
            changes,
            &present,
            &SchemaSet::core(),
            "https://host/scim/v2",
        );
        assert_eq!(
            deltas.last(),
            Some(&MemberDelta::Remove(vec!["new".to_owned()]))
        );
    }
}
