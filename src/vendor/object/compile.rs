//! Reads `[user]` and `[group]`.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::collection::Collection;
use super::super::flag::Flag;
use super::super::listing::Listing;
use super::super::membership::Membership;
use super::super::pointer::Pointer;
use super::super::profile::{Section, to_json};
use super::super::request::{FIELDS, RequestTemplate, compile_carrier, compile_request};
use super::super::revocation::Revocation;
use super::super::table::{Marker, Table, TableContext, compile_table};
use super::action::{Action, Confirm};
use super::identity::Identity;
use super::state::State;
use super::{Calls, ObjectProfile, ReadCall};
use crate::scim::ResourceKind;
use crate::scim::schema::SchemaSet;

/// Reads an object; `None` if something without which it is nothing is missing, which has been
/// reported then.
pub(crate) fn compile_object(
    section: &Section<'_>,
    kind: ResourceKind,
    base_path: &str,
    schemas: &Arc<SchemaSet>,
) -> Option<ObjectProfile> {
    let key = section.required_text("key");
    let marker = section.section("marker").and_then(|inner| marker(&inner));
    let mut table = compile_table(
        section,
        TableContext {
            kind,
            key: key.unwrap_or_default(),
            marker,
            schemas: Arc::clone(schemas),
        },
    );
    let state = section
        .section("state")
        .and_then(|inner| State::compile(&inner));
    if let Some(state) = &state
        && table.row(&state.field).is_some()
    {
        section.problem_below(
            &["fields", &state.field],
            format!("\"{}\" is the state field, and has no row", state.field),
            "remove the row; state says what it is",
        );
    }
    if let Some(state) = &state {
        for name in state.needs.iter().filter(|name| table.row(name).is_none()) {
            section.problem(
                "state",
                format!("\"{name}\" is no field of the table"),
                "name fields of the table in needs",
            );
        }
        table.needed.clone_from(&state.needs);
    }
    let collections = collections(section, &mut table, base_path);
    let without_password = without_password(section, &table);
    let (calls, delete_falls_back_to_disable) = calls(section, &table);
    let id = Identity::of_objects(section);
    if let Some(calls) = &calls {
        check_identities(section, &id, calls);
    }
    let revocation = section
        .section("revoke")
        .and_then(|inner| Revocation::compile(&inner, base_path));
    let membership = section
        .section("members")
        .and_then(|inner| Membership::compile(&inner, base_path));
    let default_namespace = match kind {
        ResourceKind::User => "user",
        ResourceKind::Group => "group",
    };
    Some(ObjectProfile {
        namespace: section
            .text("namespace")
            .unwrap_or_else(|| default_namespace.to_owned()),
        key_ignores_case: section
            .choice("key_compare", &[("exact", false), ("ci", true)])
            .unwrap_or(false),
        wrap: section.text("wrap"),
        id,
        protected: section.texts("protected").unwrap_or_default(),
        protected_when: Flag::compile_all(section, "protected_when"),
        temporary_key: temporary_key(section),
        base_path: base_path.to_owned(),
        delete_falls_back_to_disable,
        without_password,
        table,
        state,
        membership,
        collections,
        revocation,
        calls: calls?,
    })
}

fn marker(section: &Section<'_>) -> Option<Marker> {
    let field = section.required_text("field");
    let prefix = section.text("prefix").unwrap_or_else(|| "scim:".to_owned());
    Some(Marker {
        field: field?,
        prefix,
    })
}

/// `without_password = { password_disabled = true }`: rows of the table that take the place of a
/// password.
fn without_password(section: &Section<'_>, table: &Table) -> Option<Map<String, Value>> {
    let inner = section.section("without_password")?;
    let fields: Map<String, Value> = inner
        .entries()
        .map(|(name, value)| (name.clone(), to_json(value)))
        .collect();
    for name in fields.keys() {
        if table.row(name).is_none_or(|row| row.secret.is_some()) {
            section.problem(
                "without_password",
                format!("\"{name}\" is no field of the table that could be written"),
                "name fields of the table that are no secrets",
            );
        }
    }
    Some(fields)
}

fn temporary_key(section: &Section<'_>) -> String {
    const TOKEN: &str = "{{ token }}";
    match section.text("temporary_key") {
        Some(text) if text.contains(TOKEN) => text,
        Some(text) => {
            section.problem(
                "temporary_key",
                format!("\"{text}\" is the same for everybody"),
                "put {{ token }} into it",
            );
            text
        }
        None => format!("tmp{TOKEN}"),
    }
}

fn collections(section: &Section<'_>, table: &mut Table, base_path: &str) -> Vec<Collection> {
    let Some(inner) = section.section("collection") else {
        return Vec::new();
    };
    inner
        .entry_sections()
        .iter()
        .filter_map(|(name, section)| {
            let fields = table.add_items(name, section).unwrap_or_default();
            Collection::compile(name, section, &fields, base_path)
        })
        .collect()
}

/// A header speaks of the answer as a whole, and so of an object only where the answer is that.
fn check_identities(section: &Section<'_>, id: &[Identity], calls: &Calls) {
    let in_rows = calls.list.is_some() || !calls.find.answers_one();
    if in_rows && id.iter().all(Identity::is_header) {
        section.problem(
            "id",
            "the rows of a list have no headers of their own, so that nothing says their ids",
            "name a pointer beside the header, where a row shows its id",
        );
    }
}

/// What names an object that is there.
const ADDRESS: [&str; 2] = ["id", "key"];

fn calls(section: &Section<'_>, table: &Table) -> (Option<Calls>, bool) {
    let find = section
        .required_section("find")
        .and_then(|inner| Listing::compile_find(&inner, &["key"]));
    let read = section.section("read").and_then(|inner| read(&inner));
    let create = section.required_section("create").and_then(|inner| {
        let request = carrier(&inner, &["key"]);
        let created = Identity::of_creation(&inner);
        let confirm = Confirm::compile(&inner);
        Some((request?, created, confirm))
    });
    let mut confirm_update = Confirm::None;
    let update = section.required_section("update").and_then(|inner| {
        confirm_update = Confirm::compile(&inner);
        carrier(&inner, &ADDRESS)
    });
    let optional = |key: &'static str, declared: &[&str]| {
        section
            .section(key)
            .and_then(|inner| request(&inner, declared))
    };
    let rename = optional("rename", &["id", "old_key", "key", FIELDS]);
    let fields: Vec<String> = table.rows.iter().map(|row| row.name.clone()).collect();
    let switch = |key: &'static str| {
        section
            .section(key)
            .map(|inner| Action::compile(&inner, &fields))
            .unwrap_or_default()
    };
    let disable = switch("disable");
    let enable = switch("enable");
    let mut falls_back = false;
    let delete = section.section("delete").and_then(|inner| {
        falls_back = inner
            .choice("fallback", &[("disable", true), ("none", false)])
            .unwrap_or(false);
        request(&inner, &ADDRESS)
    });
    let list = section
        .section("list")
        .and_then(|inner| Listing::compile(&inner, &[]));
    let calls =
        find.zip(create)
            .zip(update)
            .map(
                |((find, (create, created, confirm_create)), update)| Calls {
                    find,
                    read,
                    create,
                    created,
                    confirm_create,
                    update,
                    confirm_update,
                    rename,
                    disable,
                    enable,
                    delete,
                    list,
                },
            );
    (calls, falls_back)
}

fn request(section: &Section<'_>, declared: &[&str]) -> Option<RequestTemplate> {
    section
        .required_section("request")
        .and_then(|inner| compile_request(&inner, declared))
}

/// A request that carries fields of the table.
fn carrier(section: &Section<'_>, declared: &[&str]) -> Option<RequestTemplate> {
    section
        .required_section("request")
        .and_then(|inner| compile_carrier(&inner, declared))
}

fn read(section: &Section<'_>) -> Option<ReadCall> {
    let request = request(section, &["id"]);
    let at = if section.has("at") {
        section.pointer("at")
    } else {
        Pointer::parse("").ok()
    };
    Some(ReadCall {
        request: request?,
        at: at?,
    })
}
