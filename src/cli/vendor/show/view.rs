//! A profile, put together for people and for scripts.

use serde_json::{Map, Value, json};
use toml::Table;

use super::super::words;
use super::{calls, fields};
use crate::vendor::Profile;

/// A profile, with an appliance's own rows or without.
pub(super) struct View {
    /// What it comes to.
    pub(super) profile: Profile,
    /// What it says, the appliance's own rows laid over it.
    pub(super) document: Table,
    /// Where it came from.
    pub(super) source: String,
    /// The appliance whose rows are laid over it.
    pub(super) appliance: Option<String>,
    /// Those rows, in the shape of a profile.
    pub(super) own: Table,
}

/// The sections of objects, with their headings.
const OBJECTS: [(&str, &str); 2] = [("user", "Users"), ("group", "Groups")];

impl View {
    /// For people.
    pub(super) fn text(&self) -> String {
        let able = self.profile.capabilities();
        let mut lines = vec![format!(
            "{}: {} ({})",
            self.profile.vendor, self.profile.title, self.source
        )];
        if let Some(appliance) = &self.appliance {
            let rows = if self.own.is_empty() {
                "as the profile says"
            } else {
                "with rows of its own, which are marked *"
            };
            lines.push(format!("appliance {appliance}, {rows}"));
        }
        lines.push(String::new());
        lines.push(format!(
            "transport       {}",
            self.transport(&able.transports)
        ));
        lines.push(format!(
            "authentication  {}",
            able.authentication.join(", ")
        ));
        let whoami = if able.whoami {
            "asked for, and never touched"
        } else {
            "not asked for"
        };
        lines.push(format!("own account     {whoami}"));
        let objects = [Some(&able.users), able.groups.as_ref()];
        for ((section, heading), object) in OBJECTS.into_iter().zip(objects) {
            let (Some(object), Some(table)) = (object, self.section(section)) else {
                continue;
            };
            lines.push(String::new());
            lines.push(format!("{heading}: {}", words::object(object)));
            lines.push(identity(table));
            lines.push(String::new());
            lines.extend(calls::lines(table));
            lines.push(String::new());
            lines.push(fields::table(table, self.own_rows(section)).to_string());
        }
        lines.join("\n")
    }

    /// For scripts.
    pub(super) fn json(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("vendor".to_owned(), json!(self.profile.vendor));
        shown.insert("title".to_owned(), json!(self.profile.title));
        shown.insert("source".to_owned(), json!(self.source));
        shown.insert("appliance".to_owned(), json!(self.appliance));
        shown.insert(
            "capabilities".to_owned(),
            json!(self.profile.capabilities()),
        );
        for (section, _) in OBJECTS {
            let object = self.section(section).map(|table| {
                json!({
                    "key": table.get("key"),
                    "calls": calls::json(table),
                    "fields": fields::json(table, self.own_rows(section)),
                })
            });
            shown.insert(section.to_owned(), json!(object));
        }
        Value::Object(shown)
    }

    fn transport(&self, kinds: &[&str]) -> String {
        let base = self
            .document
            .get("transport")
            .and_then(|transport| transport.get("base_path"))
            .and_then(toml::Value::as_str)
            .unwrap_or("/");
        format!("{}, below {base}", kinds.join(", "))
    }

    fn section(&self, name: &str) -> Option<&Table> {
        self.document.get(name)?.as_table()
    }

    /// What the appliance says about fields itself.
    fn own_rows(&self, section: &str) -> Option<&Table> {
        self.own.get(section)?.get("fields")?.as_table()
    }
}

/// How objects are told apart, and which are never touched.
fn identity(object: &Table) -> String {
    let text = |key: &str| object.get(key).and_then(toml::Value::as_str);
    let compared = match text("key_compare") {
        Some("ci") => "in any case",
        _ => "case matters",
    };
    let mut line = format!("  key {} ({compared})", text("key").unwrap_or("?"));
    let protected: Vec<String> = ["protected", "protected_when"]
        .into_iter()
        .filter_map(|key| object.get(key))
        .flat_map(fields::items)
        .collect();
    if !protected.is_empty() {
        line.push_str(&format!("; never touched: {}", protected.join(", ")));
    }
    line
}
