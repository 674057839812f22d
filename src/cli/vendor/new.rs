//! `scim-bridge vendor new`: a folder to begin with.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::print_line;
use crate::vendor::{Profile, profile_schema};

/// What the files call the vendor, until they are given a name.
const PLACEHOLDER: &str = "acme";

/// The files of the folder.
const FILES: [(&str, &str); 3] = [
    ("profile.toml", include_str!("skeleton/profile.toml")),
    ("README.md", include_str!("skeleton/README.md")),
    (
        "samples/user.json",
        include_str!("skeleton/samples/user.json"),
    ),
];

/// The schema, beside the profile so that its first line finds it.
const SCHEMA_FILE: &str = "profile.schema.json";

/// Options of `vendor new`.
#[derive(Debug, clap::Args)]
pub(super) struct NewArguments {
    /// The vendor's short name: lower-case letters, digits and hyphens, a letter first.
    #[arg(value_name = "NAME", value_parser = vendor_name)]
    name: String,
    /// Where the folder is made; `profiles_dir` of the configuration names the same.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

/// Writes the folder; nothing that exists is overwritten.
pub(super) fn run(arguments: &NewArguments) -> Result<ExitCode> {
    let folder = arguments.dir.join(&arguments.name);
    make(&folder, &arguments.name)?;
    let shown = folder.display();
    let mut lines: Vec<String> = FILES
        .iter()
        .map(|(file, _)| *file)
        .chain([SCHEMA_FILE])
        .map(|file| format!("wrote {}", folder.join(file).display()))
        .collect();
    lines.push(String::new());
    lines.push(format!(
        "Read {shown}/profile.toml from the top, and after each change run"
    ));
    lines.push(format!("  scim-bridge vendor check {shown}"));
    lines.push(format!(
        "Configurations use it with profiles_dir = \"{}\" and vendor = \"{}\".",
        arguments.dir.display(),
        arguments.name
    ));
    if Profile::builtin(&arguments.name).is_some() {
        lines.push(format!(
            "There is a built-in profile {}, too: where both are, yours wins.",
            arguments.name
        ));
    }
    print_line(&lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn make(folder: &Path, name: &str) -> Result<()> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("{} cannot be made", parent.display()))?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(
            "{} exists already, and nothing is overwritten; choose another name or --dir",
            folder.display()
        ),
        made => made.with_context(|| format!("{} cannot be made", folder.display()))?,
    }
    let named = FILES.map(|(file, text)| (file, text.replace(PLACEHOLDER, name)));
    let schema = format!("{:#}\n", profile_schema());
    for (file, text) in named.into_iter().chain([(SCHEMA_FILE, schema)]) {
        let path = folder.join(file);
        write(&path, &text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?
        .write_all(text.as_bytes())
}

/// A name that is a folder, a word in logs and a label of metrics.
fn vendor_name(text: &str) -> Result<String, String> {
    let begins_well = text.starts_with(|first: char| first.is_ascii_lowercase());
    let fits = text
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if begins_well && fits && !text.ends_with('-') {
        Ok(text.to_owned())
    } else {
        Err("use lower-case letters, digits and hyphens, a letter first: acme-os".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::vendor_name;

    #[test]
    fn names_are_folders() {
        assert_eq!(vendor_name("acme-os5"), Ok("acme-os5".to_owned()));
        for wrong in ["", "Acme", "5acme", "acme-", "../acme", "a b", "ac/me"] {
            assert!(vendor_name(wrong).is_err(), "{wrong}");
        }
    }
}
