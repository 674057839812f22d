//! The resource that is planned for: from a file, from standard input, or from the database.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};

use crate::directory::DirectorySettings;
use crate::scim::ResourceKind;
use crate::scim::resource::read_resource;
use crate::scim::schema::SchemaSet;
use crate::store::sqlite::SqliteStore;
use crate::store::{GroupReference, Store as _};

/// The id of a resource that the directory does not have yet.
const NEW_ID: &str = "new";

/// A user or group, and the groups it is in.
#[derive(Debug)]
pub(super) struct PlannedResource {
    pub(super) directory: String,
    pub(super) kind: ResourceKind,
    pub(super) id: String,
    pub(super) document: Map<String, Value>,
    pub(super) groups: Vec<GroupReference>,
}

impl PlannedResource {
    /// Reads a SCIM resource as an identity provider would send it to a directory.
    pub(super) fn read(
        file: &Path,
        kind: Option<ResourceKind>,
        directory: &DirectorySettings,
    ) -> Result<Self> {
        let text = if file == Path::new("-") {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("standard input cannot be read")?;
            text
        } else {
            std::fs::read_to_string(file)
                .with_context(|| format!("{} cannot be read", file.display()))?
        };
        let resource = Self::parse(&text, kind, &directory.schemas)
            .with_context(|| format!("{} is no SCIM resource", file.display()))?;
        Ok(Self {
            directory: directory.name.clone(),
            ..resource
        })
    }

    fn parse(text: &str, kind: Option<ResourceKind>, schemas: &SchemaSet) -> Result<Self> {
        let body: Value = serde_json::from_str(text).context("it is not JSON")?;
        let kind = kind.unwrap_or_else(|| guess_kind(&body));
        let groups = written_groups(&body);
        let id = body
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or(NEW_ID)
            .to_owned();
        let incoming = read_resource(kind, body, schemas)?;
        let mut document = incoming.document;
        document.insert("id".to_owned(), Value::String(id.clone()));
        Ok(Self {
            directory: String::new(),
            kind,
            id,
            document,
            groups,
        })
    }

    /// Reads a resource of one of these directories from the database, beside a running daemon or
    /// without one.
    pub(super) async fn stored(
        database: &Path,
        directories: &[&str],
        id: &str,
        kind: Option<ResourceKind>,
    ) -> Result<Self> {
        let store = SqliteStore::open_read_only(database)
            .with_context(|| format!("the database {} cannot be read", database.display()))?;
        let kinds = match kind {
            Some(kind) => vec![kind],
            None => vec![ResourceKind::User, ResourceKind::Group],
        };
        let places = directories
            .iter()
            .flat_map(|directory| kinds.iter().map(move |kind| (*directory, *kind)));
        for (directory, kind) in places {
            if let Some(found) = store.resource(directory, kind, id, false).await? {
                let groups = match kind {
                    ResourceKind::User => store.effective_groups(directory, id).await?,
                    ResourceKind::Group => Vec::new(),
                };
                return Ok(Self {
                    directory: directory.to_owned(),
                    kind,
                    id: id.to_owned(),
                    document: serde_json::from_str(&found.document)
                        .context("the stored resource cannot be read")?,
                    groups,
                });
            }
        }
        bail!(
            "there is no resource with id {id:?} in {}; `scim-bridge status` lists them",
            directories.join(", ")
        )
    }

    /// Puts the user into further groups.
    pub(super) fn add_groups(&mut self, names: &[String]) {
        self.groups
            .extend(names.iter().map(|name| group(name, name)));
    }

    /// The SCIM id, if it is known.
    pub(super) fn known_id(&self) -> Option<&str> {
        (self.id != NEW_ID).then_some(self.id.as_str())
    }

    /// The directory has it under this id.
    pub(super) fn recognise(&mut self, id: &str) {
        id.clone_into(&mut self.id);
        self.document
            .insert("id".to_owned(), Value::String(id.to_owned()));
    }

    /// The name by which people know it.
    pub(super) fn name(&self) -> &str {
        ["userName", "displayName"]
            .into_iter()
            .find_map(|attribute| self.document.get(attribute)?.as_str())
            .unwrap_or(&self.id)
    }

    pub(super) fn summary(&self) -> Value {
        json!({
            "kind": self.kind.as_str().to_lowercase(),
            "id": self.id,
            "directory": self.directory,
            "name": self.name(),
            "groups": self.groups.iter().map(|group| &group.display).collect::<Vec<_>>(),
        })
    }
}

/// By its schemas; else a resource that has members or only a displayName is a group.
fn guess_kind(body: &Value) -> ResourceKind {
    let declares = |kind: ResourceKind| {
        body.get("schemas")
            .and_then(Value::as_array)
            .is_some_and(|schemas| schemas.iter().any(|urn| urn == kind.schema_urn()))
    };
    if declares(ResourceKind::User) {
        ResourceKind::User
    } else if declares(ResourceKind::Group) || body.get("members").is_some() {
        ResourceKind::Group
    } else {
        ResourceKind::User
    }
}

/// `groups` is read-only in SCIM; in a plan it says what scope and table may ask for.
fn written_groups(body: &Value) -> Vec<GroupReference> {
    body.get("groups")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|element| {
            let value = element.get("value").and_then(Value::as_str);
            let display = element.get("display").and_then(Value::as_str);
            display
                .or(value)
                .map(|shown| group(value.unwrap_or(shown), shown))
        })
        .collect()
}

fn group(id: &str, display: &str) -> GroupReference {
    GroupReference {
        id: id.to_owned(),
        display: display.to_owned(),
        external_id: None,
        direct: true,
    }
}

#[cfg(test)]
mod tests {
    use super::PlannedResource;
    use crate::scim::ResourceKind;
    use crate::scim::schema::SchemaSet;

    #[test]
    fn a_resource_says_itself_what_it_is() {
        let kind = |text: &str| {
            PlannedResource::parse(text, None, &SchemaSet::core())
                .unwrap()
                .kind
        };
        assert_eq!(kind(r#"{"userName": "jane"}"#), ResourceKind::User);
        assert_eq!(
            kind(r#"{"displayName": "Storage", "members": []}"#),
            ResourceKind::Group
        );
        assert_eq!(
            kind(
                r#"{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "x"}"#
            ),
            ResourceKind::Group
        );
    }

    #[test]
    fn groups_come_from_the_resource_and_the_command_line() {
        let mut resource = PlannedResource::parse(
            r#"{"userName": "jane", "groups": [{"value": "7", "display": "Storage"}]}"#,
            None,
            &SchemaSet::core(),
        )
        .unwrap();
        resource.add_groups(&["Backup".to_owned()]);
        let names: Vec<_> = resource.groups.iter().map(|g| g.display.as_str()).collect();
        assert_eq!(names, ["Storage", "Backup"]);
        assert_eq!(resource.name(), "jane");
    }

    #[test]
    fn what_no_identity_provider_could_send_is_refused() {
        let error = PlannedResource::parse(r#"{"displayName": "Jane"}"#, None, &SchemaSet::core())
            .unwrap_err();
        assert!(error.to_string().contains("userName"), "{error}");
        assert!(PlannedResource::parse("{", None, &SchemaSet::core()).is_err());
    }
}
