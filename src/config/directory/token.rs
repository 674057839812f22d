//! `[[directory.*.token]]`: the tokens of identity providers.

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::config::errors::Findings;
use crate::config::file;
use crate::config::places::KeyPath;
use crate::config::secrets::{Files, sha256};
use crate::directory::{DirectorySettings, TokenSettings};

/// Tokens are hashed without salt or delay, so they must be too long to be guessed.
const SHORTEST_TOKEN: usize = 24;

/// The tokens of a directory; `others` are the directories whose tokens are known.
pub(super) fn tokens(
    tokens: &[file::Token],
    others: &[DirectorySettings],
    list: &KeyPath,
    files: &Files,
    findings: &mut Findings,
) -> Vec<TokenSettings> {
    if tokens.is_empty() {
        findings.error(
            list,
            "no identity provider could log in: there is no token",
            "run `scim-bridge token new` and put the lines that it prints into the configuration",
        );
    }
    let mut settings: Vec<TokenSettings> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let path = list.item(index);
        let name = token_name(token, &path, findings);
        if settings.iter().any(|other| other.name == name) {
            findings.error(
                &path.key("name"),
                format!("another token is called {name:?} too"),
                "give every token its own name: it is what the audit trail shows",
            );
        }
        let Some(sha256) = digest(token, &path, files, findings) else {
            continue;
        };
        if let Some(other) = settings.iter().find(|other| other.sha256 == sha256) {
            findings.error(
                &path,
                format!("this is the same token as {:?}", other.name),
                "make one for each client with `scim-bridge token new`",
            );
        }
        not_of_another_directory(&sha256, others, &path, findings);
        settings.push(TokenSettings { name, sha256 });
    }
    settings
}

/// A token that leaks must not open a second directory.
fn not_of_another_directory(
    sha256: &[u8; 32],
    others: &[DirectorySettings],
    path: &KeyPath,
    findings: &mut Findings,
) {
    let known = others.iter().find_map(|directory| {
        let mut tokens = directory.tokens.iter();
        let same = tokens.find(|token| token.sha256 == *sha256)?;
        Some((&directory.name, &same.name))
    });
    if let Some((directory, token)) = known {
        findings.error(
            path,
            format!("this is the same token as {token:?} of the directory {directory:?}"),
            "make one for each directory with `scim-bridge token new`",
        );
    }
}

fn token_name(token: &file::Token, path: &KeyPath, findings: &mut Findings) -> String {
    let name = token.name.clone().unwrap_or_default();
    if name.trim().is_empty() {
        findings.error(
            &path.key("name"),
            "the token has no name",
            "name it after the client that uses it, for example name = \"okta\"",
        );
    }
    name
}

fn digest(
    token: &file::Token,
    path: &KeyPath,
    files: &Files,
    findings: &mut Findings,
) -> Option<[u8; 32]> {
    match (&token.sha256, &token.sha256_file, &token.token_file) {
        (Some(text), None, None) => written_digest(text, &path.key("sha256"), findings),
        (None, Some(file), None) => {
            let key = path.key("sha256_file");
            let text = files.text(file, &key, findings)?;
            written_digest(&text, &key, findings)
        }
        (None, None, Some(file)) => {
            let key = path.key("token_file");
            let token = files.secret(file, &key, findings)?;
            token_digest(&token, &key, findings)
        }
        (None, None, None) => {
            findings.error(
                &path.key("sha256"),
                "the token itself is missing",
                "set sha256, sha256_file or token_file; `scim-bridge token new` makes one",
            );
            None
        }
        _ => {
            findings.error(
                path,
                "more than one of sha256, sha256_file and token_file is set",
                "keep one of them",
            );
            None
        }
    }
}

fn written_digest(text: &str, key: &KeyPath, findings: &mut Findings) -> Option<[u8; 32]> {
    let digest = sha256(text);
    if digest.is_none() {
        findings.error(
            key,
            "this is no SHA-256 in hexadecimal digits",
            "copy the 64 digits that `scim-bridge token new` prints",
        );
    }
    digest
}

fn token_digest(token: &SecretString, key: &KeyPath, findings: &mut Findings) -> Option<[u8; 32]> {
    let token = token.expose_secret();
    if token.len() < SHORTEST_TOKEN {
        findings.error(
            key,
            format!("the token has less than {SHORTEST_TOKEN} characters and could be guessed"),
            "make one with `scim-bridge token new`",
        );
        return None;
    }
    Some(Sha256::digest(token.as_bytes()).into())
}
