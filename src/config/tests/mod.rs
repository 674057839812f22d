//! The configuration as an operator meets it: a folder with a file, and an environment.

mod broken;
mod defaults;
mod directories;
mod environment;
mod rules;
mod schemas;
mod secrets;
mod strict;

use std::path::Path;

use tempfile::TempDir;

use super::{Config, load};

/// The digest of some token.
const TOKEN: &str = "[[directory.default.token]]\nname = \"okta\"\n\
    sha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\n";

/// An appliance without anything special.
const APPLIANCE: &str = "[[appliance]]\nname = \"nas-1\"\nvendor = \"truenas\"\n\
    url = \"https://nas-1.example.com\"\nusername = \"bridge\"\npassword = \"correct horse\"\n";

/// A folder that holds a configuration.
struct Folder {
    folder: TempDir,
}

impl Folder {
    /// With this configuration file.
    fn with(configuration: &str) -> Self {
        let folder = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        folder.write("scim-bridge.toml", configuration);
        folder
    }

    /// Writes a file that only its owner can read.
    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn load(&self) -> Result<Config, String> {
        self.load_in(&[])
    }

    /// Loads it with these environment variables; the folder is left out of messages.
    fn load_in(&self, variables: &[(&str, &str)]) -> Result<Config, String> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        load(Some(&self.path().join("scim-bridge.toml")), variables).map_err(|errors| {
            errors
                .to_string()
                .replace(&format!("{}/", self.path().display()), "")
        })
    }
}

/// The configuration of this text.
fn config(text: &str) -> Config {
    Folder::with(text)
        .load()
        .unwrap_or_else(|errors| panic!("{errors}"))
}

/// What is wrong with this text, one message a line.
fn errors(text: &str) -> Vec<String> {
    let errors = Folder::with(text).load().map(drop).unwrap_err();
    errors
        .lines()
        .skip(1)
        .map(|line| line.trim().to_owned())
        .collect()
}

/// The only thing that is wrong with this text.
fn error(text: &str) -> String {
    let mut errors = errors(text);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors.remove(0)
}
