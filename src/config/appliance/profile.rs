//! Which vendor profile an appliance speaks by: built in, or from the operator's own folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::{Table, Value};

use crate::config::errors::{ConfigError, Findings, closest, listing};
use crate::config::file;
use crate::config::places::{KeyPath, Place};
use crate::scim::schema::SchemaSet;
use crate::vendor::{PinError, Profile, ProfileError};

/// The file of a vendor's folder that holds the profile.
const PROFILE_FILE: &str = "profile.toml";

/// Every profile that an appliance can name.
#[derive(Debug, Clone)]
pub struct Profiles {
    /// A folder that adds to the built-in profiles and wins over them.
    folder: Option<PathBuf>,
    names: Vec<String>,
}

/// A profile's text and where it came from.
#[derive(Debug, Clone)]
pub struct ProfileSource {
    /// The file, or `built-in profile NAME`.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// A profile's file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read ({error})", file.display())]
pub struct UnreadableProfile {
    /// The file.
    pub file: PathBuf,
    /// Why not.
    #[source]
    pub error: std::io::Error,
}

impl Profiles {
    /// The built-in profiles only.
    pub fn builtin() -> Self {
        Self::find(None, &mut Findings::default())
    }

    /// The vendors that there are profiles for, in the order of the alphabet.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The profile of that vendor: the operator's own, else the built-in one.
    ///
    /// # Errors
    ///
    /// The operator's own cannot be read.
    pub fn source(&self, vendor: &str) -> Result<Option<ProfileSource>, UnreadableProfile> {
        Ok(self.own(vendor)?.or_else(|| {
            Profile::builtin(vendor).map(|text| ProfileSource {
                name: format!("built-in profile {vendor}"),
                text: text.to_owned(),
            })
        }))
    }

    /// Looks which profiles there are.
    pub(in crate::config) fn find(folder: Option<PathBuf>, findings: &mut Findings) -> Self {
        let mut names: Vec<String> = Profile::builtin_names()
            .iter()
            .map(|name| (*name).to_owned())
            .collect();
        if let Some(folder) = &folder {
            match names_in(folder) {
                Ok(found) => names.extend(found),
                Err(error) => findings.error(
                    &KeyPath::new("profiles_dir"),
                    format!("{} cannot be read ({error})", folder.display()),
                    "correct the path, or take profiles_dir out to use the built-in profiles",
                ),
            }
        }
        names.sort();
        names.dedup();
        Self { folder, names }
    }

    /// Compiles an appliance's profile with its own rows.
    pub(super) fn compile(
        &self,
        appliance: &file::Appliance,
        schemas: &Arc<SchemaSet>,
        path: &KeyPath,
        findings: &mut Findings,
    ) -> Option<Profile> {
        let source = self.source_of(appliance.vendor.as_deref(), &path.key("vendor"), findings)?;
        let overrides = overrides(appliance);
        match Profile::compile_for(&source.name, &source.text, &overrides, schemas) {
            Ok(profile) => pinned(profile, appliance, path, findings),
            Err(errors) => {
                for error in errors.0 {
                    report(error, &overrides, path, findings);
                }
                None
            }
        }
    }

    fn source_of(
        &self,
        vendor: Option<&str>,
        key: &KeyPath,
        findings: &mut Findings,
    ) -> Option<ProfileSource> {
        let known = || listing(self.names.iter().map(String::as_str));
        let Some(vendor) = vendor else {
            findings.error(
                key,
                "the appliance has no vendor",
                format!("name its vendor profile; there are {}", known()),
            );
            return None;
        };
        if !self.names.iter().any(|name| name == vendor) {
            let remedy = match closest(vendor, self.names.iter().map(String::as_str)) {
                Some(meant) => format!("did you mean {meant:?}? There are {}", known()),
                None => format!("there are {}; profiles_dir can add others", known()),
            };
            findings.error(
                key,
                format!("there is no vendor profile {vendor:?}"),
                remedy,
            );
            return None;
        }
        self.source(vendor).unwrap_or_else(|error| {
            findings.error(
                key,
                error.to_string(),
                "let the daemon's user read the file",
            );
            None
        })
    }

    /// The operator's own profile of that name.
    fn own(&self, vendor: &str) -> Result<Option<ProfileSource>, UnreadableProfile> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let file = folder.join(vendor).join(PROFILE_FILE);
        if !file.exists() {
            return Ok(None);
        }
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Some(ProfileSource {
                name: file.display().to_string(),
                text,
            })),
            Err(error) => Err(UnreadableProfile { file, error }),
        }
    }
}

/// The profile as far as the administrator says which variant or release the appliance is.
fn pinned(
    profile: Profile,
    appliance: &file::Appliance,
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<Profile> {
    let (variant, version) = (appliance.variant.as_deref(), appliance.version.as_deref());
    match profile.pinned(variant, version) {
        Ok(profile) => Some(profile),
        Err(error) => {
            let key = match error {
                PinError::NoNumber { .. } | PinError::NoneFits { .. } => "version",
                PinError::NoVariants { .. } if variant.is_none() => "version",
                PinError::NoVariants { .. } | PinError::Unknown { .. } => "variant",
            };
            findings.error(
                &path.key(key),
                error.to_string(),
                "correct it, or take it out to have the appliance asked",
            );
            None
        }
    }
}

/// The vendors that a folder has profiles for.
fn names_in(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().join(PROFILE_FILE).is_file()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    Ok(names)
}

/// The appliance's own rows, in the shape of a profile.
pub(super) fn overrides(appliance: &file::Appliance) -> Table {
    let mut table = Table::new();
    if let Some(user) = &appliance.user {
        let mut section = Table::new();
        insert(&mut section, "fields", &user.fields);
        insert(&mut section, "collection", &user.collection);
        table.insert("user".to_owned(), Value::Table(section));
    }
    if let Some(group) = &appliance.group {
        let mut section = Table::new();
        insert(&mut section, "fields", &group.fields);
        table.insert("group".to_owned(), Value::Table(section));
    }
    table
}

fn insert(section: &mut Table, kind: &str, named: &BTreeMap<String, Table>) {
    if named.is_empty() {
        return;
    }
    let tables: Table = named
        .iter()
        .map(|(name, table)| (name.clone(), Value::Table(table.clone())))
        .collect();
    section.insert(kind.to_owned(), Value::Table(tables));
}

/// An error in a row of the configuration is the configuration's; others are the profile's.
fn report(error: ProfileError, overrides: &Table, path: &KeyPath, findings: &mut Findings) {
    if is_own(&error.key, overrides) {
        let key = error
            .key
            .split('.')
            .fold(path.clone(), |path, part| path.key(part));
        findings.error(&key, error.problem, error.remedy);
    } else {
        findings.push(ConfigError {
            place: Place::File {
                name: error.source,
                line: error.line,
            },
            key: error.key,
            problem: error.problem,
            remedy: error.remedy,
        });
    }
}

/// Whether the appliance itself wrote a key such as `user.fields.login.pattern`; an error in a row
/// as a whole is laid to whoever wrote to the row last.
fn is_own(key: &str, overrides: &Table) -> bool {
    let mut parts = key.split('.');
    let row = (|| {
        overrides
            .get(parts.next()?)?
            .get(parts.next()?)?
            .get(parts.next()?)
    })();
    match (row, parts.next()) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(row), Some(part)) => row.get(part).is_some(),
    }
}
