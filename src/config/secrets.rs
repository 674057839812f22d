//! Secrets, given as they are or in a file of their own.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::errors::Findings;
use super::places::KeyPath;

/// Finds files that the configuration names: relative ones beside the configuration file.
#[derive(Debug)]
pub(super) struct Files {
    base: PathBuf,
}

impl Files {
    /// Paths will be relative to this folder.
    pub(super) fn relative_to(base: &Path) -> Self {
        Self {
            base: base.to_owned(),
        }
    }

    /// The whole path.
    pub(super) fn path(&self, written: &str) -> PathBuf {
        self.base.join(written)
    }

    /// Reads a file that holds no secret.
    pub(super) fn text(
        &self,
        written: &str,
        key: &KeyPath,
        findings: &mut Findings,
    ) -> Option<String> {
        let path = self.path(written);
        std::fs::read_to_string(&path)
            .map_err(|error| {
                findings.error(
                    key,
                    format!("{} cannot be read ({error})", path.display()),
                    "correct the path, or let the daemon's user read the file",
                );
            })
            .ok()
    }

    /// Reads a file that holds a secret, without the line end behind it, and warns if others can
    /// read it too.
    pub(super) fn secret(
        &self,
        written: &str,
        key: &KeyPath,
        findings: &mut Findings,
    ) -> Option<SecretString> {
        let text = self.text(written, key, findings)?;
        warn_if_others_read(&self.path(written), key, findings);
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            findings.error(
                key,
                format!("{} is empty", self.path(written).display()),
                "write the secret into it",
            );
            return None;
        }
        Some(SecretString::from(secret))
    }

    /// A secret from `key`, or from the file named by `key` + `_file`; `None` if neither is set, or
    /// if something is wrong with them.
    pub(super) fn secret_of(
        &self,
        section: &KeyPath,
        key: &str,
        plain: Option<&SecretString>,
        file: Option<&str>,
        findings: &mut Findings,
    ) -> Option<SecretString> {
        let file_path = section.key(&format!("{key}_file"));
        match (plain, file) {
            (Some(_), Some(_)) => {
                findings.error(
                    &file_path,
                    format!("`{key}` and `{key}_file` are both set"),
                    "keep one of them",
                );
                None
            }
            (Some(secret), None) => Some(secret.clone()),
            (None, Some(file)) => self.secret(file, &file_path, findings),
            (None, None) => None,
        }
    }
}

/// Warns about a secret that others than the file's owner can read.
pub(super) fn warn_if_others_read(path: &Path, key: &KeyPath, findings: &mut Findings) {
    if others_read(path) {
        let path = path.display();
        findings.warning(
            key,
            format!("{path} holds a secret and others can read it; run `chmod 600 {path}`"),
        );
    }
}

#[cfg(unix)]
fn others_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
fn others_read(_path: &Path) -> bool {
    false
}

/// Reads the 64 hexadecimal digits of a SHA-256; colons between the bytes are fine.
pub(super) fn sha256(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u32> = text
        .trim()
        .chars()
        .filter(|character| *character != ':')
        .map(|character| character.to_digit(16))
        .collect::<Option<_>>()?;
    if digits.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair.iter().fold(0_u8, |byte, digit| {
            byte << 4 | u8::try_from(*digit).unwrap_or_default()
        });
    }
    Some(digest)
}
