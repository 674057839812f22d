//! Which profiles are to be checked.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::vendor::Profile;

/// The file of a vendor's folder that holds the profile.
const PROFILE_FILE: &str = "profile.toml";

/// A profile's text.
pub(super) struct Source {
    /// The file, or what else it came from.
    pub(super) name: String,
    pub(super) text: String,
    /// The samples beside it.
    pub(super) samples: Vec<Sample>,
}

/// A vendor's answer that lies beside a profile.
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) text: String,
}

/// The profiles that are compiled in.
pub(super) fn builtin() -> Vec<Source> {
    Profile::builtin_names()
        .iter()
        .filter_map(|name| {
            Some(Source {
                name: format!("built-in profile {name}"),
                text: Profile::builtin(name)?.to_owned(),
                samples: Vec::new(),
            })
        })
        .collect()
}

/// The profiles that these paths lead to.
///
/// # Errors
/// A path leads to none, or cannot be read.
pub(super) fn at(paths: &[PathBuf]) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in paths {
        let files = files_at(path)?;
        if files.is_empty() {
            bail!(
                "there is no profile in {}; name a {PROFILE_FILE}, a vendor's folder or a folder of those",
                path.display()
            );
        }
        for file in files {
            sources.push(read(&file)?);
        }
    }
    Ok(sources)
}

fn read(file: &Path) -> Result<Source> {
    Ok(Source {
        name: file.display().to_string(),
        text: text_of(file)?,
        samples: samples_beside(file)?,
    })
}

fn text_of(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// A file is itself. A folder is its `profile.toml`, else those of its folders, else every TOML
/// file in it.
fn files_at(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let own = path.join(PROFILE_FILE);
    if own.is_file() {
        return Ok(vec![own]);
    }
    let entries = sorted_entries(path)?;
    let vendors: Vec<PathBuf> = entries
        .iter()
        .map(|entry| entry.join(PROFILE_FILE))
        .filter(|file| file.is_file())
        .collect();
    if !vendors.is_empty() {
        return Ok(vendors);
    }
    let is_toml = |file: &PathBuf| {
        file.extension()
            .is_some_and(|extension| extension == "toml")
    };
    Ok(entries.into_iter().filter(is_toml).collect())
}

fn samples_beside(file: &Path) -> Result<Vec<Sample>> {
    let folder = file.with_file_name("samples");
    if file.file_name().is_none_or(|name| name != PROFILE_FILE) || !folder.is_dir() {
        return Ok(Vec::new());
    }
    let is_json = |file: &PathBuf| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    };
    sorted_entries(&folder)?
        .into_iter()
        .filter(is_json)
        .map(|file| {
            Ok(Sample {
                name: file.display().to_string(),
                text: text_of(&file)?,
            })
        })
        .collect()
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    entries.sort();
    Ok(entries)
}
