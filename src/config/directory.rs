//! `[directory.*]` and the tokens of identity providers.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::errors::Findings;
use super::file;
use super::places::KeyPath;
use super::schema::schemas;
use super::secrets::{Files, sha256};
use super::tolerances::tolerances;
use crate::directory::{DirectorySettings, TokenSettings};

/// The one directory that this release serves.
pub const DEFAULT_DIRECTORY: &str = "default";

/// Tokens are hashed without salt or delay, so they must be too long to be guessed.
const SHORTEST_TOKEN: usize = 24;

/// Every directory.
pub(super) fn directories(
    directories: &BTreeMap<String, file::Directory>,
    files: &Files,
    findings: &mut Findings,
) -> Vec<DirectorySettings> {
    directories
        .iter()
        .map(|(name, directory)| {
            let section = KeyPath::new("directory").key(name);
            DirectorySettings {
                name: name.clone(),
                tokens: tokens(&directory.token, &section.key("token"), files, findings),
                unique_group_names: directory.unique_group_names,
                patch_no_content: directory.patch_answer == file::PatchAnswer::NoContent,
                match_parked_by_user_name: directory.match_parked_by_user_name,
                accept_unknown_members: directory.unknown_member_on_create
                    == file::UnknownMember::Accept,
                tolerances: tolerances(directory, &section, findings),
                schemas: schemas(&directory.schema, &section.key("schema"), findings),
            }
        })
        .collect()
}

fn tokens(
    tokens: &[file::Token],
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
        settings.push(TokenSettings { name, sha256 });
    }
    settings
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
