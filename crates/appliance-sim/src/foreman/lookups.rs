//! What users refer to, read-only: authentication sources, roles, organizations, locations; and
//! the list of user groups.

use serde_json::{Value, json};

use super::appliance::Foreman;
use super::listing::{Listing, Rows};
use super::reply::{Answer, Refusal};
use super::search::{Cell, Field, Kind};
use super::state::{AuthSource, State, TaxonomyKind};
use super::{usergroups, view};
use crate::exchange::Request;

const NAMED: &[Field] = &[Field::text("name"), Field::explicit("id", Kind::Number)];
const TITLED: &[Field] = &[
    Field::text("name"),
    Field::text("title"),
    Field::explicit("id", Kind::Number),
];
const SOURCES: &[Field] = &[
    Field::text("name"),
    Field::explicit("id", Kind::Number),
    Field::explicit("type", Kind::Text),
];
const GROUPS: &[Field] = &[
    Field::text("name"),
    Field::explicit("id", Kind::Number),
    Field::explicit("role", Kind::Text),
    Field::explicit("role_id", Kind::Number),
];

pub(super) fn roles(foreman: &Foreman, request: &Request) -> Result<Answer, Refusal> {
    let roles = &foreman.state.roles;
    Ok(Listing::of(request, NAMED)?.answer(Rows {
        total: roles.len(),
        candidates: roles.iter().collect(),
        read: &|role, field| named(role.id, role.name, field),
        view: &|role| -> Value {
            json!({
                "builtin": i64::from(role.id == super::state::DEFAULT_ROLE) * 2,
                "cloned_from_id": null,
                "name": role.name,
                "id": role.id,
                "description": role.description,
                "origin": "foreman",
            })
        },
        default_order: "name",
    }))
}

pub(super) fn role(foreman: &Foreman, text: &str) -> Result<Answer, Refusal> {
    let roles = &foreman.state.roles;
    let role = roles.iter().find(|role| is_meant(role.id, role.name, text));
    let role = role.ok_or_else(|| Refusal::not_found("role", text))?;
    Ok(Answer::ok(view::role(role)))
}

pub(super) fn taxonomies(
    foreman: &Foreman,
    kind: TaxonomyKind,
    request: &Request,
) -> Result<Answer, Refusal> {
    let all: Vec<_> = foreman.state.taxonomies_of(kind).collect();
    let installed_at = view::time(foreman.state.installed_at);
    Ok(Listing::of(request, TITLED)?.answer(Rows {
        total: all.len(),
        candidates: all,
        read: &|taxonomy, field| match field {
            "title" => vec![Cell::Text(taxonomy.name.to_owned())],
            field => named(taxonomy.id, taxonomy.name, field),
        },
        view: &|taxonomy| -> Value {
            json!({
                "ancestry": null,
                "parent_id": null,
                "parent_name": null,
                "created_at": installed_at,
                "updated_at": installed_at,
                "id": taxonomy.id,
                "name": taxonomy.name,
                "title": taxonomy.name,
                "description": null,
            })
        },
        default_order: "title",
    }))
}

pub(super) fn taxonomy(
    foreman: &Foreman,
    kind: TaxonomyKind,
    text: &str,
) -> Result<Answer, Refusal> {
    let found = foreman
        .state
        .taxonomies_of(kind)
        .find(|taxonomy| is_meant(taxonomy.id, taxonomy.name, text));
    let resource = match kind {
        TaxonomyKind::Organization => "organization",
        TaxonomyKind::Location => "location",
    };
    let taxonomy = found.ok_or_else(|| Refusal::not_found(resource, text))?;
    Ok(Answer::ok(view::taxonomy(taxonomy)))
}

/// Authentication sources, all of them or those of one type.
pub(super) fn auth_sources(
    foreman: &Foreman,
    kind: Option<&'static str>,
    request: &Request,
) -> Result<Answer, Refusal> {
    let sources = foreman
        .state
        .auth_sources
        .iter()
        .filter(|source| !source.hidden);
    let sources: Vec<_> = sources
        .filter(|source| kind.is_none_or(|kind| source.kind == kind))
        .collect();
    Ok(Listing::of(request, SOURCES)?.answer(Rows {
        total: sources.len(),
        candidates: sources,
        read: &|source, field| match field {
            "type" => vec![Cell::Text(source.kind.to_owned())],
            field => named(source.id, source.name, field),
        },
        view: &|source| auth_source(&foreman.state, source, kind),
        default_order: "id",
    }))
}

/// In a list of one type the type is left out, and internal sources have no taxonomies there.
fn auth_source(state: &State, source: &AuthSource, kind: Option<&str>) -> Value {
    let installed_at = view::time(state.installed_at);
    let mut entry = json!({
        "created_at": installed_at,
        "updated_at": installed_at,
        "id": source.id,
    });
    let Value::Object(fields) = &mut entry else {
        return entry;
    };
    if kind.is_none() {
        fields.insert("type".to_owned(), json!(source.kind));
    }
    fields.insert("name".to_owned(), json!(source.name));
    if kind != Some("AuthSourceInternal") {
        let all = |kind| {
            state
                .taxonomies_of(kind)
                .map(view::taxonomy)
                .collect::<Value>()
        };
        fields.insert("locations".to_owned(), all(TaxonomyKind::Location));
        fields.insert("organizations".to_owned(), all(TaxonomyKind::Organization));
    }
    entry
}

pub(super) fn usergroups(foreman: &Foreman, request: &Request) -> Result<Answer, Refusal> {
    let (state, groups) = (&foreman.state, &foreman.state.usergroups);
    Ok(Listing::of(request, GROUPS)?.answer(Rows {
        total: groups.len(),
        candidates: groups.values().collect(),
        read: &|group, field| match field {
            "role_id" => group.role_ids.iter().copied().map(Cell::Number).collect(),
            "role" => {
                let roles = group.role_ids.iter().filter_map(|id| state.role(*id));
                roles.map(|role| Cell::Text(role.name.to_owned())).collect()
            }
            field => named(group.id, &group.name, field),
        },
        view: &|group| usergroups::entry(group),
        default_order: "name",
    }))
}

/// Rows that were made elsewhere, in the usual envelope.
pub(super) fn prepared(rows: Vec<Value>, request: &Request) -> Result<Answer, Refusal> {
    Ok(Listing::of(request, NAMED)?.answer(Rows {
        total: rows.len(),
        candidates: rows,
        read: &|row, field| match row.get(field) {
            Some(Value::String(text)) => vec![Cell::Text(text.clone())],
            Some(Value::Number(number)) => number.as_i64().map(Cell::Number).into_iter().collect(),
            _ => Vec::new(),
        },
        view: &Value::clone,
        default_order: "id",
    }))
}

fn named(id: i64, name: &str, field: &str) -> Vec<Cell> {
    match field {
        "id" => vec![Cell::Number(id)],
        "name" => vec![Cell::Text(name.to_owned())],
        _ => Vec::new(),
    }
}

fn is_meant(id: i64, name: &str, text: &str) -> bool {
    text.parse() == Ok(id) || text == name
}
