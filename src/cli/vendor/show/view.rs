//! A profile, put together for people and for scripts.

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};
use toml::Table;

use super::super::words;
use super::{calls, fields};
use crate::vendor::Profile;

/// A profile, with an appliance's own rows or without.
pub(super) struct View {
    /// What it comes to.
    pub(super) profile: Profile,
    /// The names of all variants of it, in the order in which they are tried.
    pub(super) variants: Vec<String>,
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
    /// Narrows the view to one variant: that of this name, or the one that is assumed.
    ///
    /// # Errors
    /// The profile has no such variant.
    pub(super) fn choose(&mut self, name: Option<&str>) -> Result<()> {
        let variants = self.profile.variants();
        self.variants = variants.iter().map(|one| one.name.clone()).collect();
        let chosen = match name {
            None => variants.last(),
            Some(_) if variants.is_empty() => {
                bail!("{} has no variants; leave --variant out", self.source)
            }
            Some(name) => {
                let found = variants.iter().find(|one| one.name == name);
                let known = self.variants.join(", ");
                Some(found.with_context(|| {
                    format!("{} has no variant {name:?}; there are {known}", self.source)
                })?)
            }
        };
        if let Some(chosen) = chosen {
            self.profile = Profile::clone(&chosen.profile);
        }
        Ok(())
    }

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
        lines.extend(self.variant());
        lines.push(format!("transport       {}", self.transport()));
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
        shown.insert("variant".to_owned(), json!(self.profile.variant()));
        shown.insert("variants".to_owned(), json!(self.variants));
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

    /// Which variant is shown, and which are not.
    fn variant(&self) -> Option<String> {
        let shown = self.profile.variant()?;
        let others: Vec<&str> = self
            .variants
            .iter()
            .map(String::as_str)
            .filter(|name| *name != shown)
            .collect();
        let assumed = self.variants.last().is_some_and(|last| last == shown);
        let mut line = format!("variant         {shown}");
        if others.is_empty() {
            return Some(line);
        }
        if assumed {
            line.push_str(", assumed until an appliance has been asked");
        }
        line.push_str(&format!("; by --variant: {}", others.join(", ")));
        Some(line)
    }

    fn transport(&self) -> String {
        let transport = &self.profile.transport;
        let kind = transport.kind.as_str();
        if transport.kind.is_json_rpc() {
            format!("{kind}, at {}", transport.path)
        } else if transport.base_path.is_empty() {
            format!("{kind}, below /")
        } else {
            format!("{kind}, below {}", transport.base_path)
        }
    }

    fn section(&self, name: &str) -> Option<&Table> {
        self.profile.document().get(name)?.as_table()
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
