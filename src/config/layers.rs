//! Defaults, then the file, then the environment; each layer wins over those before it.

use config::{Config, ConfigError, File, FileFormat};
use toml::{Table, Value};

use super::directory::DEFAULT_DIRECTORY;
use super::environment::Override;

/// The lowest layer, and the reference for operators: `config/scim-bridge.toml`.
pub(super) const DEFAULTS: &str = include_str!("../../config/scim-bridge.toml");

/// Keys of which one is enough: an appliance that sets one takes none of the others from
/// `[appliance_defaults]`.
const ALTERNATIVES: [(&[&str], &[&str]); 4] = [
    (&["directory", "directories"], &["directory", "directories"]),
    (
        &["password", "password_file"],
        &["password", "password_file", "token", "token_file"],
    ),
    (
        &["token", "token_file"],
        &[
            "token",
            "token_file",
            "username",
            "password",
            "password_file",
        ],
    ),
    (
        &["ca_file", "certificate_sha256", "insecure_tls"],
        &["ca_file", "certificate_sha256", "insecure_tls"],
    ),
];

/// Lays the layers over each other.
pub(super) fn merge(file: &Table, overrides: Vec<Override>) -> Result<Table, ConfigError> {
    let written = toml::to_string(file).map_err(|error| ConfigError::Message(error.to_string()))?;
    let mut layers = Config::builder()
        .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
        .add_source(File::from_str(&written, FileFormat::Toml));
    for Override { path, value } in overrides {
        layers = layers.set_override(path.to_string(), plain(value))?;
    }
    let mut merged: Table = layers.build()?.try_deserialize()?;
    spread_appliance_defaults(&mut merged);
    spread_directory_defaults(&mut merged)?;
    Ok(merged)
}

/// The `config` crate has its own values.
fn plain(value: Value) -> config::Value {
    let kind = match value {
        Value::String(text) => config::ValueKind::String(text),
        Value::Integer(number) => config::ValueKind::I64(number),
        Value::Boolean(flag) => config::ValueKind::Boolean(flag),
        Value::Array(items) => config::ValueKind::Array(items.into_iter().map(plain).collect()),
        Value::Float(number) => config::ValueKind::Float(number),
        Value::Datetime(time) => config::ValueKind::String(time.to_string()),
        Value::Table(table) => config::ValueKind::Table(
            table
                .into_iter()
                .map(|(key, value)| (key, plain(value)))
                .collect(),
        ),
    };
    config::Value::new(None, kind)
}

/// Gives every appliance what it does not say itself.
fn spread_appliance_defaults(merged: &mut Table) {
    let defaults = match merged.get("appliance_defaults") {
        Some(Value::Table(defaults)) => defaults.clone(),
        _ => return,
    };
    let Some(Value::Array(appliances)) = merged.get_mut("appliance") else {
        return;
    };
    for appliance in appliances.iter_mut().filter_map(Value::as_table_mut) {
        let mut defaults = defaults.clone();
        for (chosen, replaced) in ALTERNATIVES {
            if chosen.iter().any(|key| appliance.contains_key(*key)) {
                defaults.retain(|key, _| !replaced.contains(&key));
            }
        }
        fill(appliance, defaults);
    }
}

/// Gives every directory what it does not say itself: the defaults of `default`, not what the
/// operator has made of them there.
fn spread_directory_defaults(merged: &mut Table) -> Result<(), ConfigError> {
    let defaults: Table =
        toml::from_str(DEFAULTS).map_err(|error| ConfigError::Message(error.to_string()))?;
    let default = defaults
        .get("directory")
        .and_then(|directories| directories.get(DEFAULT_DIRECTORY))
        .and_then(Value::as_table);
    let directories = merged.get_mut("directory").and_then(Value::as_table_mut);
    if let (Some(default), Some(directories)) = (default, directories) {
        for (_, directory) in directories.iter_mut() {
            if let Some(directory) = directory.as_table_mut() {
                fill(directory, default.clone());
            }
        }
    }
    Ok(())
}

/// Adds what is missing, within sections too.
fn fill(table: &mut Table, defaults: Table) {
    for (key, default) in defaults {
        match (table.get_mut(&key), default) {
            (None, default) => {
                table.insert(key, default);
            }
            (Some(Value::Table(inner)), Value::Table(defaults)) => fill(inner, defaults),
            (Some(_), _) => {}
        }
    }
}
