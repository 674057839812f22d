//! PATCH of a group's members: rows of their own, never part of the document.

use scim_filter_parser::{Comparison, Filter, Literal};
use serde_json::Value;

use super::MemberChange;
use crate::scim::document::{Normaliser, Target, Verb};
use crate::scim::resource::{Member, read_members};
use crate::scim::{ScimError, Tolerance, Tolerated};

/// `add` and `replace`.
pub(super) fn change_members(
    target: &Target,
    verb: Verb,
    value: Value,
    tolerated: &mut Tolerated,
) -> Result<Vec<MemberChange>, ScimError> {
    if let Some(selector) = &target.selector {
        return change_selected(target, selector, verb, value, tolerated);
    }
    match target.sub_attribute.as_deref() {
        // `members.value` with ids is `members` with ids.
        Some(part) if part.name != "value" => Err(immutable(target)),
        _ => {
            let members = read_members(value, tolerated)?;
            Ok(vec![match verb {
                Verb::Add => MemberChange::Add(members),
                Verb::Replace => MemberChange::Replace(members),
            }])
        }
    }
}

/// `add` and `replace` at `members[value eq "id"]`: a display name for a member, or another
/// member in its place.
fn change_selected(
    target: &Target,
    selector: &Filter,
    verb: Verb,
    value: Value,
    tolerated: &mut Tolerated,
) -> Result<Vec<MemberChange>, ScimError> {
    let Some(ids) = ids_in(selector) else {
        return Err(immutable(target));
    };
    let Some(part) = target.sub_attribute.as_deref() else {
        let members = read_members(value, tolerated)?;
        return Ok(match verb {
            Verb::Add => vec![MemberChange::Add(members)],
            Verb::Replace => vec![MemberChange::Remove(ids), MemberChange::Add(members)],
        });
    };
    if part.name != "display" {
        return Err(immutable(target));
    }
    let mut normaliser = Normaliser { tolerated };
    let display = match normaliser.single(Some(&target.attribute), part, value)? {
        Some(Value::String(display)) => Some(display),
        _ => None,
    };
    let members = ids.into_iter().map(|value| Member {
        value,
        display: display.clone(),
        kind: None,
    });
    Ok(vec![MemberChange::Add(members.collect())])
}

/// `remove`: a filter in the path, values beside it, or neither, which empties the group
/// (RFC 7644 §3.5.2.2). Servers that took the second for the third have emptied groups.
pub(super) fn remove_members(
    target: Target,
    value: Option<&Value>,
    tolerated: &mut Tolerated,
) -> Result<MemberChange, ScimError> {
    if target.sub_attribute.is_some() {
        return Err(immutable(&target));
    }
    if let Some(selector) = target.selector {
        return Ok(match ids_in(&selector) {
            Some(ids) => MemberChange::Remove(ids),
            None => MemberChange::RemoveMatching(selector),
        });
    }
    match value {
        None | Some(Value::Null) => Ok(MemberChange::Replace(Vec::new())),
        Some(value) => {
            tolerated.note(Tolerance::RemoveByValue, &target);
            let members = read_members(value.clone(), tolerated)?;
            let ids = members.into_iter().map(|member| member.value);
            Ok(MemberChange::Remove(ids.collect()))
        }
    }
}

/// The ids of a filter that is nothing but `value eq "..."`, one or several joined by `or`.
fn ids_in(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Compare {
            path,
            comparison: Comparison::Equal,
            value: Literal::String(id),
        } if path.urn.is_none()
            && path.sub_attribute.is_none()
            && path.name.eq_ignore_ascii_case("value") =>
        {
            Some(vec![id.clone()])
        }
        Filter::Or(filters) => {
            let ids: Option<Vec<Vec<String>>> = filters.iter().map(ids_in).collect();
            ids.map(|ids| ids.concat())
        }
        _ => None,
    }
}

/// RFC 7643 §4.2: sub-attributes of members are immutable.
fn immutable(target: &Target) -> ScimError {
    ScimError::mutability(format!(
        "{target} is immutable: add and remove members as a whole"
    ))
}
