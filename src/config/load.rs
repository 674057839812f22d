//! From file and environment to settings, or to everything that is wrong with them.

use std::path::Path;

use toml::Table;
use toml::de::DeTable;

use super::appliance::{Profiles, appliances};
use super::check::check_table;
use super::delivery::delivery;
use super::directory::{assignables_reach_a_table, directories};
use super::errors::{ConfigError, ConfigErrors, Findings};
use super::file::ConfigurationFile;
use super::introspect::Shape;
use super::places::{KeyPath, Place, line_at};
use super::secrets::{Files, warn_if_others_read};
use super::{Config, ConfiguredAppliance, environment, layers, listeners};
use crate::directory::DirectorySettings;

/// Reads the configuration: the built-in defaults, then the file at `path` if one is given, then
/// environment variables that begin with `SCIM_BRIDGE_`.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load(
    path: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigErrors> {
    let text = match path {
        Some(path) => read(path)?,
        None => String::new(),
    };
    let name = path.map(|path| path.display().to_string());
    let base = path.and_then(Path::parent).unwrap_or(Path::new(""));
    let mut findings = Findings::default();
    let loaded = parse(name.as_deref(), &text, base, environment, &mut findings);
    if let Some(path) = path
        && let Some(key) = loaded
            .as_ref()
            .and_then(|loaded| loaded.inline_secret.as_ref())
    {
        warn_if_others_read(path, key, &mut findings);
    }
    let warnings = findings.into_result()?;
    match loaded {
        Some(loaded) => Ok(Config {
            warnings,
            ..loaded.config
        }),
        // Nothing was loaded, so something was found; an empty list says at least that.
        None => Err(ConfigErrors { errors: Vec::new() }),
    }
}

/// A configuration, and whether the file itself holds a secret.
struct Loaded {
    config: Config,
    inline_secret: Option<KeyPath>,
}

fn parse(
    name: Option<&str>,
    text: &str,
    base: &Path,
    variables: impl Iterator<Item = (String, String)>,
    findings: &mut Findings,
) -> Option<Loaded> {
    if let Some(name) = name {
        findings.places.file(name);
    }
    let shape = Shape::of::<ConfigurationFile>()
        .map_err(|error| internal(findings, &error))
        .ok()?;
    let mut table = syntax(text, findings)?;
    check_table(&shape, &mut table, &KeyPath::default(), findings);
    no_identity_in_defaults(&mut table, findings);
    let overrides = environment::read(variables, &shape, &table, findings);
    let file: ConfigurationFile = layers::merge(&table, overrides)
        .map_err(|error| internal(findings, &error))
        .ok()?
        .try_into()
        .map_err(|error| internal(findings, &error))
        .ok()?;
    Some(Loaded {
        config: assemble(&file, &Files::relative_to(base), findings),
        inline_secret: inline_secret(&table),
    })
}

/// Makes each floor's settings.
fn assemble(file: &ConfigurationFile, files: &Files, findings: &mut Findings) -> Config {
    let scim = listeners::scim(&file.scim, files, findings);
    let ops = listeners::ops(&file.ops, &scim, findings);
    let store = listeners::store(&file.store, files, findings);
    let scan = listeners::scan(&file.scan, &store, findings);
    let log = listeners::log(&file.log, findings);
    let delivery = delivery(&file.delivery, findings);
    let directories = directories(&file.directory, files, findings);
    let folder = file.profiles_dir.as_ref().map(|folder| files.path(folder));
    let profiles = Profiles::find(folder, findings);
    let appliances = appliances(
        &file.appliance,
        delivery.lease,
        &profiles,
        &directories,
        files,
        findings,
    );
    if file.appliance.is_empty() {
        findings.warning(
            &KeyPath::new("appliance"),
            "no appliance is configured: the directory is kept, and nothing follows it",
        );
    } else if appliances.len() == file.appliance.len() {
        directories_are_served(&directories, &appliances, findings);
        assignables_reach_a_table(&directories, &appliances, findings);
    }
    let sealing_key_file = match &file.passwords.sealing_key_file {
        Some(path) => files.path(path),
        None => {
            let mut beside = store.path.clone().into_os_string();
            beside.push(".sealing-key");
            beside.into()
        }
    };
    Config {
        scim,
        scan,
        ops,
        store,
        log,
        delivery,
        directories,
        appliances,
        profiles,
        sealing_key_file,
        warnings: Vec::new(),
    }
}

fn read(path: &Path) -> Result<String, ConfigErrors> {
    std::fs::read_to_string(path).map_err(|error| ConfigErrors {
        errors: vec![ConfigError {
            place: Place::File {
                name: path.display().to_string(),
                line: None,
            },
            key: String::new(),
            problem: format!("the file cannot be read ({error})"),
            remedy: "correct the path, or let the daemon's user read the file".to_owned(),
        }],
    })
}

/// Parses the text, noting where each key stands. The line that is wrong is never repeated: it
/// might hold a secret.
fn syntax(text: &str, findings: &mut Findings) -> Option<Table> {
    let (table, errors) = DeTable::parse_recoverable(text);
    findings.places.keys(text, table.get_ref());
    for error in &errors {
        let line = error.span().map(|span| line_at(text, span.start));
        findings.push(ConfigError {
            place: findings.places.in_file(line),
            key: String::new(),
            problem: format!("this is not TOML: {}", error.message()),
            remedy: "correct the syntax; strings stand in quotes, sections in brackets".to_owned(),
        });
    }
    if errors.is_empty() {
        toml::from_str(text)
            .map_err(|error| internal(findings, &error))
            .ok()
    } else {
        None
    }
}

/// What makes an appliance itself cannot be a default for all.
fn no_identity_in_defaults(table: &mut Table, findings: &mut Findings) {
    let Some(defaults) = table
        .get_mut("appliance_defaults")
        .and_then(toml::Value::as_table_mut)
    else {
        return;
    };
    for key in ["name", "url"] {
        if defaults.remove(key).is_some() {
            findings.error(
                &KeyPath::new("appliance_defaults").key(key),
                "appliances cannot share this",
                "set it in each [[appliance]]",
            );
        }
    }
}

/// Warns of directories that nothing follows.
fn directories_are_served(
    directories: &[DirectorySettings],
    appliances: &[ConfiguredAppliance],
    findings: &mut Findings,
) {
    for directory in directories {
        let name = &directory.name;
        let mut policies = appliances.iter().map(|appliance| &appliance.policy);
        if !policies.any(|policy| policy.serves(name)) {
            findings.warning(
                &KeyPath::new("directory").key(name),
                format!(
                    "no appliance serves this directory: it is kept, and nothing follows it; set \
                     directory = {name:?} or directories = [...] in an [[appliance]]"
                ),
            );
        }
    }
}

/// The first key of the file that holds a secret as it is.
fn inline_secret(table: &Table) -> Option<KeyPath> {
    let holds = |section: &Table| {
        ["password", "token"]
            .into_iter()
            .find(|key| section.contains_key(*key))
    };
    if let Some(defaults) = table
        .get("appliance_defaults")
        .and_then(|value| value.as_table())
        && let Some(key) = holds(defaults)
    {
        return Some(KeyPath::new("appliance_defaults").key(key));
    }
    let appliances = table.get("appliance")?.as_array()?;
    appliances
        .iter()
        .enumerate()
        .find_map(|(index, appliance)| {
            let key = holds(appliance.as_table()?)?;
            Some(KeyPath::new("appliance").item(index).key(key))
        })
}

/// An error that the checks before should have found. Its text may quote a value, which could be
/// a secret, so it is not shown.
fn internal(findings: &mut Findings, _error: &dyn std::error::Error) {
    findings.push(ConfigError {
        place: findings.places.in_file(None),
        key: String::new(),
        problem: "the configuration cannot be read as a whole".to_owned(),
        remedy: "compare it with the commented reference config/scim-bridge.toml".to_owned(),
    });
}
